"""What quotations owe and when."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.jobs.cadence import day
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import job
from contracts.quotations.services import expire_quotations, warn_of_ends


@job("quotations", every=day, at="07:20", label=_("Quotations: those past their day, and warnings before it"))
def follow(run: DueRun) -> None:
    """O7: before the day's work begins; each end is warned of on its own day, a day made up for later too."""
    expired, warned = expire_quotations(on=run.day), warn_of_ends(on=run.day)
    run.result = gettext("%(expired)s expired, %(warned)s warned of") % {"expired": expired, "warned": warned}
