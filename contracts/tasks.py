"""What contracts owe and when."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.jobs.cadence import day
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import job
from contracts.services.telling import warn_of_ends, warn_of_obligations


@job("contract_alarms", every=day, at="07:30", label=_("Contracts: ends and obligations that are near"))
def warn(run: DueRun) -> None:
    """K2: each end and each obligation on its own day, so that a day made up for later is warned of all the same."""
    ends, due = warn_of_ends(on=run.day), warn_of_obligations(on=run.day)
    run.result = gettext("%(ends)s ends, %(due)s obligations") % {"ends": ends, "due": due}
