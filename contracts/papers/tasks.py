"""What is due of formalities, and when."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.jobs.cadence import day
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import LATEST, job
from contracts.papers.services import alarm_formalities


@job("formality_alarms", every=day, at="07:40", label=_("Alarms of formalities"), catch_up=LATEST)
def alarm(run: DueRun) -> None:
    """K7: before people come."""
    run.result = gettext("%(number)s alarms") % {"number": alarm_formalities(on=run.day)}
