"""The only functions that write market notes, competitors, and the daily brief (C7)."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.audit.changes import check_unchanged
from backoffice.outbox.services import queue_mail
from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from customers.market.models import Brief, Competitor, MarketNote
from customers.market.selectors import brief_for

WRITES = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER, Role.PURCHASING)
RECIPIENTS = (Role.MANAGER,)
FIELDS = ("kind", "noted_on", "text", "product", "region", "competitor", "their_product", "price", "source", "party")


def save_market_note(
    note: MarketNote, *, by: Person, given: Mapping[str, Any], version: int | None = None
) -> MarketNote:
    """Keep a note, or correct one's own before it has gone out in a brief."""
    if not by.has_role(*WRITES):
        raise Refused(_("Your role does not write market notes."), code="role")
    check(given, by=by)
    with transaction.atomic(), acting(by, step="save_market_note"):
        if note.pk:
            note = MarketNote.objects.select_for_update().get(pk=note.pk)
            if note.author_id != by.pk or note.brief_id is not None:
                raise Refused(
                    _("What others wrote, or what went out in a brief, stays: write another note."), code="state"
                )
            check_unchanged(note, version)
        else:
            note.author = by
        for name in FIELDS:
            setattr(note, name, given[name])
        if note.party is not None and note.region_id is None:
            note.region_id = note.party.region_id
        note.save()
    return note


def check(given: Mapping[str, Any], *, by: Person) -> None:
    """A price is one of a product; anything else says something; nobody names a customer they may not know."""
    if given["kind"] == MarketNote.Kind.PRICE:
        for name in ("product", "price"):
            if not given[name]:
                raise Refused(_("A price needs its product and its amount."), code="price", field=name)
    elif not given["text"].strip():
        raise Refused(_("Please write what was heard."), code="empty", field="text")
    if given["noted_on"] > timezone.localdate():
        raise Refused(_("Nobody has heard what is still to come."), code="date", field="noted_on")
    if given["party"] and not Party.objects.visible_to(by).filter(pk=given["party"].pk).exists():
        raise Refused(_("You do not know this customer."), code="party", field="party")


def save_competitor(
    competitor: Competitor, *, by: Person, given: Mapping[str, Any], version: int | None = None
) -> Competitor:
    """A new competitor, or a change of one; each name stands once."""
    if not by.has_role(*WRITES):
        raise Refused(_("Your role does not write market notes."), code="role")
    try:
        with transaction.atomic(), acting(by, step="save_competitor"):
            if competitor.pk:
                competitor = Competitor.objects.select_for_update().get(pk=competitor.pk)
                check_unchanged(competitor, version)
            for name in ("name", "brands", "note", "is_active"):
                setattr(competitor, name, given[name])
            competitor.fill_search()
            competitor.save()
    except IntegrityError as error:
        raise Refused(_("This competitor is here already."), code="taken", field="name") from error
    return competitor


def send_brief(*, on: datetime.date, at: datetime.datetime, by: Person, is_late: bool = False) -> Brief:
    """Gather what was noted since the last brief and write one mail for each manager. Sending a day twice has one effect.

    A note belongs to the first brief after it was written, so that none is lost when the machine was down; nothing
    noted is told too.
    """
    with transaction.atomic(), acting(by, step="send_market_brief"):
        brief, is_new = Brief.objects.get_or_create(day=on, defaults={"watermark": at, "is_late": is_late})
        if is_new:
            MarketNote.objects.unsent().filter(created_at__lte=at).update(brief=brief)
            brief.mails = sum(mail_to(person, brief) for person in Person.objects.with_role(*RECIPIENTS).order_by("pk"))
            brief.save(update_fields=["mails"])
    return brief


def mail_to(person: Person, brief: Brief) -> bool:
    """One manager's mail, with what they may know; whether they have an address."""
    with translation.override(person.language):
        shown = brief_for(brief, visible_to=person)
        subject = _("Market brief %(day)s (%(number)d)") % {"day": brief.day, "number": shown.count}
        context = {"brief": brief, "shown": shown}
    mail = queue_mail(
        "market_brief", str(brief.day), to=person, template="market_brief", subject=subject, context=context
    )
    return mail is not None
