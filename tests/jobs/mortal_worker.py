"""A real worker whose first attempt at a job kills its own process: `celery -A tests.jobs.mortal_worker worker`."""

import os
import signal
from datetime import timedelta

import django

from backoffice.celery import app

django.setup()

from backoffice.jobs import cadence, lease  # noqa: E402 - the models need the settings first
from backoffice.jobs.models import DueRun, Heartbeat  # noqa: E402
from backoffice.jobs.registry import job  # noqa: E402

__all__ = ["app"]
lease.LEASE = timedelta(seconds=2)


@job("mortal", every=cadence.day, tries=3)
def mortal(run: DueRun) -> None:
    """Dies as by the kernel's hand, in the middle of its transaction."""
    Heartbeat.beat(f"written by attempt {run.attempts}")
    if run.attempts == 1:
        os.kill(os.getpid(), signal.SIGKILL)
