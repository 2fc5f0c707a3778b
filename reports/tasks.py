"""What the reports owe and when."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from backoffice.jobs.cadence import working_day
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import job
from backoffice.jobs.runs import note_content
from reports.services.daily import issue_daily


@job(
    "daily_performance",
    every=working_day,
    at=settings.DAILY_REPORT_AT,
    label=_("Sales performance of the day, by mail"),
)
def send_daily_performance(run: DueRun) -> None:
    """R1: figures of the due instant, to GM and finance, before 17:00 or as soon as the machine is back."""
    issued = issue_daily(on=run.day, at=run.watermark, is_late=run.is_late)
    note_content(run, issued.sha256.encode())
