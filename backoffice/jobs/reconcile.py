"""The one act that keeps all work going: compare what is due with what stands, and wake whoever is needed.

Anyone may call it at any time and from any number of machines; it takes a few milliseconds and never waits for a lock.
"""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.celery import wake

from .hooks import HOOKS
from .models import DueRun, Heartbeat, Lease, RunState, Schedule, Work, WorkState
from .registry import JOBS, LATEST, Job
from .runs import settle_failure
from .works import RUN_WORK, settle_lost_work

log = structlog.get_logger(__name__)
RUN_ONE = "backoffice.jobs.tasks.run_one"
CANARIES = ("backoffice.jobs.tasks.canary", "backoffice.jobs.tasks.canary_of_long_work")
AT_MOST = 50  # messages for each kind of work and tick; the rest follow in half a minute


def reconcile(now: datetime | None = None) -> None:
    """Write down what has fallen due, free what its holder left, give up what cannot succeed, and wake workers."""
    now = now or timezone.now()
    _plan(now)
    _skip_overtaken()
    _free_runs()
    _free_works()
    Lease.objects.filter(until__lt=now - timedelta(hours=1)).delete()
    for run in DueRun.objects.ready(now).filter(job__in=JOBS)[:AT_MOST]:
        wake(RUN_ONE, run.job, run.period)
    for work in Work.objects.filter(state=WorkState.WAITING).order_by("created_at")[:AT_MOST]:
        wake(RUN_WORK, work.pk)
    for act in HOOKS.on_tick:
        act()
    for canary in CANARIES:
        wake(canary)
    Heartbeat.beat("reconcile")


def _plan(now: datetime) -> None:
    """Each job's periods since it was last planned; a job that is seen for the first time begins now."""
    planned = dict(Schedule.objects.values_list("job", "planned_until"))
    new = [Schedule(job=name, planned_until=now) for name in JOBS if name not in planned]
    if new:
        Schedule.objects.bulk_create(new, ignore_conflicts=True)
    for name, until in planned.items():
        if name in JOBS and (owed := JOBS[name].dues(until, now)):
            _write_down(JOBS[name], owed)


@transaction.atomic
def _write_down(job: Job, owed: list[tuple[str, datetime]]) -> None:
    rows = [DueRun(job=job.name, period=period, due_at=due, watermark=due, not_before=due) for period, due in owed]
    DueRun.objects.bulk_create(rows, ignore_conflicts=True)
    Schedule.objects.filter(job=job.name, planned_until__lt=owed[-1][1]).update(planned_until=owed[-1][1])


def _skip_overtaken() -> None:
    """Of a job that owes only its last period, an older one that nobody has begun is skipped."""
    names = [job.name for job in JOBS.values() if job.catch_up == LATEST]
    waiting = DueRun.objects.filter(job__in=names, state=RunState.WAITING)
    for row in waiting.values("job").annotate(newest=Max("due_at")):
        waiting.filter(job=row["job"], due_at__lt=row["newest"]).update(state=RunState.SKIPPED, finished_at=Now())


@transaction.atomic
def _free_runs() -> None:
    for run in DueRun.objects.abandoned().select_for_update(skip_locked=True, of=("self",)):
        log.warning("run_abandoned", job=run.job, period=run.period, attempts=run.attempts)
        tries = JOBS[run.job].tries if run.job in JOBS else 0
        settle_failure(run, _("The worker that held this run was lost."), tries=tries, at_once=True)


@transaction.atomic
def _free_works() -> None:
    for work in Work.objects.abandoned().select_for_update(skip_locked=True, of=("self",)):
        log.warning("work_abandoned", kind=work.kind, work=work.pk, attempts=work.attempts)
        settle_lost_work(work)
