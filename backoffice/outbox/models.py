"""What leaves the house by mail, and what people are told inside the program."""

import uuid
from collections.abc import Callable
from email.utils import make_msgid
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.database.queries import among
from backoffice.people.models import Role
from backoffice.register.models import Record


class MessageState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    DEAD = "dead", _("Given up")


class Channel(models.TextChoices):
    MAIL = "mail", _("E-mail")
    SMS = "sms", _("Text message")


def new_message_id() -> str:
    """Fixed once for a message, so that a copy after a crash is recognised as the same message."""
    return make_msgid(domain=settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost")


THEIRS: list[Callable[[Any], Q]] = []


def theirs(which: Callable[[Any], Q]) -> Callable[[Any], Q]:
    """A higher app says which mails without a document are a person's to see: `@theirs` over `(person) -> Q`."""
    THEIRS.append(which)
    return which


class MessageQuerySet(models.QuerySet["Message"]):
    def ready(self) -> "MessageQuerySet":
        """What may be handed over now, the longest waiting first."""
        return self.filter(state=MessageState.WAITING, not_before__lte=timezone.now()).order_by("not_before", "pk")

    def visible_to(self, person: Any) -> "MessageQuerySet":
        """Administrators see every mail; others their own, those about documents that they see, and what is `theirs`."""
        if person.has_role(Role.ADMINISTRATOR) or person.is_system:
            return self
        seen = Q(person_id=person.pk) | among(Record.objects.visible_to(person), "record")
        return self.filter(reduce(or_, (which(person) for which in THEIRS), seen))

    def unsent(self) -> "MessageQuerySet":
        return self.filter(state__in=(MessageState.WAITING, MessageState.SENDING))


class Message(models.Model):
    """发件箱: one mail or text message to one recipient, kept exactly as it was sent."""

    channel = models.CharField(_("Channel"), max_length=4, choices=Channel, default=Channel.MAIL)
    topic = models.CharField(_("Topic"), max_length=80)
    dedupe_key = models.CharField(max_length=300, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="mails",
        verbose_name=_("Person"),
    )
    recipient = models.CharField(_("Recipient"), max_length=254)  # an address, or the number of a telephone
    language = models.CharField(max_length=10)
    subject = models.CharField(_("Subject"), max_length=300)
    html = models.TextField(blank=True)
    text = models.TextField()
    headers = models.JSONField(default=dict, blank=True)  # of a mail: Reply-To, List-Unsubscribe
    record = models.ForeignKey(Record, null=True, blank=True, on_delete=models.PROTECT, related_name="mails")
    state = models.CharField(_("State"), max_length=10, choices=MessageState.choices, default=MessageState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=200, unique=True, default=new_message_id)
    error = models.TextField(_("Error"), blank=True)
    created_at = models.DateTimeField(_("Written"), default=timezone.now)
    sent_at = models.DateTimeField(_("Sent"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("Mail")
        verbose_name_plural = _("Mails")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sending", lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(state="sending") & Q(lease_token__isnull=True)),
                name="message_held_while_sending",
                violation_error_message=_("A mail is held by a worker exactly while it is being sent."),
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="message_sent_has_its_time",
                violation_error_message=_("A mail has a time of sending exactly when it was sent."),
            ),
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state__in=("waiting", "sending")), name="message_open"),
            models.Index(fields=["-created_at"], name="message_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"

    def get_absolute_url(self) -> str:
        return reverse("control:mail", args=[self.pk])


class Attachment(models.Model):
    """A file that goes along; one with a content id stands inside the mail as a picture."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")
    content_id = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "file", "content_id"], name="attachment_once_per_message"),
        ]

    def __str__(self) -> str:
        return str(self.file)


class MailWish(models.TextChoices):
    NEVER = "never", _("Only in the program")
    AT_ONCE = "at_once", _("Also by mail, at once")
    DAILY = "daily", _("Also by mail, once a day")


class Preference(models.Model):
    """How one person wants to hear of one topic; without a row the topic's own default holds."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_preferences")
    topic = models.CharField(max_length=80)
    mail = models.CharField(_("By mail"), max_length=10, choices=MailWish.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "topic"], name="preference_once_per_topic")]

    def __str__(self) -> str:
        return f"{self.person} {self.topic}"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, person: Any) -> "NotificationQuerySet":
        """One's own."""
        return self.filter(person_id=person.pk)

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """消息: one line to one person, with the document it is about."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    topic = models.CharField(max_length=80)
    key = models.CharField(max_length=100, blank=True)  # what is told once only: with topic and person it is unique
    text = models.CharField(_("Text"), max_length=300)
    record = models.ForeignKey(Record, null=True, blank=True, on_delete=models.PROTECT, related_name="notifications")
    url = models.CharField(max_length=500, blank=True)
    mail = models.CharField(max_length=10, choices=MailWish.choices, default=MailWish.NEVER)
    mailed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(_("Read"), null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Notification")
        verbose_name_plural = _("Notifications")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["person", "-created_at"], name="notification_of_person"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notification_unread"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "key", "person"], condition=~Q(key=""), name="notification_told_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def link(self) -> str:
        """Where the person is led: what was given, else the door of the document."""
        return self.url or (reverse("pages:document", args=[self.record_id]) if self.record_id else "")
