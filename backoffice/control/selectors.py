"""Figures of the administrator's pages."""

from dataclasses import dataclass
from datetime import datetime

from backoffice.jobs.models import DueRun, RunState
from backoffice.jobs.registry import JOBS, Job


@dataclass(frozen=True)
class JobRow:
    """A job with its next due instant and its last run."""

    job: Job
    next_due: datetime | None
    last: DueRun | None
    dead: int


def job_rows(*, now: datetime) -> list[JobRow]:
    """Every job, those that need somebody first, then by what comes next."""
    last = {run.job: run for run in DueRun.objects.order_by("job", "-due_at").distinct("job")}
    dead: dict[str, int] = {}
    for name in DueRun.objects.filter(state=RunState.DEAD).values_list("job", flat=True):
        dead[name] = dead.get(name, 0) + 1
    rows = [
        JobRow(job, job.every.next_due(now, job.at, job.zone), last.get(job.name), dead.get(job.name, 0))
        for job in JOBS.values()
    ]
    return sorted(rows, key=lambda row: (not row.dead, row.next_due is None, row.next_due or now, row.job.name))
