"""Handing the outbox over to the mail server and the gateway of text messages, one claimed message at a time.

SMTP cannot be exactly once: a message is leased before it leaves, so none is lost; after a crash between the server's «250» and
our commit it leaves again under the same Message-ID, at most three times.
"""

import smtplib
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from email.mime.image import MIMEImage
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.celery import wake

from .gateways import Gateway, GatewayAway, NotTaken, gateway_of_settings
from .models import Channel, Message, MessageState
from .services import SEND_MAIL

log = structlog.get_logger(__name__)
LEASE = timedelta(seconds=120)
MOST_CRASHES = 3
MOST_ATTEMPTS = 20  # with the pauses below about two days
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40, 60, 120, 180)]
BATCH_SECONDS = 200.0

AWAY = (
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPServerDisconnected,
)
Alarm = Callable[[Message], None]
ON_GIVEN_UP: list[Alarm] = []  # registered by higher layers: what happens in the transaction that gives a mail up


class ServerAway(Exception):
    """The server cannot be reached or does not let us in: no fault of the message, and no use in trying the next."""


def send_waiting() -> int:
    """Hand over what is ready until nothing is left or the time is up; how many left the house."""
    connection, gateway = get_connection(), gateway_of_settings()
    try:
        mails = _send(Channel.MAIL, partial(_hand_over, connection=connection))
    finally:
        with suppress(smtplib.SMTPException, OSError):
            connection.close()
    return mails + (_send(Channel.SMS, partial(_hand_over_text, gateway=gateway)) if gateway else 0)


def _send(channel: str, hand_over: Callable[[Message], int]) -> int:
    """One channel: a mail server that is away holds up no text message, and the other way round."""
    sent, stop_at = 0, time.monotonic() + BATCH_SECONDS / 2
    while message := claim(channel):
        try:
            sent += hand_over(message)
        except ServerAway as error:
            log.warning("server_away", channel=channel, error=str(error))
            break
        if time.monotonic() > stop_at:
            wake(SEND_MAIL)
            break
    return sent


@transaction.atomic
def claim(channel: str = Channel.MAIL) -> Message | None:
    """Lease the longest-waiting message of a channel; two senders never get the same one."""
    message = Message.objects.ready().filter(channel=channel).select_for_update(skip_locked=True, of=("self",)).first()
    if message:
        lease = {"state": MessageState.SENDING, "lease_token": uuid.uuid4(), "lease_until": timezone.now() + LEASE}
        _write(message, attempts=message.attempts + 1, **lease)
    return message


@transaction.atomic
def free_abandoned() -> None:
    """A lease that ran out is a sender that died: the message waits again, or is given up after the third time."""
    abandoned = Message.objects.filter(state=MessageState.SENDING, lease_until__lt=timezone.now())
    for message in abandoned.select_for_update(skip_locked=True, of=("self",)):
        log.warning("mail_abandoned", message=message.pk, crashes=message.crashes + 1)
        message.crashes += 1
        if message.crashes >= MOST_CRASHES:
            _give_up(
                message, _("The sender was lost %(times)s times while handing this over.") % {"times": message.crashes}
            )
        else:
            _write(message, state=MessageState.WAITING, lease_token=None, lease_until=None, crashes=message.crashes)


def wake_if_waiting() -> None:
    """At each tick."""
    free_abandoned()
    if Message.objects.ready().exists():
        wake(SEND_MAIL)


def _hand_over(message: Message, connection: Any) -> int:
    """1 when the server took it."""
    try:
        mail = compose(message, connection)
    except Exception as error:  # noqa: BLE001 - a file that is gone, an address that is none: no later try can help
        _settle(message, f"{type(error).__name__}: {error}", final=True)
        return 0
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        _put_back(message, str(error))
        raise ServerAway(str(error)) from error
    try:
        mail.send()
    except AWAY as error:
        _settle(message, str(error), final=False)
        raise ServerAway(str(error)) from error
    except smtplib.SMTPException as error:
        code, words = _verdict(error)
        _settle(message, f"{code} {words}", final=code >= 500)
        return 0
    except OSError as error:
        _settle(message, str(error), final=False)
        raise ServerAway(str(error)) from error
    _settle(message, "", final=True)
    return 1


