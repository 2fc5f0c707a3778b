"""What mailings have done by themselves."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.jobs.cadence import Minutes
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import job, work
from backoffice.jobs.works import Progress
from customers.mailings.models import Recipient
from customers.mailings.services import hand_over_mailing, send_what_is_planned
from customers.mailings.services.mailings import hand_over_what_was_left


@work("hand_over_mailing", label=_("Hand over a mailing"), whole=False)
def hand_over(progress: Progress) -> None:
    """C9: letter by letter into the outbox; stopped or lost it goes on where it was. What it tells counts those of all tries."""
    mailing = progress.args["mailing"]
    hand_over_mailing(mailing, by=progress.by, advance=progress.advance)
    out = Recipient.objects.filter(mailing=mailing, fate=Recipient.Fate.OUT).count()
    progress.result(url=f"/customers/mailings/{mailing}/", message=gettext("%(count)s letters") % {"count": out})


@job("mailings_planned", every=Minutes(5), label=_("Mailings that leave at their hour"))
def send_at_their_hour(run: DueRun) -> None:
    """C9: what was planned for a time up to now."""
    run.result = gettext("%(number)s mailings left") % {"number": send_what_is_planned(at=run.watermark)}


@job("mailings_left", every=Minutes(15), label=_("Mailings that were left half way"))
def go_on_with_mailings(run: DueRun) -> None:
    """C9: whose worker was lost or stopped."""
    hand_over_what_was_left(before=run.watermark)
