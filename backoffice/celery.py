"""Celery is the arm, PostgreSQL the memory: what is due stands in tables, a message only says «look there».

The figures are measured (docs/decisions): a task longer than the visibility timeout runs twice, so the time limits stay
below it; with late acknowledgement alone a killed child loses its task, so a lost worker rejects it; the default sweep finds
a dead worker's task after 100 s, ours after 5 s.
"""

import os
import time
from functools import partial
from typing import Any

import structlog
from celery import Celery
from celery.app.task import Task
from django.db import connection, transaction
from kombu import Queue
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings")
log = structlog.get_logger(__name__)

VISIBILITY_SECONDS = 600
LONG_WORK_SECONDS = 570  # the longest a task may take; must stay below the visibility timeout
TICK_SECONDS = 30
MESSAGE_SECONDS = 2 * TICK_SECONDS  # the tick asks again for whatever is not begun: an older message says nothing new
SHORT, LONG = (
    "celery",
    "long",
)  # what people ask for may take minutes and has workers of its own: the clock never waits behind it
AWAY_SECONDS = 5.0  # after a failure nobody tries the queue again for so long
_away_until = 0.0

app = Celery("backoffice")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    result_serializer="json",
    event_serializer="json",
    task_ignore_result=True,
    task_queues=(Queue(SHORT), Queue(LONG)),
    task_default_queue=SHORT,
    task_routes={f"backoffice.jobs.tasks.{name}": {"queue": LONG} for name in ("run_work", "canary_of_long_work")},
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=300,
    task_soft_time_limit=270,
    task_publish_retry=False,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=200,
    worker_soft_shutdown_timeout=30.0,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": VISIBILITY_SECONDS,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "max_retries": 0,  # whoever sends does not wait for a queue that is away: measured 8 s without this
        "socket_keepalive": True,
        "health_check_interval": 25,
    },
    # Beat remembers nothing and has one entry: a schedule kept in beat's own file is skipped or doubled when that file is lost.
    beat_scheduler="celery.beat:Scheduler",
    beat_max_loop_interval=5,
    beat_schedule={
        "tick": {"task": "backoffice.jobs.tasks.tick", "schedule": TICK_SECONDS, "options": {"expires": TICK_SECONDS}},
    },
    timezone="UTC",
    enable_utc=True,
)
app.autodiscover_tasks()


def wake(task: Task | str, *args: Any) -> None:
    """Start `task` (or the task of that name) once this transaction is committed; its arguments are ids.

    When Redis is away nothing is lost and nobody sees an error: the row that waits is found by the next tick.
    The same message is sent once a transaction, unless the savepoint that asked for it is rolled back.
    """
    send = partial(_send, task if isinstance(task, str) else task.name, args)
    here = set(connection.savepoint_ids)
    for entry in connection.run_on_commit:
        savepoints, waiting = entry[0], entry[1]
        if isinstance(waiting, partial) and waiting.func is _send and waiting.args == send.args and savepoints <= here:
            return
    transaction.on_commit(send, robust=True)


def _send(name: str, args: tuple[Any, ...]) -> None:
    global _away_until
    if time.monotonic() < _away_until:
        return
    try:
        app.send_task(name, args, expires=MESSAGE_SECONDS)
    except (OperationalError, RedisError) as error:  # away, or full
        _away_until = time.monotonic() + AWAY_SECONDS
        log.warning("queue_unreachable", task=name, error=str(error))
