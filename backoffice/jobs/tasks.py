"""Doors for Celery; whatever comes through them twice is done once."""

from celery import shared_task

from backoffice.celery import LONG_WORK_SECONDS

from . import reconcile as reconciling
from . import runs, works
from .models import Heartbeat


@shared_task
def tick() -> None:
    """Beat's only entry."""
    Heartbeat.beat("beat")
    reconciling.reconcile()


@shared_task
def canary() -> None:
    """Proof that a message sent is a message worked on; a worker that lives and consumes nothing writes no such row."""
    Heartbeat.beat("canary")


@shared_task
def canary_of_long_work() -> None:
    """The same for the workers of what people ask for; late while each of them is busy, which is nine minutes at most."""
    Heartbeat.beat("long work")


@shared_task
def run_one(job: str, period: str) -> None:
    runs.run_due(job, period)


@shared_task(time_limit=LONG_WORK_SECONDS, soft_time_limit=LONG_WORK_SECONDS - 30)
def run_work(work: int) -> None:
    works.run_work(work)
