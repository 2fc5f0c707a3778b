"""What is due of licences, and when."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.jobs.cadence import day
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import LATEST, job
from customers.licences.services import warn_of_lapses


@job("licence_warnings", every=day, at="07:30", label=_("Warnings of licences that lapse"), catch_up=LATEST)
def warn(run: DueRun) -> None:
    """C2: before people come, so that it stands on their workbench and in their mail."""
    run.result = gettext("%(number)s warnings") % {"number": warn_of_lapses(on=run.day)}
