"""What the archive does by itself."""

from django.utils.translation import gettext_lazy as _

from backoffice.jobs.cadence import day
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import LATEST, job
from customers.duplicates import find_duplicates
from customers.handing import give_what_is_due


@job("give_customers", every=day, at="00:05", label=_("Hand over the customers planned for the day"), catch_up=LATEST)
def give_customers(run: DueRun) -> None:
    give_what_is_due(on=run.day)


@job("find_duplicates", every=day, at="01:10", label=_("Look for customers that are there twice"), catch_up=LATEST)
def look_for_duplicates(run: DueRun) -> None:
    find_duplicates(on=run.day)
