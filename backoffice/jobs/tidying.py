"""What is thrown away: old runs of jobs that say so, old background work."""

from datetime import timedelta

from django.utils import timezone

from .models import DueRun, RunState, Work
from .registry import JOBS

WORK_KEPT = timedelta(days=90)


def tidy_jobs() -> None:
    """Runs beyond their job's `keep`, and work that ended long ago; what was given up stays until somebody has seen to it."""
    now = timezone.now()
    for job in JOBS.values():
        over = DueRun.objects.filter(
            job=job.name, state__in=(RunState.DONE, RunState.SKIPPED), due_at__lt=now - job.keep
        )
        over.delete()
    Work.objects.filter(finished_at__lt=now - WORK_KEPT).delete()
