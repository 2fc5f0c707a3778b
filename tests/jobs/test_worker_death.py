"""The whole way with a real worker, a real queue and kill -9."""

import os
import subprocess
import sys
import time
import uuid
from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings
from django.db import connection

from backoffice.celery import app
from backoffice.jobs import lease
from backoffice.jobs.models import DueRun, Heartbeat, RunState
from backoffice.jobs.reconcile import reconcile
from tests.jobs.conftest import owe

pytestmark = pytest.mark.django_db(transaction=True)
STARTED_WITHIN, PROGRESS_WITHIN = 120, 60
TICK = 0.5  # the clock of this test: beat's thirty seconds, made short


def tick_until(reached, seconds, log):
    """Reconcile as beat would, until it is so; the worker's own words if it never is."""
    stop_at = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < stop_at, log.read_text()[-4000:]
        reconcile()
        time.sleep(TICK)


@pytest.fixture
def worker(monkeypatch, jobs, tmp_path):
    """A worker process on the suite's database, with a queue that nobody else listens to."""
    queue = f"mortal-{uuid.uuid4().hex}"
    monkeypatch.setattr(app, "send_task", partial(app.send_task, queue=queue))
    monkeypatch.setattr(lease, "LEASE", timedelta(seconds=2))
    jobs("mortal", lambda run: pytest.fail("the worker does it, not we"))
    told = connection.settings_dict
    address = f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
    env = {
        **os.environ,
        "DATABASE_URL": address,
        "OWNER_DATABASE_URL": address,
        "BACKOFFICE_PROCESS": "worker",
        "LOG_LEVEL": "INFO",
    }
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "tests.jobs.mortal_worker",
        "worker",
        "--pool=prefork",
        "--concurrency=1",
    ]
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen([*command, "-Q", queue], env=env, cwd=settings.BASE_DIR, stdout=log, stderr=log)
        yield tmp_path / "worker.log"
        process.terminate()
        process.wait(30)
    with app.connection_for_write() as redis:
        redis.default_channel.client.delete(queue)


@pytest.mark.duty("R1")
def test_a_run_whose_worker_was_killed_is_done_by_the_next_and_only_once(worker):
    tick_until(lambda: Heartbeat.objects.filter(name="canary").exists(), STARTED_WITHIN, worker)
    owe("mortal")
    tick_until(lambda: DueRun.objects.get().state == RunState.DONE, PROGRESS_WITHIN, worker)
    run = DueRun.objects.get()
    assert run.attempts == 2
    written = set(Heartbeat.objects.filter(name__startswith="written").values_list("name", flat=True))
    assert written == {"written by attempt 2"}, "of the one that was killed nothing stands"
