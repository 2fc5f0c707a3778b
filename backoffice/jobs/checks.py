"""What the check of the books asks of the jobs: every run that is due is done, or somebody was told."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from backoffice.database.checks import checks_books

from .models import DueRun

LONGEST_WAIT = timedelta(hours=2)


@checks_books("due_runs")
def due_runs_are_done_or_alarmed() -> Iterator[str]:
    """A run that is due for two hours and neither done, skipped nor given up (which raises its own alarm)."""
    for run in (
        DueRun.objects.unfinished().filter(due_at__lt=timezone.now() - LONGEST_WAIT, attempts=0).order_by("due_at")
    ):
        yield f"{run.job} {run.period} is due since {run.due_at:%Y-%m-%d %H:%M} and nobody has begun it"
