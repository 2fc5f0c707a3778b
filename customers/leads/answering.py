"""Answers to an offer from people outside: no sign-in, so each is checked for abuse before it becomes a lead (C6)."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.people.models import Person
from backoffice.refusals import Refused
from customers.leads.models import Lead, Offer
from customers.leads.services import tell

AN_HOUR_FROM_ONE, A_DAY_FROM_ALL = 5, 300
KEPT = datetime.timedelta(days=2)
FIELDS = ("name", "contact", "phone", "email", "city", "business", "message")


class TooMany(Refused):
    """More answers than people send; nothing was kept."""


def take_answer(offer: Offer, *, given: Mapping[str, Any], address: str, consent: str) -> Lead:
    """Keep an answer as a new lead of whoever answers for the offer; the same one sent twice within a day is one lead.

    `address` is the caller's; only a keyed hash of it is kept, for two days. `consent` is what they agreed to, in the words shown.
    """
    system, now = Person.objects.system(), timezone.now()
    key = salted_hmac("customers.leads", address, algorithm="sha256").hexdigest()
    with transaction.atomic(), acting(system, step="answer_offer"):
        one_after_another()
        since = now - datetime.timedelta(days=1)
        recent = Lead.objects.filter(source=Lead.Source.PUBLIC, created_at__gte=since)
        twin = recent.filter(
            offer=offer, phone=given["phone"], email=given.get("email", ""), name=given["name"]
        ).first()
        if twin is not None:
            return twin
        check_rate(key, now=now)
        lead = Lead(
            offer=offer, owner=offer.owner, source=Lead.Source.PUBLIC, came_on=timezone.localdate(now), came_from=key, consented_at=now,
            consent=consent[:300], **{name: given.get(name, "") for name in FIELDS},
        )  # fmt: skip
        lead.fill_search()
        lead.save()
        tell(lead, by=system)
    return lead


def one_after_another() -> None:
    """Answers are counted one after another, so that many at once are no way round the limit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('answer_offer'))")


def check_rate(key: str, *, now: datetime.datetime) -> None:
    """Few from one place within an hour, and not more from all within a day than an office can call."""
    answers = Lead.objects.filter(source=Lead.Source.PUBLIC)
    from_one = answers.filter(came_from=key, created_at__gte=now - datetime.timedelta(hours=1)).count()
    from_all = answers.filter(created_at__gte=now - datetime.timedelta(days=1)).count()
    if from_one >= AN_HOUR_FROM_ONE or from_all >= A_DAY_FROM_ALL:
        raise TooMany(_("Too many answers were sent from here. Please call us, or try again in an hour."), code="rate")


def forget_addresses(*, before: datetime.datetime) -> int:
    """From where an answer came is needed for two days and kept no longer; how many were forgotten."""
    with transaction.atomic(), acting(Person.objects.system(), step="forget_addresses"):
        return Lead.objects.exclude(came_from="").filter(created_at__lt=before - KEPT).update(came_from="")
