"""The house's own jobs."""

from datetime import timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.control.accounts import tidy_sign_ins
from backoffice.database.checks import run_checks
from backoffice.files.pdf import remove_old_prints
from backoffice.files.services import remove_orphans
from backoffice.jobs import cadence
from backoffice.jobs.hooks import alarm
from backoffice.jobs.models import DueRun, Heartbeat
from backoffice.jobs.registry import LATEST, job
from backoffice.jobs.tidying import tidy_jobs
from backoffice.outbox.notices import mail_digests, tidy_notices
from backoffice.pages.drafts import remove_old_drafts


@job(
    "tidy",
    every=cadence.day,
    at="03:10",
    label=_("Clear away what nobody needs any more"),
    catch_up=LATEST,
    keep=timedelta(days=30),
)
def tidy(run: DueRun) -> None:
    tidy_jobs()
    tidy_notices()
    tidy_sign_ins()
    remove_old_drafts()
    remove_old_prints()
    run.result = gettext("%(number)s lost files removed") % {"number": remove_orphans()}


@job(
    "digest",
    every=cadence.working_day,
    at="08:30",
    label=_("Messages of the day by mail"),
    catch_up=LATEST,
    keep=timedelta(days=30),
)
def digest(run: DueRun) -> None:
    run.result = gettext("%(number)s mails written") % {"number": mail_digests(run.watermark)}


@job(
    "check_books",
    every=cadence.Minutes(15),
    label=_("Check of the books"),
    catch_up=LATEST,
    keep=timedelta(days=14),
    tries=2,
)
def check_books(run: DueRun) -> None:
    findings = [str(finding) for finding in run_checks()]
    run.result = (
        gettext("nothing found") if not findings else gettext("%(number)s findings") % {"number": len(findings)}
    )
    Heartbeat.beat("books", note=f"!{findings[0]}" if findings else "")
    if findings:
        alarm(f"books:{run.day}", _("The check of the books has findings"), "\n".join(findings[:50]))
