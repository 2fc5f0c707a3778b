import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from backoffice.jobs import hooks, lease, runs
from backoffice.jobs.models import DueRun, Heartbeat, Lease, RunState, Schedule
from backoffice.jobs.reconcile import reconcile
from backoffice.jobs.registry import LATEST
from backoffice.outbox.models import Message
from backoffice.outbox.services import queue_mail
from tests.jobs.conftest import NOON, owe

pytestmark = pytest.mark.django_db(transaction=True)


def refresh(run: DueRun) -> DueRun:
    return DueRun.objects.get(job=run.job, period=run.period)


def test_a_job_begins_when_it_is_first_seen_and_owes_nothing_before(jobs):
    jobs("report", lambda run: None)
    reconcile(NOON)
    assert not DueRun.objects.exists()
    reconcile(NOON + timedelta(days=1))
    assert [run.period for run in DueRun.objects.all()] == ["2026-03-11"]


@pytest.mark.duty("R1")
def test_three_days_down_are_three_periods_for_a_report_and_one_for_a_check(jobs):
    jobs("report", lambda run: None)
    jobs("check", lambda run: None, catch_up=LATEST)
    reconcile(NOON)
    reconcile(NOON + timedelta(days=3))
    assert sorted(DueRun.objects.filter(job="report").values_list("period", flat=True)) == [
        "2026-03-11",
        "2026-03-12",
        "2026-03-13",
    ]
    assert [run.period for run in DueRun.objects.filter(job="check")] == ["2026-03-13"]


def test_an_overtaken_check_is_skipped_an_overtaken_report_is_not(jobs):
    jobs("report", lambda run: None)
    jobs("check", lambda run: None, catch_up=LATEST)
    reconcile(NOON)
    for days in (1, 2):
        reconcile(NOON + timedelta(days=days))
    assert DueRun.objects.filter(job="check").order_by("due_at").values_list("state", flat=True)[0] == RunState.SKIPPED
    assert DueRun.objects.filter(job="report", state=RunState.WAITING).count() == 2


def test_two_reconcilers_at_once_write_each_period_once(jobs):
    jobs("report", lambda run: None)
    reconcile(NOON)
    at_once = threading.Barrier(4)
    failures: list[Exception] = []

    def reconcile_once() -> None:
        try:
            at_once.wait()
            reconcile(NOON + timedelta(days=20))
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=reconcile_once) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert failures == []
    assert DueRun.objects.count() == 20


def test_a_reconcile_takes_less_than_a_tenth_of_a_second(jobs):
    for number in range(25):
        jobs(f"job {number}", lambda run: None)
    reconcile(NOON)
    reconcile(NOON + timedelta(days=30))
    DueRun.objects.update(state=RunState.DONE, finished_at=timezone.now())
    began = timezone.now()
    reconcile(NOON + timedelta(days=30, minutes=1))
    assert timezone.now() - began < timedelta(milliseconds=100)


@pytest.mark.duty("R1")
def test_a_late_run_keeps_the_watermark_of_its_due_instant_and_says_that_it_is_late(jobs):
    seen = []
    jobs("report", lambda run: seen.append((run.watermark, run.is_late)))
    owe("report")
    assert runs.run_due("report", "2026-03-10")
    assert seen == [(NOON - timedelta(hours=3), True)]
    assert refresh(owe_key("report")).is_late


def owe_key(job: str, period: str = "2026-03-10") -> DueRun:
    return DueRun(job=job, period=period)


def test_a_run_that_is_done_is_not_done_again(jobs):
    done = []
    jobs("report", done.append)
    owe("report")
    assert runs.run_due("report", "2026-03-10")
    assert not runs.run_due("report", "2026-03-10")
    assert len(done) == 1 and not Lease.objects.exists()


def test_two_workers_at_once_do_a_run_once(jobs):
    done, at_once = [], threading.Barrier(3)
    jobs("report", done.append)
    owe("report")

    def work() -> None:
        at_once.wait()
        runs.run_due("report", "2026-03-10")
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(done) == 1


def test_a_run_sees_one_moment_even_while_others_write(jobs):
    counts = []

    def look_twice(run: DueRun) -> None:
        counts.append(Heartbeat.objects.count())
        other = threading.Thread(target=write_beside)
        other.start()
        other.join()
        counts.append(Heartbeat.objects.count())

    def write_beside() -> None:
        Heartbeat.beat("beside")
        connection.close()

    jobs("report", look_twice)
    owe("report")
    assert runs.run_due("report", "2026-03-10")
    assert counts == [0, 0] and Heartbeat.objects.count() == 1


