"""The sums of sales' own job."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.jobs.cadence import Minutes
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import LATEST, job
from orders.services.folding import fold_sales


@job("fold_sales", every=Minutes(15), label=_("Fold the sums of sales"), catch_up=LATEST)
def fold(run: DueRun) -> None:
    run.result = gettext("%(number)s changes folded") % {"number": fold_sales()}
