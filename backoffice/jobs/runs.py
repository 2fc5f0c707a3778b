"""One due run from claim to end."""

import hashlib
import traceback
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.audit.acting import acting
from backoffice.people.models import Person

from .hooks import alarm
from .lease import LeaseLost, held, snapshot, take
from .models import DueRun, RunState
from .registry import JOBS, Job

log = structlog.get_logger(__name__)
FIRST_PAUSE = timedelta(seconds=30)


def run_due(name: str, period: str) -> bool:
    """Do one period of one job, unless it is done or in other hands; whether it was done here."""
    job = JOBS[name]
    run = _claim(job, period)
    if run is None:
        return False
    assert run.lease_token
    with held(run.lease_token), translation.override(settings.LANGUAGE_CODE):
        try:
            with snapshot(), acting(Person.objects.system(), step=f"job:{name}"):
                job.function(run)
                _finish(run)
        except LeaseLost:
            log.warning("run_taken_over", job=name, period=period)
            return False
        except Exception as error:  # every failure of a job is a row with its words, never a lost message
            log.exception("run_failed", job=name, period=period)
            _fail(job, run, error)
            return False
    log.info("run_done", job=name, period=period, late=run.is_late)
    return True


def note_content(run: DueRun, content: bytes) -> None:
    """Keep the hash of what the run made."""
    run.sha256 = hashlib.sha256(content).hexdigest()


@transaction.atomic
def _claim(job: Job, period: str) -> DueRun | None:
    now = timezone.now()
    ready = DueRun.objects.ready(now).filter(job=job.name, period=period)
    run = ready.select_for_update(skip_locked=True).first()
    if run is None:
        return None
    run.state, run.lease_token = RunState.RUNNING, take()
    run.attempts += 1
    run.started_at = now
    run.is_late = now > run.due_at + job.late_after
    _write(
        run, state=run.state, lease_token=run.lease_token, attempts=run.attempts, started_at=now, is_late=run.is_late
    )
    return run


def _finish(run: DueRun) -> None:
    """Done, where the token is still mine."""
    mine = DueRun.objects.filter(job=run.job, period=run.period, lease_token=run.lease_token, state=RunState.RUNNING)
    if not mine.update(
        state=RunState.DONE,
        lease_token=None,
        finished_at=timezone.now(),
        sha256=run.sha256,
        result=run.result[:200],
        error="",
    ):
        raise LeaseLost


@transaction.atomic
def _fail(job: Job, run: DueRun, error: Exception) -> None:
    """Wait longer after each attempt; after the last one give up and say so."""
    mine = DueRun.objects.select_for_update().filter(job=run.job, period=run.period, lease_token=run.lease_token)
    if mine.exists():
        words = "".join(traceback.format_exception(error))[-4000:]
        settle_failure(run, words, tries=job.tries)


def settle_failure(run: DueRun, words: str, *, tries: int, at_once: bool = False) -> None:
    """After a failure or a lost worker: again (later), or given up with an alarm. The row is locked by the caller."""
    if run.attempts < tries:
        pause = timedelta(0) if at_once else FIRST_PAUSE * 2 ** (run.attempts - 1)
        _write(run, state=RunState.WAITING, lease_token=None, not_before=timezone.now() + pause, error=words)
        return
    _write(run, state=RunState.DEAD, lease_token=None, finished_at=timezone.now(), error=words)
    label = JOBS[run.job].label if run.job in JOBS else run.job
    subject = format_lazy(
        _("Job given up: {job} {period}"), job=label, period=run.period
    )  # each reads it in their language
    alarm(
        f"run:{run.job}:{run.period}:{run.attempts}", subject, words.strip().splitlines()[-1] if words.strip() else ""
    )


def label_of(name: str) -> str:
    """The job's name in words."""
    return str(JOBS[name].label) if name in JOBS else name


def run_again(run: DueRun) -> None:
    """An administrator starts a run that was given up, skipped or done once more; what it sends is still sent only once."""
    again = DueRun.objects.filter(job=run.job, period=run.period).exclude(state=RunState.RUNNING)
    again.update(state=RunState.WAITING, attempts=0, not_before=timezone.now(), finished_at=None, error="")


def owe_last_period(name: str) -> DueRun | None:
    """Write the job's last past period down as due, for a company that begins in the middle of one; None without one."""
    job, now = JOBS[name], timezone.now()
    owed = list(job.every.dues(now - timedelta(days=366), now, job.at, job.zone))
    if not owed:
        return None
    period, due = owed[-1]
    DueRun.objects.bulk_create([DueRun(job=name, period=period, due_at=due, watermark=due)], ignore_conflicts=True)
    return DueRun.objects.get(job=name, period=period)


def _write(run: DueRun, **values: object) -> None:
    DueRun.objects.filter(job=run.job, period=run.period).update(**values)
    for name, value in values.items():
        setattr(run, name, value)
