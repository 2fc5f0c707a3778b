"""Letters to many customers and news to one (C9, C10): whom they reached, who wants none, and links that show a state without a login."""

import datetime
import secrets
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.database import append_only
from backoffice.documents.lines import DocumentLine
from backoffice.documents.models import Document, DocumentQuerySet
from backoffice.lists.queries import QueryField
from backoffice.outbox.models import Channel, Message
from backoffice.parties.models import Party
from backoffice.people.models import Department, Person, Role, below
from backoffice.register.models import Record
from customers.mailings.lifecycle import MAILING

SECRET_BYTES = 18  # 144 bits: nobody guesses an address


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


class TemplateQuerySet(models.QuerySet["LetterTemplate"]):
    def visible_to(self, person: Person) -> Self:
        """Everybody in the office writes with the same ones."""
        return self


@tracked()
class LetterTemplate(models.Model):
    """The words of a letter with fields to be filled 信函模板."""

    class Use(models.TextChoices):
        MAILING = "mailing", _("Mailing to many")
        MESSAGE = "message", _("Message to one")

    name = models.CharField(_("name"), max_length=100, unique=True)
    use = models.CharField(_("used for"), max_length=10, choices=Use, default=Use.MAILING)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    is_active = models.BooleanField(_("active"), default=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("letter template")
        verbose_name_plural = _("letter templates")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("mailings:template-edit", args=[self.pk])


class MailingQuerySet(DocumentQuerySet):
    def visible_to(self, person: Person) -> Self:
        """One's own; a manager those of the department, once they leave; finance and the general manager all (F9)."""
        if person.sees_everything:
            return self
        rows = Q(author=person)
        if person.has_role(Role.MANAGER) and person.department_id:
            rows |= Q(author__department__in=below(Department, [person.department_id])) & ~Q(state="draft")
        return self.filter(rows)

    def with_results(self) -> Self:
        """How many it went to, how many arrived at their server, how many did not."""
        gone, dead = Q(lines__message__state="sent"), Q(lines__message__state="dead") | Q(lines__fate="no_address")
        return self.annotate(
            reached=Count("lines", filter=Q(lines__fate="out")), delivered=Count("lines", filter=gone), failed=Count("lines", filter=dead),
        )  # fmt: skip


class Mailing(Document):
    """The same letter to many customers 群发信函 (C9): by mail, or on paper with labels.

    `audience` is the query of the list of customers; it is asked again at the moment of sending.
    """

    class Way(models.TextChoices):
        MAIL = "mail", _("By e-mail")
        PAPER = "paper", _("On paper, with labels")

    class Reach(models.TextChoices):
        MAIN = "main", _("The main contact of each customer")
        ALL = "all", _("Every contact of each customer")

    lifecycle = MAILING

    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("customer")
    )
    title = models.CharField(_("occasion"), max_length=200)
    way = models.CharField(_("way"), max_length=5, choices=Way, default=Way.MAIL)
    reach = models.CharField(_("to whom"), max_length=4, choices=Reach, default=Reach.MAIN)
    audience = QueryField(_("customers"), max_length=2000, blank=True)
    left_out = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("left out"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    send_at = models.DateTimeField(_("leaves at"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = MailingQuerySet.as_manager()

    class Meta(Document.Meta):
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        indexes = [models.Index(fields=["-dated_on", "-id"], name="mailing_newest")]
        constraints = [
            models.CheckConstraint(condition=~Q(state="planned") | Q(send_at__isnull=False), name="mailing_planned_for")
        ]

    @property
    def is_mail(self) -> bool:
        return self.way == self.Way.MAIL


class RecipientQuerySet(models.QuerySet["Recipient"]):
    def visible_to(self, person: Person) -> Self:
        """Of mailings one sees, and of customers one sees."""
        return self.filter(
            mailing__in=Mailing.objects.visible_to(person), party__in=Party.objects.visible_to(person)
        )  # fmt: skip

    def waiting(self) -> Self:
        return self.filter(fate=Recipient.Fate.WAITING)

    def out(self) -> Self:
        return self.filter(fate=Recipient.Fate.OUT)


class Recipient(DocumentLine):
    """One whom a mailing was for, and what became of it: written at the moment of sending, kept as it was then."""

    document_field = "mailing"
    COUNTERS = ("fate", "message_id", "opted_out_at", "answer")
    UNTOLD = ("fate", "message_id", "opted_out_at")  # the outbox and the opt-outs tell of them

    class Fate(models.TextChoices):
        WAITING = "waiting", _("Waits to be handed over")
        OUT = "out", _("Gone out")
        NO_ADDRESS = "no_address", _("No address")
        OPTED_OUT = "opted_out", _("Wants no mailings")

    mailing = models.ForeignKey(Mailing, models.PROTECT, related_name="lines", verbose_name=_("mailing"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("customer"))
    party_name = models.CharField(_("name"), max_length=200)
    contact = models.CharField(_("contact person"), max_length=100, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    address = models.CharField(_("address"), max_length=400, blank=True)
    fate = models.CharField(_("what became of it"), max_length=10, choices=Fate, default=Fate.WAITING)
    message = models.OneToOneField(
        Message, models.PROTECT, null=True, blank=True, related_name="recipient_of_mailing", verbose_name=_("mail")
    )
    secret = models.CharField(max_length=40, unique=True, default=new_secret, editable=False)
    on = models.DateField(_("date"))
    opted_out_at = models.DateTimeField(_("opted out at"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)

    objects = RecipientQuerySet.as_manager()

    class Meta(DocumentLine.Meta):
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        constraints = [
            models.UniqueConstraint(fields=["mailing", "position"], name="recipient_position_once"),
            models.UniqueConstraint(
                fields=["mailing", "email"], name="recipient_address_once", condition=~Q(email="")
            ),
            models.CheckConstraint(condition=~Q(fate="out") | ~Q(email="") | ~Q(address=""), name="recipient_has_address"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["party", "-on", "-id"], name="recipient_party")]

    def __str__(self) -> str:
        return f"{self.party_name} {self.contact}".strip()

    def get_absolute_url(self) -> str:
        return self.message.get_absolute_url() if self.message else ""

    @property
    def result(self) -> str:
        """What became of it in words: of a mail, how the server took it."""
        return self.message.get_state_display() if self.message else self.get_fate_display()


class OptOutQuerySet(models.QuerySet["OptOut"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(party__in=Party.objects.visible_to(person))


@tracked(party="party_id")
class OptOut(models.Model):
    """An address that wants no mailings 退订, whoever of the customer's it belongs to; by its own click, or told to the office."""

    email = models.EmailField(_("e-mail"), unique=True)
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("customer"))
    recipient = models.ForeignKey(
        Recipient, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("after the letter")
    )
    told_to = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("told to")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = OptOutQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        verbose_name = _("opt-out")
        verbose_name_plural = _("opt-outs")
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient__isnull=False) | Q(told_to__isnull=False), name="opt_out_has_its_source"
            )
        ]

    def __str__(self) -> str:
        return self.email


@tracked(party="party_id")
class NewsWish(models.Model):
    """How a customer wants to hear of their goods 发货通知方式; without a row by mail and by text message."""

    party = models.OneToOneField(
        Party, models.CASCADE, primary_key=True, related_name="news_wish", verbose_name=_("customer")
    )
    by_mail = models.BooleanField(_("by e-mail"), default=True)
    by_sms = models.BooleanField(_("by text message"), default=True)
    language = models.CharField(_("language"), max_length=10, choices=Person.Language, default=Person.Language.CHINESE)

    class Meta:
        verbose_name = _("wish about news")
        verbose_name_plural = _("wishes about news")

    def __str__(self) -> str:
        return str(self.party)


class LinkQuerySet(models.QuerySet["PrivateLink"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(record__in=Record.objects.visible_to(person))

    def alive(self, at: datetime.datetime | None = None) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=at or timezone.now())

    def with_visits(self) -> Self:
        return self.annotate(visited=Count("visits"), last_visit=models.Max("visits__at"))


@tracked("record_id", party="party_id", leave_out=("digest",))
class PrivateLink(models.Model):
    """An address that shows the state of one document to whoever has it, until it runs out 状态查询链接 (C10, X34).

    Only the SHA-256 of its secret is kept: nobody can read the address out of the database.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="private_links", verbose_name=_("document"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("customer"))
    told = models.CharField(_("for whom"), max_length=254, blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("revoked by")
    )

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("private link")
        verbose_name_plural = _("private links")
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="private_link_expires"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="private_link_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record} · {timezone.localtime(self.made_at):%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("mailings:about", args=[self.record_id])

    @property
    def is_alive(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


@append_only
class LinkVisit(models.Model):
    """Somebody opened a private link: when and from where."""

    link = models.ForeignKey(PrivateLink, models.PROTECT, related_name="visits", verbose_name=_("private link"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    address = models.GenericIPAddressField(_("from"), null=True, blank=True)
    agent = models.CharField(_("browser"), max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        indexes = [models.Index(fields=["link", "-at"], name="link_visit_newest")]

    def __str__(self) -> str:
        return f"{self.at}"


class NewsQuerySet(models.QuerySet["News"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(party__in=Party.objects.visible_to(person))

    def not_received(self, on: datetime.date) -> Self:
        """Given up in the last week, and nothing got through to that customer since."""
        week = on - datetime.timedelta(days=7)
        later = News.objects.filter(party=models.OuterRef("party"), pk__gt=models.OuterRef("pk"), message__state="sent")
        return self.filter(message__state="dead", at__date__gte=week).exclude(models.Exists(later))


@tracked("record_id", party="party_id")
class News(models.Model):
    """What one customer was told, about a document or not 客户通知 (C10). Of goods sent, moving or arrived: once each."""

    class Kind(models.TextChoices):
        DISPATCHED = "dispatched", _("Goods dispatched")
        ON_THE_WAY = "on_the_way", _("On the way")
        DELIVERED = "delivered", _("Goods arrived")
        MESSAGE = "message", _("Message")

    ONCE = (Kind.DISPATCHED, Kind.ON_THE_WAY, Kind.DELIVERED)

    party = models.ForeignKey(Party, models.PROTECT, related_name="news", verbose_name=_("customer"))
    record = models.ForeignKey(
        Record, models.PROTECT, null=True, blank=True, related_name="news", verbose_name=_("document")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    channel = models.CharField(_("channel"), max_length=4, choices=Channel)
    contact = models.CharField(_("contact person"), max_length=100, blank=True)
    message = models.OneToOneField(Message, models.PROTECT, related_name="news", verbose_name=_("message"))
    link = models.ForeignKey(
        PrivateLink, models.PROTECT, null=True, blank=True, related_name="news", verbose_name=_("private link")
    )
    told_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    on = models.DateField(_("date"), default=timezone.localdate)
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = NewsQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("message to a customer")
        verbose_name_plural = _("messages to customers")
        indexes = [models.Index(fields=["party", "-on", "-id"], name="news_party")]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "kind", "channel"], name="news_told_once",
                condition=Q(kind__in=["dispatched", "on_the_way", "delivered"]),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.message.subject

    def get_absolute_url(self) -> str:
        return self.message.get_absolute_url()