def test_what_a_run_wrote_goes_with_it_when_it_fails(jobs):
    def write_and_fail(run: DueRun) -> None:
        Heartbeat.beat("written")
        raise RuntimeError("the printer is on fire")

    jobs("report", write_and_fail, tries=2)
    owe("report")
    assert not runs.run_due("report", "2026-03-10")
    run = refresh(owe_key("report"))
    assert (run.state, run.attempts) == (RunState.WAITING, 1)
    assert "on fire" in run.error and run.not_before > timezone.now()
    assert not Heartbeat.objects.exists()


def test_after_its_last_try_a_run_is_given_up_with_an_alarm(jobs, monkeypatch):
    told = []
    monkeypatch.setattr(hooks.HOOKS, "on_alarm", [lambda *words: told.append(words)])
    jobs("report", lambda run: 1 / 0, tries=1)
    owe("report")
    runs.run_due("report", "2026-03-10")
    assert refresh(owe_key("report")).state == RunState.DEAD
    assert len(told) == 1 and "ZeroDivisionError" in told[0][2]


def test_a_dead_workers_run_is_freed_when_its_lease_runs_out(jobs):
    done = []
    jobs("report", done.append)
    owe("report")
    held = runs._claim(jobs("report", done.append), "2026-03-10")
    reconcile()
    assert refresh(held).state == RunState.RUNNING, "as long as the lease is renewed nobody touches it"
    Lease.objects.update(until=timezone.now() - timedelta(seconds=1))
    reconcile()
    assert refresh(held).state == RunState.WAITING
    assert runs.run_due("report", "2026-03-10") and len(done) == 1


def test_whoever_lost_the_lease_cannot_end_the_run_nor_leave_anything_behind(jobs):
    """The fencing token: a worker that was frozen for a minute comes back after another has taken over."""
    done = []

    def freeze(run: DueRun) -> None:
        Heartbeat.beat(f"written by attempt {run.attempts}")
        if not done:
            done.append("first")
            thread = threading.Thread(target=take_over)
            thread.start()
            thread.join()

    def take_over() -> None:
        Lease.objects.update(until=timezone.now() - timedelta(seconds=1))
        reconcile()
        runs.run_due("report", "2026-03-10")
        connection.close()

    jobs("report", freeze)
    owe("report")
    assert not runs.run_due("report", "2026-03-10"), "the frozen worker does not end it"
    run = refresh(owe_key("report"))
    assert (run.state, run.attempts) == (RunState.DONE, 2)
    assert not Heartbeat.objects.filter(name="written by attempt 1").exists()


def test_a_worker_that_keeps_dying_does_not_run_for_ever(jobs, monkeypatch):
    told = []
    monkeypatch.setattr(hooks.HOOKS, "on_alarm", [lambda *words: told.append(words)])
    job = jobs("report", lambda run: None, tries=2)
    owe("report")
    for _ in range(2):
        assert runs._claim(job, "2026-03-10")
        Lease.objects.all().delete()
        reconcile()
    assert refresh(owe_key("report")).state == RunState.DEAD and len(told) == 1


def test_a_long_run_keeps_its_lease_by_renewing_it(jobs):
    with transaction.atomic():
        token = lease.take()
    before = Lease.objects.get().until
    renewed = threading.Event()
    with lease.held(token, every=0.01, pulse=renewed.set):
        assert renewed.wait(5)
    assert not Lease.objects.exists(), "and gives it back"
    assert before


def test_the_period_that_just_went_by_can_be_asked_for(jobs):
    jobs("report", lambda run: None)
    reconcile()
    run = runs.owe_last_period("report")
    assert run and run.due_at <= timezone.now() and Schedule.objects.exists()
    assert runs.owe_last_period("report") == run


def test_a_run_that_is_run_again_sends_no_mail_twice(jobs, administrator):
    def report(run: DueRun) -> None:
        queue_mail(
            "report", run.period, to=administrator, template="alarm", subject="17:00", context={"words": "all well"}
        )

    jobs("report", report)
    run = owe("report")
    runs.run_due("report", run.period)
    runs.run_again(refresh(run))
    assert runs.run_due("report", run.period)
    assert Message.objects.count() == 1


def test_postgresql_refuses_a_running_run_that_nobody_holds():
    with pytest.raises(IntegrityError), transaction.atomic():
        owe("report", state=RunState.RUNNING)
