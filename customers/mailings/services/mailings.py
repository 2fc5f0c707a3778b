"""Mailings 群发 (C9): written, tried on oneself, sent to whom the filter finds, each letter through the outbox."""

import datetime
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.documents.editing import editing
from backoffice.documents.gate import lock, performs
from backoffice.files.models import File
from backoffice.jobs.models import Work
from backoffice.jobs.works import start_work
from backoffice.lists.declared import NotAsked
from backoffice.numbering.services import next_number
from backoffice.outbox.models import Message
from backoffice.outbox.services import queue_mail
from backoffice.people.models import Person
from backoffice.refusals import Refused
from customers.mailings import lifecycle, wording
from customers.mailings.models import Mailing, OptOut, Recipient, new_secret
from customers.mailings.selectors import Addressee, addressees, audience, kept_of

HEADER = ("title", "way", "reach", "audience", "left_out", "subject", "body")
SEND = "hand_over_mailing"
BATCH = 40
A_WHILE = datetime.timedelta(minutes=10)
MOST = 20_000
WRITTEN_AT_ONCE = 1000


def save_mailing(mailing: Mailing, *, by: Person, given: Mapping[str, Any], version: int | None = None) -> Mailing:
    """Write a mailing or change a draft. The filter is kept as the list of customers reads it, the fields are known ones. C9"""
    wording.check_fields(subject=given["subject"], body=given["body"])
    try:
        asked = kept_of(audience(by, given["audience"]))
    except NotAsked as refusal:
        raise Refused(str(refusal), code="audience") from refusal
    mailing.dated_on = mailing.dated_on or timezone.localdate()
    with editing(mailing, by=by, version=version) as writing:
        for name in HEADER:
            setattr(writing, name, given[name])
        if writing.state == lifecycle.PLANNED.name and not writing.is_mail:
            raise Refused(_("On paper it does not leave by itself."), code="paper", field="way")
        writing.audience, writing.salesperson = asked, by
    return writing


def send_test(mailing: Mailing, *, by: Person) -> Message:
    """The letter as the first of its recipients would get it, to oneself. C9"""
    first = next((one for one in addressees(mailing, by) if one.is_reached), None)
    if first is None:
        raise Refused(_("Nobody would get this letter: look at the filter."), code="nobody")
    if not by.email:
        raise Refused(_("There is no e-mail address of yours in the program; ask your administrator."), code="email")
    test = _("[Test] %(subject)s") % {"subject": wording.filled(mailing.subject, values(first))}
    mail = queue_mail(
        "mailing_test", f"{mailing.pk}:{uuid.uuid4()}", to=by.email, template="mailings/letter", subject=test,
        context=letter(mailing, first), attachments=File.objects.of(mailing), record=mailing, language=settings.LANGUAGE_CODE,
    )  # fmt: skip
    assert mail is not None
    return mail


@performs(lifecycle.SEND)
def send_mailing(mailing: Mailing, *, by: Person) -> Any:
    """Write down everybody it is for, and begin to hand the letters over; on paper they are ready to be printed. C9"""
    found = list(addressees(mailing, by))
    if not any(one.is_reached for one in found):
        raise Refused(_("Nobody would get this letter: look at the filter."), code="nobody")
    if len(found) > MOST:
        raise Refused(_("At most %(most)s letters at once: narrow the filter.") % {"most": f"{MOST:,}"}, code="many")
    mailing.dated_on = timezone.localdate()
    mailing.number = next_number(mailing.kind, on=mailing.dated_on)
    rows = [recipient(mailing, position, one) for position, one in enumerate(found, start=1)]
    Recipient.objects.bulk_create(rows, batch_size=WRITTEN_AT_ONCE)
    if not mailing.is_mail:
        return lifecycle.SENT
    start_work(SEND, by=by, title=f"{mailing.number} {mailing.title}", mailing=mailing.pk)
    return lifecycle.SENDING


