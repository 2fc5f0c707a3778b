"""What leads owe by the clock."""

from django.utils.translation import gettext_lazy as _

from backoffice.jobs.cadence import day
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import LATEST, job
from customers.leads.answering import forget_addresses


@job("forget_lead_addresses", every=day, at="03:20", label=_("Forget from where offers were answered"), catch_up=LATEST)
def forget(run: DueRun) -> None:
    """C6: what only the limit of answers needs is kept for two days."""
    forget_addresses(before=run.watermark)
