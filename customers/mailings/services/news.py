"""News to one customer 客户通知 (C10): goods sent, on the way, arrived, each once and as the customer wishes; and messages by hand."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.files.models import File
from backoffice.outbox.models import Channel, Message
from backoffice.outbox.services import queue_mail, queue_text, telephone
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.register.models import Record
from customers.mailings.models import News, NewsWish, PrivateLink
from customers.mailings.selectors import mail_address, mobile_of, refuses
from customers.mailings.services.links import USUAL_DAYS, make_link
from customers.mailings.services.mailings import reply_to
from customers.mailings.showing import is_shown

TOPIC = "customer_news"
MOST_TEXT = 500  # characters of a text message: more is many of them


@dataclass(frozen=True)
class Words:
    """What is said, in the customer's language: a subject and a sentence, facts and goods for the mail, a short text for the telephone."""

    subject: str
    text: str
    short: str
    facts: Sequence[tuple[str, Any]] = ()
    goods: Sequence[tuple[str, str]] = field(default_factory=tuple)


def tell_customer(
    record: Any, kind: str, *, by: Person, words: Callable[[], Words], mobile: str = "", contact: str = ""
) -> list[News]:
    """Tell the customer of a document by mail and by text message, as they wish, each once for this document and kind. C10

    `words` is called in the customer's language. `mobile` and `contact` are whom the document names; without them the main
    contact is told. Nothing is told where there is no address: that never holds a step up.
    """
    party = record.party
    wish = NewsWish.objects.filter(party=party).first() or NewsWish(party=party)
    told = set(News.objects.filter(record=record.pk, kind=kind).values_list("channel", flat=True))
    name, address = mail_address(party)
    whose, number = (contact, mobile) if telephone(mobile) and not refuses(party, mobile) else mobile_of(party)
    open_to = {
        Channel.MAIL: (name, address if wish.by_mail else ""),
        Channel.SMS: (whose, telephone(number) if wish.by_sms else ""),
    }
    wanted = {channel: to for channel, to in open_to.items() if channel not in told and to[1]}
    if not wanted:
        return []
    with translation.override(wish.language), acting(by, step="tell_customer"):
        said = words()
        link, url = link_to(Record.objects.get(pk=record.pk), by=by, told=address)
        made = [tell(channel, to, said, url, by=by, record=record, kind=kind) for channel, to in wanted.items()]
        return keep_news(party, kind, [row for row in made if row], by=by, record_id=record.pk, link=link)


def tell(
    channel: str, to: tuple[str, str], said: Words, url: str, *, by: Person, record: Any, kind: str
) -> tuple[str, Message] | None:
    """Into the outbox, and to whom; nothing where the company sends no text messages."""
    name, address = to
    key, language = f"{record.pk}:{kind}", translation.get_language() or settings.LANGUAGE_CODE
    if channel == Channel.SMS:
        sent = queue_text(
            TOPIC, key, to=address, text=f"{said.short} {url}".strip()[:MOST_TEXT], record=record, language=language
        )
    else:
        context = {"said": said, "name": name, "url": url, "days": USUAL_DAYS}
        sent = queue_mail(
            TOPIC, key, to=address, template="mailings/news", subject=said.subject, context=context, record=record, language=language,
            headers=reply_to(record.salesperson or by),
        )  # fmt: skip
    return (name, sent) if sent else None


def keep_news(
    party: Party,
    kind: str,
    told: Sequence[tuple[str, Message]],
    *,
    by: Person,
    record_id: int | None,
    link: PrivateLink | None,
) -> list[News]:
    """What was told stands with the customer and the document."""
    return [
        News.objects.create(
            party=party,
            record_id=record_id,
            kind=kind,
            channel=message.channel,
            contact=name,
            message=message,
            link=link,
            told_by=by,
        )
        for name, message in told
    ]


def link_to(record: Record, *, by: Person, told: str) -> tuple[PrivateLink | None, str]:
    return make_link(record, by=by, told=told) if is_shown(record) else (None, "")


def write_message(
    party: Party, *, by: Person, given: Mapping[str, Any], record: Record | None = None, papers: Sequence[File] = ()
) -> News:
    """A message by hand: `channel`, `to`, `contact`, `subject`, `text`, and `with_link` for the document's state; a mail with `papers`. C10"""
    channel, to = given["channel"], given["to"].strip()
    if record is not None and record.party_id != party.pk:
        raise Refused(_("This document is another customer's."), code="party")
    with transaction.atomic(), acting(by, step="write_message"):
        seen = Party.objects.visible_to(by).get(pk=party.pk)
        link, url = make_link(record, by=by, told=to) if record and given.get("with_link") else (None, "")
        message = send_written(channel, to, given, url, by=by, record=record, papers=papers)
        [news] = keep_news(
            seen,
            News.Kind.MESSAGE,
            [(given.get("contact", ""), message)],
            by=by,
            record_id=record.pk if record else None,
            link=link,
        )
        return news


def send_written(
    channel: str,
    to: str,
    given: Mapping[str, Any],
    url: str,
    *,
    by: Person,
    record: Record | None,
    papers: Sequence[File],
) -> Message:
    key = str(uuid.uuid4())
    if channel == Channel.SMS:
        if not telephone(to):
            raise Refused(_("«%(typed)s» is no mobile telephone.") % {"typed": to}, code="mobile", field="to")
        sent = queue_text(TOPIC, key, to=to, text=f"{given['text']} {url}".strip(), record=record)
        if sent is None:
            raise Refused(
                _("This company sends no text messages: no gateway is set up."), code="gateway", field="channel"
            )
        return sent
    said = Words(subject=given["subject"], text=given["text"], short="")
    sent = queue_mail(
        TOPIC, key, to=to, template="mailings/news", subject=given["subject"], record=record, headers=reply_to(by), language=settings.LANGUAGE_CODE,
        context={"said": said, "name": given.get("contact", ""), "url": url, "days": USUAL_DAYS, "writer": by}, attachments=papers,
    )  # fmt: skip
    assert sent is not None
    return sent


def save_wish(party: Party, *, by: Person, given: Mapping[str, Any]) -> NewsWish:
    """How this customer wants to hear of their goods."""
    with transaction.atomic(), acting(by, step="save_news_wish"):
        seen = Party.objects.visible_to(by).select_for_update(of=("self",)).get(pk=party.pk)
        wish, _is_new = NewsWish.objects.update_or_create(
            party=seen, defaults={name: given[name] for name in ("by_mail", "by_sms", "language")}
        )
        return wish
