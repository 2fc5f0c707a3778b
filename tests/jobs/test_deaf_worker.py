"""«The process is up» proves nothing: what the status page says when messages are sent and nobody works on them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.celery import app
from backoffice.control import health
from backoffice.jobs import tasks
from backoffice.jobs.models import Heartbeat
from backoffice.jobs.reconcile import reconcile

pytestmark = pytest.mark.django_db(transaction=True)


def tone_of(name: str) -> str:
    label = next(str(label) for known, label, _allowed, _tone in health.BEATS if known == name)
    return next(part.tone for part in health.parts() if str(part.name) == label)


def silent_for(minutes: float) -> None:
    """Whoever beat last did so that long ago; the clock itself and the planner go on."""
    Heartbeat.objects.filter(name__in=("canary", "long work")).update(at=timezone.now() - timedelta(minutes=minutes))
    Heartbeat.beat("beat")
    reconcile()


@pytest.mark.parametrize(
    ("name", "canary", "minutes"), [("canary", tasks.canary, 3), ("long work", tasks.canary_of_long_work, 16)]
)
def test_workers_that_live_and_consume_nothing_are_seen_on_the_status_page(
    name, canary, minutes, client, administrator
):
    canary()
    assert tone_of(name) == health.GOOD
    silent_for(minutes)
    assert (tone_of("beat"), tone_of("reconcile")) == (health.GOOD, health.GOOD), "clock and planner look healthy"
    assert tone_of(name) == health.BAD
    client.force_login(administrator)
    assert "has not been seen for too long" in client.get("/status/").content.decode()
    canary()
    assert tone_of(name) == health.GOOD


def test_long_work_has_a_queue_of_its_own_and_what_the_clock_needs_never_waits_behind_it():
    routes = {
        name: app.amqp.router.route({}, f"backoffice.{name}")["queue"].name
        for name in ("jobs.tasks.tick", "jobs.tasks.run_one", "jobs.tasks.run_work", "outbox.tasks.send_waiting")
    }
    assert routes == {
        "jobs.tasks.tick": "celery",
        "jobs.tasks.run_one": "celery",
        "outbox.tasks.send_waiting": "celery",
        "jobs.tasks.run_work": "long",
    }
    assert {queue.name for queue in app.amqp.queues.values()} >= {"celery", "long"}, (
        "a worker that is told nothing takes both"
    )


def test_a_worker_busy_with_nine_minutes_of_work_is_not_reported(administrator):
    tasks.canary_of_long_work()
    silent_for(9)
    assert tone_of("long work") == health.GOOD
