"""What the market does 市场信息 (C7): short notes on prices and competitors, and the brief in which each went out."""

import datetime
from decimal import Decimal
from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.audit import tracked
from backoffice.database.queries import among
from backoffice.parties.models import Party
from backoffice.parties.search import fold, search_key
from backoffice.people.models import Person, Region
from backoffice.stock.models import Product


class CompetitorQuerySet(models.QuerySet["Competitor"]):
    def visible_to(self, person: Person) -> "CompetitorQuerySet":
        """Everybody in sales knows who sells the same."""
        return self

    def matching(self, typed: str) -> "CompetitorQuerySet":
        rows = self
        for word in fold(typed).split():
            rows = rows.filter(search__holds=word)
        return rows


@tracked(leave_out=("search",))
class Competitor(models.Model):
    """Somebody who sells the same as we do 同行/竞争对手."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    brands = models.CharField(_("brands"), max_length=200, blank=True)
    note = models.TextField(_("remarks"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    search = models.TextField(_("search key"), blank=True, editable=False)

    objects = CompetitorQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("competitor")
        verbose_name_plural = _("competitors")
        indexes = [GinIndex(OpClass("search", "gin_trgm_ops"), name="competitor_search")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("market:competitor", args=[self.pk])

    def fill_search(self) -> None:
        self.search = search_key(self.name, self.brands)


class Brief(models.Model):
    """The daily brief 市场简报: the notes since the one before, as they went to the managers."""

    day = models.DateField(_("day"), unique=True)
    watermark = models.DateTimeField(_("notes up to"))
    is_late = models.BooleanField(_("late"), default=False)
    mails = models.PositiveSmallIntegerField(_("mails"), default=0)

    class Meta:
        ordering = ["-day"]
        verbose_name = _("market brief")
        verbose_name_plural = _("market briefs")

    def __str__(self) -> str:
        return str(self.day)

    def get_absolute_url(self) -> str:
        return reverse("market:brief", args=[self.pk])


class MarketNoteQuerySet(models.QuerySet["MarketNote"]):
    def visible_to(self, person: Person) -> Self:
        """What was heard at a customer's is for those who may know the customer; the rest for all in sales."""
        if person.sees_everything:
            return self
        return self.filter(Q(party=None) | among(Party.objects.visible_to(person), "party") | Q(author=person))

    def prices(self) -> Self:
        return self.filter(price__isnull=False)

    def unsent(self) -> Self:
        """In no brief yet."""
        return self.filter(brief=None)

    def between(self, first: datetime.date, last: datetime.date) -> Self:
        return self.filter(noted_on__range=(first, last))


@tracked(party="party_id", leave_out=("brief_id",))
class MarketNote(models.Model):
    """One thing heard of the market. A price is that of one unit of our product, tax included."""

    class Kind(models.TextChoices):
        PRICE = "price", pgettext_lazy("market", "Price")
        PROMOTION = "promotion", pgettext_lazy("market", "Promotion")
        PRODUCT = "product", pgettext_lazy("market", "New product")
        MOVE = "move", pgettext_lazy("market", "What competitors do")
        DEMAND = "demand", pgettext_lazy("market", "Demand")
        POLICY = "policy", pgettext_lazy("market", "Rules and policy")

    class Source(models.TextChoices):
        CUSTOMER = "customer", pgettext_lazy("source", "A customer")
        DEALER = "dealer", pgettext_lazy("source", "A dealer")
        WEB = "web", pgettext_lazy("source", "The web")
        FAIR = "fair", pgettext_lazy("source", "A fair")
        VISIT = "visit", pgettext_lazy("source", "Seen on the spot")
        OTHER = "other", pgettext_lazy("source", "Other")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PRICE)
    noted_on = models.DateField(_("date"))
    text = models.TextField(_("what was heard"), blank=True)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="market_notes", verbose_name=_("product")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    competitor = models.ForeignKey(
        Competitor, models.PROTECT, null=True, blank=True, related_name="notes", verbose_name=_("competitor")
    )
    their_product = models.CharField(_("their product"), max_length=120, blank=True)
    price = models.DecimalField(_("price"), max_digits=18, decimal_places=6, null=True, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.CUSTOMER)
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="market_notes", verbose_name=_("heard from")
    )
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", editable=False, verbose_name=_("by"))
    brief = models.ForeignKey(
        Brief, models.PROTECT, null=True, blank=True, related_name="notes", editable=False, verbose_name=_("brief")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MarketNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-noted_on", "-pk"]
        verbose_name = _("market note")
        verbose_name_plural = _("market notes")
        indexes = [
            models.Index(fields=["-noted_on", "-id"], name="market_newest"),
            models.Index(fields=["product", "noted_on"], name="market_price", condition=Q(price__isnull=False)),
            models.Index(fields=["party", "-noted_on"], name="market_party", condition=Q(party__isnull=False)),
            models.Index(fields=["created_at"], name="market_unsent", condition=Q(brief=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="price") | Q(price__isnull=False, product__isnull=False),
                name="market_price_of_product",
            ),
            models.CheckConstraint(condition=Q(price=None) | Q(price__gt=0), name="market_price_positive"),
            models.CheckConstraint(condition=~Q(text="") | Q(price__isnull=False), name="market_says_something"),
        ]

    def __str__(self) -> str:
        return self.text[:60] or f"{self.product} {self.price}"

    def get_absolute_url(self) -> str:
        return reverse("market:note", args=[self.pk])

    @property
    def against_ours(self) -> Decimal | None:
        """Their price as a share of our list price, less one: −5 % is cheaper than we are."""
        if self.price is None or self.product is None or not self.product.list_price:
            return None
        return self.price / self.product.list_price - 1
