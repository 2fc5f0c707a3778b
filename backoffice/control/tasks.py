"""The house's own jobs."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from backoffice.files.services import remove_orphans
from backoffice.jobs import cadence
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import LATEST, job
from backoffice.jobs.tidying import tidy_jobs
from backoffice.outbox.notices import mail_digests, tidy_notices


@job("tidy", every=cadence.day, at="03:10", label=_("Clear away what nobody needs any more"), catch_up=LATEST, keep=timedelta(days=30))
def tidy(run: DueRun) -> None:
    tidy_jobs()
    tidy_notices()
    run.result = f"{remove_orphans()} files"


@job("digest", every=cadence.working_day, at="08:30", label=_("Messages of the day by mail"), catch_up=LATEST, keep=timedelta(days=30))
def digest(run: DueRun) -> None:
    run.result = f"{mail_digests(run.watermark)} mails"
