"""What is due of commission, and when."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from backoffice.jobs.cadence import month_first
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import job
from backoffice.people.models import Person
from backoffice.periods import Month
from expenses.services import compute_sheet


@job("commission_sheet", every=month_first, at="06:00", label=_("Commission sheet of the month that is over"))
def compute_last_month(run: DueRun) -> None:
    """E7: on the 1st, before people come; from then on it waits for finance."""
    compute_sheet(Month.containing(run.day - timedelta(days=1)), by=Person.objects.system())
