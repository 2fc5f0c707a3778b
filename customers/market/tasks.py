"""The daily brief, at the hour that is set."""

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.jobs.cadence import working_day
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import LATEST, job
from backoffice.people.models import Person
from customers.market.services import send_brief


@job(
    "market_brief",
    every=working_day,
    at=settings.MARKET_BRIEF_AT,
    label=_("Market brief of the day, by mail"),
    catch_up=LATEST,
)
def send_market_brief(run: DueRun) -> None:
    """C7: what was noted since the last brief, to the managers; late where the machine was down."""
    brief = send_brief(on=run.day, at=run.watermark, by=Person.objects.system(), is_late=run.is_late)
    run.result = gettext("%(notes)d notes, %(mails)d mails") % {"notes": brief.notes.count(), "mails": brief.mails}
