"""What bids owe and when."""

from django.utils.translation import gettext_lazy as _

from backoffice.jobs.cadence import day, week_first
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import LATEST, job
from contracts.bids.alarms import (
    remind_of_deposits,
    warn_of_deadlines,
    warn_of_deposits,
    warn_of_openings,
    warn_of_papers,
)


@job("bid_deadlines", every=day, at="08:30", label=_("Deadlines of bids"), catch_up=LATEST)
def warn(run: DueRun) -> None:
    """K5: in the morning, so that there is a day left to act."""
    for warn_of in (warn_of_deadlines, warn_of_deposits, warn_of_papers, warn_of_openings):
        warn_of(on=run.day)


@job("bid_deposits", every=week_first, at="08:40", label=_("Deposits of bids that should be back"), catch_up=LATEST)
def remind(run: DueRun) -> None:
    """K5: once a week until they are back."""
    remind_of_deposits(on=run.day)
