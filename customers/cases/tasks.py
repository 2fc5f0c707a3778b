"""What cases owe by the clock."""

from django.utils.translation import gettext_lazy as _

from backoffice.jobs.cadence import working_day
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import LATEST, job
from customers.cases.telling import escalate_cases


@job(
    "escalate_cases",
    every=working_day,
    at="08:30",
    label=_("Cases at their deadline, by mail to the manager"),
    catch_up=LATEST,
)
def escalate(run: DueRun) -> None:
    """C4: on the deadline the manager is told by mail, three working days later the general manager."""
    escalate_cases(on=run.day)
