"""Mailings that leave at a set hour (C9): planned, called back until then, sent by a due run as their author would."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.documents.gate import guards, lock, performs
from backoffice.lists.declared import NotAsked
from backoffice.outbox.models import MailWish
from backoffice.outbox.notices import notify
from backoffice.outbox.topics import topic
from backoffice.people.models import Person
from backoffice.refusals import Refused
from customers.mailings.lifecycle import PLAN, PLANNED, RECALL
from customers.mailings.models import Mailing
from customers.mailings.selectors import addressees
from customers.mailings.services.mailings import send_mailing

FARTHEST = datetime.timedelta(days=366)
GIVEN_BACK = topic(
    "mailing_given_back", gettext_lazy("Planned mailings that did not leave"),
    gettext_lazy("The mailing «%(title)s» did not leave at its hour: %(reason)s"), MailWish.AT_ONCE,
)  # fmt: skip


@performs(PLAN)
def plan_mailing(mailing: Mailing, *, by: Person, on: datetime.date, at: datetime.time) -> None:
    """It leaves by itself on that day at that hour. C9"""
    moment, now = timezone.make_aware(datetime.datetime.combine(on, at)), timezone.now()
    if moment <= now:
        raise Refused(_("This hour is over. Send it now, or set a later one."), code="past", field="at")
    if moment > now + FARTHEST:
        raise Refused(_("At most a year ahead."), code="far", field="on")
    if not any(one.is_reached for one in addressees(mailing, by)):
        raise Refused(_("Nobody would get this letter: look at the filter."), code="nobody")
    mailing.send_at = moment


@guards(PLAN.name)
def goes_by_mail(mailing: Mailing, *, by: Person) -> None:
    """Paper is printed by people."""
    if not mailing.is_mail:
        raise Refused(_("On paper it does not leave by itself."), code="paper")


@performs(RECALL)
def recall_mailing(mailing: Mailing, *, by: Person, note: str = "") -> None:
    """A draft again; its author is told, unless it was they who called it back. C9"""
    mailing.send_at = None
    reason = note.strip() or _("called back by %(person)s") % {"person": by}
    notify(mailing.author, GIVEN_BACK, mailing, by=by, title=mailing.title, reason=reason)


def send_what_is_planned(*, at: datetime.datetime) -> int:
    """Send off every mailing whose hour has come. How many left."""
    due = Mailing.objects.in_state(PLANNED).filter(send_at__lte=at).select_related("author").order_by("send_at", "pk")
    return sum(sent_or_given_back(mailing, at=at) for mailing in due)


def sent_or_given_back(mailing: Mailing, *, at: datetime.datetime) -> bool:
    """Sent as its author; what cannot be sent is a draft again, with the reason. Called back or put off meanwhile, it stays."""
    with transaction.atomic():
        row = lock(mailing, by=Person.objects.system())
        if row.state != PLANNED.name or row.send_at > at:
            return False
        try:
            with transaction.atomic():
                send_as_its_author(row)
        except (Refused, NotAsked) as refusal:
            recall_mailing(row, by=Person.objects.system(), note=str(refusal))
            return False
    return True


def send_as_its_author(mailing: Mailing) -> None:
    if not mailing.author.is_active:
        raise Refused(_("%(person)s has no account any more.") % {"person": mailing.author})
    goes_by_mail(mailing, by=mailing.author)
    send_mailing(mailing, by=mailing.author)