def recipient(mailing: Mailing, position: int, one: Addressee) -> Recipient:
    fate = Recipient.Fate.OUT if one.is_reached and not mailing.is_mail else one.fate
    return Recipient(
        mailing=mailing, position=position, party=one.party, party_name=one.party.name, contact=one.contact,
        email=one.email, address=one.address[:400], fate=fate, secret=new_secret(), on=mailing.dated_on,
    )  # fmt: skip


@performs(lifecycle.FINISH)
def finish_mailing(mailing: Mailing, *, by: Person) -> None:
    """Every letter stands in the outbox."""


@performs(lifecycle.CANCEL)
def cancel_mailing(mailing: Mailing, *, by: Person) -> None:
    """Thrown away before anybody got it."""


def hand_over_mailing(pk: int, *, by: Person, advance: Callable[[int], None] = lambda number: None) -> int:
    """Put the letters that wait into the outbox, some at a time; may be done twice and stopped anywhere. How many were put there. C9"""
    put = 0
    while True:
        with transaction.atomic(), acting(by, step=SEND):
            mailing = lock(Mailing(pk=pk), by=by)
            if mailing.state != lifecycle.SENDING.name:
                return put
            rows = list(mailing.lines.waiting().select_related("party__owner").order_by("position")[:BATCH])
            for row in rows:
                put += put_into_outbox(mailing, row)
            Recipient.objects.bulk_update(rows, ["fate", "message"])
            if not rows:
                finish_mailing(mailing, by=Person.objects.system())
                return put
        advance(len(rows))


def hand_over_what_was_left(*, before: datetime.datetime) -> int:
    """Begin again with mailings that were sent off a while ago, still wait, and are in nobody's hands. How many."""
    busy = {work.args.get("mailing") for work in Work.objects.filter(kind=SEND).unfinished()}
    left = Mailing.objects.in_state(lifecycle.SENDING).filter(changed_at__lt=before - A_WHILE).exclude(pk__in=busy)
    for mailing in left:
        start_work(SEND, by=Person.objects.system(), title=f"{mailing.number} {mailing.title}", mailing=mailing.pk)
    return len(left)


def put_into_outbox(mailing: Mailing, row: Recipient) -> bool:
    """One letter; who opted out since the mailing was sent off gets none all the same."""
    if OptOut.objects.filter(email=row.email).exists():
        row.fate = Recipient.Fate.OPTED_OUT
        return False
    one = Addressee(row.party, row.contact, row.email, "", row.fate)
    leave = f"{settings.BASE_URL}{reverse('told:opt-out', args=[row.secret])}"
    row.message = queue_mail(
        "mailing", f"{mailing.pk}:{row.pk}", to=row.email, template="mailings/letter", record=mailing,
        subject=wording.filled(mailing.subject, values(one)), context=letter(mailing, one) | {"leave": leave},
        attachments=File.objects.of(mailing), headers=reply_to(mailing.author) | way_out(leave),
        language=settings.LANGUAGE_CODE,
    )  # fmt: skip
    row.fate = Recipient.Fate.OUT
    return True


def letter(mailing: Mailing, one: Addressee) -> dict[str, Any]:
    """What the template of the letter takes: its own words, filled for one customer."""
    return {"body": wording.filled(mailing.body, values(one)), "writer": mailing.author}


def values(one: Addressee) -> dict[str, str]:
    return wording.values_of(one.party, contact=one.contact, on=timezone.localdate())


def reply_to(person: Person) -> dict[str, str]:
    """An answer reaches whoever wrote, not the program."""
    return {"Reply-To": person.email} if person.email else {}


def way_out(address: str) -> dict[str, str]:
    """Mail programs offer the way out beside the letter, and take it with one click (RFC 8058)."""
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def keep_answer(row: Recipient, *, by: Person, note: str) -> Recipient:
    """What a customer answered to a letter, in a few words. C9"""
    with transaction.atomic(), acting(by, step="keep_answer", note=note):
        locked = Recipient.objects.visible_to(by).select_for_update(of=("self",)).get(pk=row.pk)
        locked.answer = note.strip()[:200]
        locked.save(update_fields=["answer"])
        return locked
