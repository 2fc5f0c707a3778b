"""The program's worker and clock, made mortal and quick: `celery -A faults.mortal worker`.

Leases of four seconds, a press that prints nothing, and a clock that ticks as often as `FAULTS_TICK` says, so that what takes half a
minute there is seen here in seconds; `FAULTS_AHEAD` sets the program's clock ahead by so many seconds. Everything else is the program as it is.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

import django
from django.utils import timezone

from backoffice.celery import app

AHEAD = timedelta(seconds=float(os.environ.get("FAULTS_AHEAD", "0")))
if AHEAD:
    at_home = timezone.now

    def now() -> datetime:
        return at_home() + AHEAD

    timezone.now = now
django.setup()

from backoffice.files import pdf  # noqa: E402 - the models take the clock as it is when they are loaded
from backoffice.jobs import lease  # noqa: E402
from backoffice.outbox import sending  # noqa: E402
from faults import slow  # noqa: E402
from faults.deaths import Asked, obey  # noqa: E402

__all__ = ["app", "slow"]
QUICK = timedelta(seconds=4)
if tick := float(os.environ.get("FAULTS_TICK", "0")):
    lease.LEASE = sending.LEASE = QUICK
    lease.held.__wrapped__.__kwdefaults__["every"] = QUICK.total_seconds() / 4  # type: ignore[attr-defined]
    pdf.print_html = lambda html: b"%PDF-1.7 of nothing"
    app.conf.beat_schedule["tick"] = {**app.conf.beat_schedule["tick"], "schedule": tick}
if folder := os.environ.get("FAULTS_DEATHS"):
    obey(Asked(Path(folder)))
