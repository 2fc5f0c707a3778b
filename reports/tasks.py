"""What the reports owe and when."""

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.jobs.cadence import month_day, month_first, working_day
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import job
from backoffice.jobs.runs import note_content
from reports.services.contracts import issue_statistics, owed_on, revise_ended_on
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


@job(
    "contract_statistics",
    every=month_first,
    at="06:00",
    label=_("Contract statistics of month, quarter and year, by mail"),
)
def send_contract_statistics(run: DueRun) -> None:
    """K4: what ended yesterday, to the GM and each manager; as posted at the due instant."""
    issued = [
        row for period in owed_on(run.day) for row in issue_statistics(period, at=run.watermark, is_late=run.is_late)
    ]
    note_content(run, "".join(row.sha256 for row in issued).encode())


@job("revised_contract_statistics", every=month_day(10), at="06:30", label=_("Contract statistics looked at again"))
def revise_contract_statistics(run: DueRun) -> None:
    """K4: where late postings changed what was issued on the 1st, a revision with the list of differences."""
    run.result = gettext("%(number)s revised") % {"number": revise_ended_on(run.day, at=run.watermark)}
