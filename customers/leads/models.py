"""Attracting dealers 招商: what we offer in public, who answered, and the way from an answer to a customer (C6)."""

import datetime
from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.database import append_only
from backoffice.parties.search import search_key
from backoffice.people.models import Department, Person, Region, Role, below
from customers.leads.stages import UNDERWAY, Stage
from customers.models import Customer

CODE = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Small letters, digits and hyphens, please."))


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, person: Person) -> Self:
        """Everybody who may open the page sees them all: most are public."""
        return self

    def current(self, on: datetime.date) -> Self:
        """What anybody may read on a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), is_published=True)


@tracked()
class Offer(models.Model):
    """An offer to dealers 招商信息, shown to everybody on a page of its own once a manager has published it."""

    code = models.CharField(
        _("address"), max_length=40, unique=True, validators=[CODE], help_text=_("The end of its address: «east-2026».")
    )
    title = models.CharField(_("title"), max_length=100)
    summary = models.CharField(_("in one sentence"), max_length=200)
    text = models.TextField(_("offer"), max_length=8000)
    conditions = models.TextField(_("what we expect"), max_length=4000, blank=True)
    area = models.CharField(_("for which area"), max_length=100, blank=True)
    contact = models.CharField(_("contact shown"), max_length=100, blank=True)
    phone = models.CharField(_("telephone shown"), max_length=60, blank=True)
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="offers", verbose_name=_("answers go to")
    )
    ends_on = models.DateField(_("until"), null=True, blank=True)
    is_published = models.BooleanField(_("published"), default=False, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("offer to dealers")
        verbose_name_plural = _("offers to dealers")
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"), name="offer_code"),
            models.CheckConstraint(
                condition=Q(is_published=False) | Q(published_at__isnull=False), name="offer_published_at"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("leads:offer", args=[self.pk])

    def public_url(self) -> str:
        """Where anybody reads it."""
        return reverse("offers:offer", args=[self.code])


NOBODYS = Q(owner=None) | Q(owner__is_active=False, stage__in=UNDERWAY)


class LeadQuerySet(models.QuerySet["Lead"]):
    def visible_to(self, person: Person) -> Self:
        """Nobody's leads are for those who hand them out; else one's own, those of whom one serves, those of one's department."""
        if person.sees_everything:
            return self
        rows = Q(owner=person)
        if person.has_role(Role.ASSISTANT):
            rows |= NOBODYS | Q(owner__in=person.serves.all())
        if person.has_role(Role.MANAGER):
            rows |= NOBODYS
            if person.department_id:
                rows |= Q(owner__department__in=below(Department, [person.department_id]))
        return self.filter(rows)

    def underway(self) -> Self:
        """Neither won nor given up."""
        return self.filter(stage__in=UNDERWAY)

    def nobodys(self) -> Self:
        """Without anybody who answers for them, or open with somebody who has left."""
        return self.filter(NOBODYS)

    def due(self, on: datetime.date) -> Self:
        """New ones, and those whose next call is due."""
        return self.underway().filter(Q(stage=Stage.NEW) | Q(next_on__lte=on))


@tracked(leave_out=("came_from",))
class Lead(models.Model):
    """Somebody who may become a customer 意向客户: where they came from, who calls them, how far it has come."""

    class Source(models.TextChoices):
        PUBLIC = "public", _("Public page")
        FAIR = "fair", _("Fair")
        REFERRAL = "referral", _("Recommendation")
        CALL = "call", _("They called us")
        ADVERT = "advert", _("Advertisement")
        SEARCH = "search", _("Found by us")

    name = models.CharField(_("company"), max_length=200)
    contact = models.CharField(_("contact person"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    business = models.CharField(_("what they do"), max_length=200, blank=True)
    message = models.TextField(_("what they wrote"), max_length=2000, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.CALL)
    offer = models.ForeignKey(
        Offer, models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("offer to dealers")
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.NEW, editable=False)
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("responsible")
    )
    came_on = models.DateField(_("came on"))
    first_call_on = models.DateField(_("first called on"), null=True, blank=True, editable=False)
    next_on = models.DateField(_("next call on"), null=True, blank=True)
    ended_on = models.DateField(_("won or given up on"), null=True, blank=True, editable=False)
    lost_reason = models.CharField(_("why given up"), max_length=300, blank=True, editable=False)
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
        editable=False,
        verbose_name=_("customer"),
    )
    consented_at = models.DateTimeField(_("agreed to be called at"), null=True, blank=True, editable=False)
    consent = models.CharField(_("what they agreed to"), max_length=300, blank=True, editable=False)
    came_from = models.CharField(max_length=64, blank=True, editable=False)  # a hash of the address, for two days
    search = models.TextField(_("search key"), blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LeadQuerySet.as_manager()

    class Meta:
        ordering = ["-came_on", "-pk"]
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        indexes = [
            GinIndex(OpClass("search", "gin_trgm_ops"), name="lead_search"),
            models.Index(fields=["owner", "stage", "next_on"], name="lead_owner"),
            models.Index(fields=["stage", "-came_on"], name="lead_stage"),
            models.Index(fields=["came_from", "created_at"], name="lead_came_from", condition=~Q(came_from="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage=Stage.WON, customer__isnull=False) | (~Q(stage=Stage.WON) & Q(customer=None)),
                name="lead_won_is_a_customer",
            ),
            models.CheckConstraint(condition=~Q(stage=Stage.LOST) | ~Q(lost_reason=""), name="lead_lost_why"),
            models.CheckConstraint(
                condition=Q(stage__in=[str(stage) for stage in UNDERWAY], ended_on=None) | Q(ended_on__gte=models.F("came_on")),
                name="lead_ended",
            ),
            models.CheckConstraint(
                condition=~Q(source="public") | Q(consented_at__isnull=False), name="lead_agreed_to_be_called"
            ),
            models.CheckConstraint(condition=~Q(phone="") | ~Q(email=""), name="lead_can_be_reached"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("leads:lead", args=[self.pk])

    @property
    def is_underway(self) -> bool:
        return self.stage in UNDERWAY

    def fill_search(self) -> None:
        """Bring the search key up to date; services call it before they save."""
        digits = "".join(c for c in self.phone if c.isdigit())
        self.search = " ".join(filter(None, [search_key(self.name, self.contact, self.city), digits]))


@append_only
class LeadCall(models.Model):
    """What was said with a lead 跟进记录; it goes along when the lead becomes a customer."""

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        VISIT = "visit", _("Visit")
        MAIL = "mail", _("E-mail")

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="calls", verbose_name=_("lead"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.CALL)
    happened_on = models.DateField(_("date"))
    text = models.TextField(_("what was said"))
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-happened_on", "-pk"]
        verbose_name = _("call to a lead")
        verbose_name_plural = _("calls to leads")

    def __str__(self) -> str:
        return self.text[:60]