def _hand_over_text(message: Message, gateway: Gateway) -> int:
    """1 when the gateway took it. The fixed Message-ID goes along, so that a copy after a crash is known as the same."""
    try:
        gateway.send(message.recipient, message.text, message.message_id)
    except GatewayAway as error:
        _put_back(message, str(error))
        raise ServerAway(str(error)) from error
    except NotTaken as error:
        _settle(message, str(error), final=error.is_final)
        return 0
    _settle(message, "", final=True)
    return 1


def compose(message: Message, connection: Any = None) -> EmailMultiAlternatives:
    """The mail as it leaves, from what was kept."""
    mail = EmailMultiAlternatives(
        message.subject,
        message.text,
        settings.DEFAULT_FROM_EMAIL,
        [message.recipient],
        connection=connection,
        headers={
            **message.headers,
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-generated",
            "X-Topic": message.topic,
        },
    )
    mail.attach_alternative(message.html, "text/html")
    for row in message.attachments.select_related("file"):
        content = row.file.read()
        if row.content_id:
            picture = MIMEImage(content, row.file.content_type.rpartition("/")[2])
            picture.add_header("Content-ID", f"<{row.content_id}>")
            picture.add_header("Content-Disposition", "inline", filename=row.file.original_name)
            mail.attach(picture)
        else:
            mail.attach(row.file.original_name, content, row.file.content_type)
    return mail


def _verdict(error: smtplib.SMTPException) -> tuple[int, str]:
    """What the server said about this very message: its code and its words."""
    code: int
    words: str | bytes
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    else:
        code, words = 0, str(error)
    return int(code), words.decode(errors="replace") if isinstance(words, bytes) else str(words)


@transaction.atomic
def _put_back(message: Message, error: str) -> None:
    """The server was not reached: no attempt at this mail, which goes as soon as the server is back, however long that takes."""
    free = {"lease_token": None, "lease_until": None, "error": error, "attempts": message.attempts - 1}
    if (
        mine := Message.objects.select_for_update(of=("self",))
        .filter(pk=message.pk, lease_token=message.lease_token)
        .first()
    ):
        _write(mine, state=MessageState.WAITING, not_before=timezone.now() + PAUSES[0], **free)


@transaction.atomic
def _settle(message: Message, error: str, *, final: bool) -> None:
    """How the hand-over ended, where the lease is still mine."""
    if (
        not Message.objects.select_for_update(of=("self",))
        .filter(pk=message.pk, lease_token=message.lease_token)
        .exists()
    ):
        log.warning("mail_taken_over", message=message.pk)
    elif not error:
        free = {"lease_token": None, "lease_until": None, "error": ""}
        _write(message, state=MessageState.SENT, sent_at=timezone.now(), **free)
    elif final or message.attempts >= MOST_ATTEMPTS:
        _give_up(message, error)
    else:
        pause = PAUSES[min(message.attempts, len(PAUSES)) - 1]
        free = {"lease_token": None, "lease_until": None, "error": error}
        _write(message, state=MessageState.WAITING, not_before=timezone.now() + pause, **free)


def _give_up(message: Message, error: str) -> None:
    log.error("mail_given_up", message=message.pk, topic=message.topic, error=error)
    _write(message, state=MessageState.DEAD, lease_token=None, lease_until=None, error=error, crashes=message.crashes)
    for act in ON_GIVEN_UP:
        act(message)


def _write(message: Message, **values: Any) -> None:
    Message.objects.filter(pk=message.pk).update(**values)
    for name, value in values.items():
        setattr(message, name, value)
