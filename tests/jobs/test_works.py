import threading
import time
from unittest import mock

import pytest
from celery import Celery
from django.db import connection

from backoffice.celery import app
from backoffice.jobs import works as long_work
from backoffice.jobs.models import Heartbeat, Lease, Work, WorkState
from backoffice.jobs.reconcile import reconcile
from backoffice.jobs.works import cancel_work, run_work, start_work
from backoffice.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def test_work_tells_how_far_it_is_while_its_transaction_is_still_open(works, assistant, monkeypatch):
    monkeypatch.setattr(long_work, "PULSE_SECONDS", 0.01)
    seen = []

    def count_to_ten(progress):
        Heartbeat.beat("written by the work")
        progress.steps("Read", "Check")
        progress.step(total=10)
        for _ in range(7):
            progress.advance()
        said = threading.Event()

        def watch():
            try:
                while not (work := Work.objects.get()).count:
                    said.wait(0.01)
                seen.append((work.percent, work.step_name, Heartbeat.objects.count()))
            finally:
                connection.close()

        watcher = threading.Thread(target=watch)
        watcher.start()
        watcher.join(10)
        progress.result(url="/there/", message="Seven of ten")

    works("count", count_to_ten)
    work = start_work("count", by=assistant)
    assert run_work(work.pk)
    assert seen == [(70, "Read", 0)], "progress is seen, what it wrote is not yet"
    work.refresh_from_db()
    assert (work.state, work.result_url, work.message) == (WorkState.DONE, "/there/", "Seven of ten")
    assert Heartbeat.objects.count() == 1 and not Lease.objects.exists()


def test_work_that_is_refused_says_why_and_leaves_nothing(works, assistant):
    def refuse(progress):
        Heartbeat.beat("written")
        progress.result(url="/there/")
        raise Refused("Row 7 has no customer.")

    works("import", refuse)
    work = start_work("import", by=assistant)
    assert not run_work(work.pk)
    work.refresh_from_db()
    assert (work.state, work.error, work.result_url) == (WorkState.FAILED, "Row 7 has no customer.", "")
    assert not Heartbeat.objects.exists()


def test_work_stops_when_its_owner_says_so(works, assistant, monkeypatch):
    monkeypatch.setattr(long_work, "PULSE_SECONDS", 0.01)

    def endless(progress):
        progress.step()
        cancel_work(progress.work)  # as the page does, here inside to need no second process
        while True:
            progress.advance()

    works("endless", endless, whole=False)
    work = start_work("endless", by=assistant)
    assert not run_work(work.pk)
    work.refresh_from_db()
    assert work.state == WorkState.CANCELLED


def test_work_whose_worker_died_begins_again_once_and_then_says_so(works, assistant):
    works("import", lambda progress: None, tries=2)
    work = start_work("import", by=assistant)
    for state in (WorkState.WAITING, WorkState.FAILED):
        assert long_work._claim(work.pk)
        Lease.objects.all().delete()
        reconcile()
        work.refresh_from_db()
        assert work.state == state


def test_work_is_done_once_by_however_many_messages(works, assistant):
    done = []
    works("import", done.append)
    work = start_work("import", by=assistant)
    assert run_work(work.pk) and not run_work(work.pk)
    assert len(done) == 1


def test_work_that_is_lost_in_the_queue_is_found_by_the_next_tick(works, assistant, monkeypatch):
    woken = []
    monkeypatch.setattr("backoffice.jobs.reconcile.wake", lambda task, *args: woken.append((task, *args)))
    works("import", lambda progress: None)
    work = start_work("import", by=assistant)
    reconcile()
    assert (long_work.RUN_WORK, work.pk) in woken


def test_asking_for_work_needs_no_redis(works, assistant, monkeypatch):
    """A real broker address where nobody listens: the row stands, nobody sees an error, the next tick finds it."""
    works("import", lambda progress: None)
    away = Celery("away", broker="redis://127.0.0.1:9/0")
    away.conf.update({name: app.conf[name] for name in ("broker_transport_options", "task_publish_retry")})
    with mock.patch("backoffice.celery.app", away):
        monkeypatch.setattr("backoffice.celery._away_until", 0.0)
        began = time.monotonic()
        for _ in range(20):
            assert start_work("import", by=assistant).pk
    assert time.monotonic() - began < 1
