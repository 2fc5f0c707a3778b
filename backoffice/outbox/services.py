"""Putting something into the outbox; nothing here touches the network."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import css_inline
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise

from backoffice.celery import wake
from backoffice.people.models import Person

from .gateways import gateway_of_settings
from .models import Attachment, Channel, Message, MessageState
from .plain import plain_text

SEND_MAIL = "backoffice.outbox.tasks.send_waiting"
MOBILE = re.compile(r"1[3-9]\d{9}")  # of mainland China
FOREIGN = re.compile(r"\+[1-9]\d{7,14}")
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)


def queue_mail(
    topic: str,
    key: str,
    *,
    to: "Person | str",
    template: str,
    subject: str | Promise,
    context: Mapping[str, Any] | None = None,
    attachments: Iterable[Any] = (),
    pictures: Mapping[str, Any] | None = None,
    record: Any = None,
    language: str = "",
    headers: Mapping[str, str] | None = None,
) -> Message | None:
    """Write one mail to one recipient, unless this very one (topic, key, recipient) has been written before.

    It is rendered now, in the recipient's language, and kept as it will be sent. `attachments` are Files, `pictures` maps a
    content id (`<img src="cid:…">`) to a File, `headers` are put to the mail's own. Returns None where the person has no address. Leaves after commit.
    """
    person, address = (to, to.email) if isinstance(to, Person) else (None, to)
    if not address:
        return None
    language = language or (person.language if person else settings.LANGUAGE_CODE)
    with translation.override(language):
        subject_line = " ".join(str(subject).split())[:300]
        html = render_mail(
            template, {**(context or {}), "subject": subject_line, "person": person, "language": language}
        )
    message = Message(
        topic=topic, dedupe_key=f"{topic}:{key}:{address.casefold()}", person=person, recipient=address, language=language,
        subject=subject_line, html=html, text=plain_text(html), record_id=getattr(record, "pk", record),
        headers=dict(headers or {}),
    )  # fmt: skip
    return _write(message, attachments, pictures)


def queue_text(topic: str, key: str, *, to: str, text: str, record: Any = None, language: str = "") -> Message | None:
    """Write one text message 短信 to one telephone, unless this very one has been written before. None where none can be sent."""
    number = telephone(to)
    if not number or gateway_of_settings() is None:
        return None
    return _write(
        Message(
            channel=Channel.SMS, topic=topic, dedupe_key=f"{topic}:{key}:{number}", recipient=number, subject=text[:300],
            language=language or settings.LANGUAGE_CODE, text=text, record_id=getattr(record, "pk", record),
        )
    )  # fmt: skip


def telephone(typed: str) -> str:
    """The number of a mobile telephone as it is dialled (+86 before it where it has no other); nothing for any other number."""
    digits = re.sub(r"[^\d+]", "", typed)
    bare = digits.removeprefix("+86").removeprefix("0086")
    if MOBILE.fullmatch(bare):
        return f"+86{bare}"
    return digits if FOREIGN.fullmatch(digits) and not digits.startswith("+86") else ""


def _write(message: Message, attachments: Iterable[Any] = (), pictures: Mapping[str, Any] | None = None) -> Message:
    """The message as it stands in the outbox: this one, or the same that was written before."""
    with transaction.atomic():
        Message.objects.bulk_create([message], ignore_conflicts=True)
        kept = Message.objects.get(dedupe_key=message.dedupe_key)
        if kept.message_id == message.message_id:
            _attach(kept, attachments, pictures or {})
            wake(SEND_MAIL)
    return kept


def render_mail(template: str, context: Mapping[str, Any]) -> str:
    """`templates/mail/<template>.html` with its styles written into the elements, as mail programs need it."""
    full = {**context, "company": settings.COMPANY_NAME, "base_url": settings.BASE_URL}
    return _inliner.inline(render_to_string(f"mail/{template}.html", full))


def _attach(message: Message, attachments: Iterable[Any], pictures: Mapping[str, Any]) -> None:
    rows = [Attachment(message=message, file=file) for file in attachments]
    rows += [Attachment(message=message, file=file, content_id=content_id) for content_id, file in pictures.items()]
    Attachment.objects.bulk_create(rows)


def send_again(message: Message) -> None:
    """An administrator hands a mail that was given up (or sent) over once more, as it stands, under the same Message-ID."""
    Message.objects.filter(pk=message.pk).exclude(state=MessageState.SENDING).update(
        state=MessageState.WAITING, attempts=0, crashes=0, sent_at=None, error="", not_before=timezone.now()
    )
    wake(SEND_MAIL)
