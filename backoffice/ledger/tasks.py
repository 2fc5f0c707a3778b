"""The books' own jobs: sealing what was posted, and asking whether everything still holds."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.database.checks import run_checks
from backoffice.jobs.cadence import Minutes, day
from backoffice.jobs.hooks import alarm
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import LATEST, job
from backoffice.ledger.services import seal

SHOWN = 20


@job("seal_entries", every=Minutes(15), label=gettext_lazy("Seal journal entries"), catch_up=LATEST)
def seal_entries(run: DueRun) -> None:
    seal()


@job("seal_everything", every=day, at="02:30", label=gettext_lazy("Seal journal entries, all of them"), catch_up=LATEST)
def seal_everything(run: DueRun) -> None:
    seal(everything=True)


@job("check_books", every=Minutes(15), label=gettext_lazy("Check of the books"), catch_up=LATEST)
def check_books(run: DueRun) -> None:
    """Findings become one alarm a day; the command `check_books` says them all."""
    found = [str(finding) for finding in run_checks()]
    if found:
        subject = _("The check of the books found %(count)s") % {"count": len(found)}
        alarm(f"check_books:{run.due_at.date()}", subject, "\n".join(found[:SHOWN]))
