"""The books' own job: sealing what was posted."""

from django.utils.translation import gettext_lazy as _

from backoffice.jobs.cadence import Minutes, day
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import LATEST, job
from backoffice.ledger.services import seal


@job("seal_entries", every=Minutes(15), label=_("Seal journal entries"), catch_up=LATEST)
def seal_entries(run: DueRun) -> None:
    seal()


@job("seal_everything", every=day, at="02:30", label=_("Seal journal entries, all of them"), catch_up=LATEST)
def seal_everything(run: DueRun) -> None:
    seal(everything=True)
