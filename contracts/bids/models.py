"""Bids 投标 (K5): the notice with its dates, the documents it asks for, the deposit, who else bid at what price, and how it ended."""

import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.database import append_only, trigger
from backoffice.documents.models import Document, DocumentQuerySet
from backoffice.ledger.models import Entry
from backoffice.people.models import Person
from backoffice.stock.models import Product
from contracts.bids.lifecycle import BID, DRAFT, DROPPED, HANDED_IN, LOST, PREPARING, SUBMITTED, WON
from contracts.models import Contract

SOON = datetime.timedelta(days=7)
MONEY: dict[str, Any] = {"max_digits": 18, "decimal_places": 2}


class BidQuerySet(DocumentQuerySet):
    def before_handing_in(self) -> Self:
        return self.in_state(DRAFT, SUBMITTED, PREPARING)

    def closing(self, on: datetime.date) -> Self:
        """Not handed in, and the deadline is within a week or past."""
        return self.before_handing_in().filter(closes_at__date__lte=on + SOON)

    def opened(self, on: datetime.date) -> Self:
        """Handed in, opened by now, and nobody has written down the result."""
        return self.in_state(HANDED_IN).filter(opens_at__date__lte=on)

    def deposit_to_pay(self) -> Self:
        """Being prepared, with a deposit in money that has not been paid in full."""
        return self.in_state(PREPARING).filter(
            deposit_way=Bid.Deposit.MONEY, deposit_out__lt=F("deposit"), returned_at=None
        )

    def deposit_to_come_back(self, on: datetime.date) -> Self:
        """Over for us, or past the day it was promised for, and the deposit is still with them."""
        over = Q(state__in=[str(state) for state in (LOST, DROPPED, WON)]) | Q(deposit_back_on__lte=on)
        return self.filter(over, deposit_out__gt=0)


class Bid(Document):
    """A tender that we answer 投标. `amount` is our price; `deposit_out` is the deposit that lies with them."""

    class Deposit(models.TextChoices):
        NONE = "none", _("no deposit")
        MONEY = "money", _("by bank transfer")
        LETTER = "letter", _("by letter of guarantee")

    lifecycle = BID
    movable = (
        "amount", "closes_at", "opens_at", "place", "deposit_out", "deposit_back_on", "returned_at", "handed_in_on", "winner",
        "winning_price", "contract_id", "warned",
    )  # fmt: skip

    title = models.CharField(_("project"), max_length=200)
    source = models.CharField(_("found at"), max_length=200, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    closes_at = models.DateTimeField(_("to be handed in by"))
    opens_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    place = models.CharField(_("place of opening"), max_length=200, blank=True)
    ceiling = models.DecimalField(_("highest price"), **MONEY, null=True, blank=True)
    deposit_way = models.CharField(_("kind of deposit"), max_length=6, choices=Deposit, default=Deposit.NONE)
    deposit = models.DecimalField(_("amount of the deposit"), **MONEY, default=Decimal("0.00"))
    deposit_by = models.DateField(_("deposit to be there by"), null=True, blank=True)
    deposit_out = models.DecimalField(_("deposit with them"), **MONEY, default=Decimal("0.00"), editable=False)
    deposit_back_on = models.DateField(_("deposit back by"), null=True, blank=True, editable=False)
    returned_at = models.DateTimeField(_("deposit settled at"), null=True, blank=True, editable=False)
    handed_in_on = models.DateField(_("handed in on"), null=True, blank=True, editable=False)
    winner = models.CharField(_("winner"), max_length=200, blank=True, editable=False)
    winning_price = models.DecimalField(_("winning price"), **MONEY, null=True, blank=True, editable=False)
    contract = models.OneToOneField(
        Contract, models.PROTECT, null=True, blank=True, related_name="bid", editable=False, verbose_name=_("contract")
    )
    warned = models.PositiveSmallIntegerField(null=True, editable=False)  # days before the deadline of the last alarm

    objects: ClassVar[Any] = BidQuerySet.as_manager()

    class Meta(Document.Meta):
        verbose_name = _("bid")
        verbose_name_plural = _("bids")
        indexes = [
            models.Index(fields=["party", "-dated_on"], name="bid_party"),
            models.Index(fields=["state", "closes_at"], name="bid_closing"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="bid_amount"),
            models.CheckConstraint(
                condition=Q(deposit_out__gte=0, deposit_out__lte=F("deposit")), name="bid_deposit_out"
            ),
            models.CheckConstraint(
                condition=Q(deposit_way="none", deposit=0) | ~Q(deposit_way="none") & Q(deposit__gt=0),
                name="bid_deposit",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["handed_in", "won", "lost"]) | Q(handed_in_on__isnull=False),
                name="bid_handed_in_on",
            ),
            models.CheckConstraint(condition=Q(contract=None) | Q(state="won"), name="bid_contract_when_won"),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(opens_at__gte=F("closes_at")), name="bid_opens_after"
            ),
        ]

    @property
    def days_left(self) -> int:
        return (timezone.localtime(self.closes_at).date() - timezone.localdate()).days

    @property
    def deposit_missing(self) -> Decimal:
        """What of the deposit still has to be paid."""
        return self.deposit - self.deposit_out if self.deposit_way == self.Deposit.MONEY else Decimal("0.00")

    @property
    def offered(self) -> Decimal | None:
        """What its goods come to; None where none are priced one by one."""
        total: Decimal | None = self.goods.aggregate(total=models.Sum("amount"))["total"]
        return total


class PaperQuerySet(models.QuerySet["BidPaper"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(bid__in=Bid.objects.visible_to(person))

    def missing(self) -> Self:
        return self.filter(done_at=None)

    def due(self, on: datetime.date) -> Self:
        """To be ready by that day, of bids that are still being prepared."""
        return self.missing().filter(bid__state=PREPARING.name, due_on__lte=on)


@tracked("bid_id")
class BidPaper(models.Model):
    """One document that the tender asks for 投标文件清单: who prepares it, by when, and whether it is ready."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="papers", verbose_name=_("bid"))
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("tender document"), max_length=200)
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("prepared by")
    )
    due_on = models.DateField(_("ready by"), null=True, blank=True)
    is_required = models.BooleanField(_("must be there"), default=True)
    done_at = models.DateTimeField(_("ready at"), null=True, blank=True)
    done_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ready, says")
    )

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("document of a bid")
        verbose_name_plural = _("documents of a bid")
        constraints = [
            models.UniqueConstraint(
                fields=["bid", "position"], name="bid_paper_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False), name="bid_paper_done"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.bid.get_absolute_url()


@tracked("bid_id")
class BidLine(models.Model):
    """One line of what we offer 投标货物: a product of ours or in words, how many, at which price with tax; fixed once it is handed in."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="goods", verbose_name=_("bid"))
    position = models.PositiveSmallIntegerField(_("position"))
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    name = models.CharField(_("name"), max_length=200)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=3)
    unit_price = models.DecimalField(_("unit price"), max_digits=18, decimal_places=6)
    amount = models.DecimalField(_("amount"), **MONEY)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("line of a bid")
        verbose_name_plural = _("lines of a bid")
        constraints = [
            models.UniqueConstraint(
                fields=["bid", "position"], name="bid_line_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0, unit_price__gte=0), name="bid_line_quantity"),
            models.CheckConstraint(condition=~Q(name=""), name="bid_line_named"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.name}"


@tracked("bid_id")
class Competitor(models.Model):
    """Who else bid, and at what price 竞争对手报价."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="competitors", verbose_name=_("bid"))
    name = models.CharField(_("name"), max_length=200)
    price = models.DecimalField(_("price"), **MONEY, null=True, blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True)
    note = models.CharField(_("remarks"), max_length=200, blank=True)

    class Meta:
        ordering = [F("rank").asc(nulls_last=True), "price", "pk"]
        verbose_name = _("competitor")
        verbose_name_plural = _("competitors")
        constraints = [
            models.UniqueConstraint(fields=["bid", "name"], name="competitor_once"),
            models.CheckConstraint(condition=Q(price=None) | Q(price__gt=0), name="competitor_price"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def gap(self) -> Decimal | None:
        """Their price less ours: below zero they were cheaper."""
        return None if self.price is None else self.price - self.bid.amount


@tracked("bid_id")
@append_only
class DepositMove(models.Model):
    """Money of a deposit that went out, came back or was kept by them 保证金收付: each with its entry in the ledger."""

    class Kind(models.TextChoices):
        PAID = "paid", _("paid to them")
        RETURNED = "returned", _("came back")
        KEPT = "kept", _("kept by them")

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="deposit_moves", verbose_name=_("bid"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    amount = models.DecimalField(_("amount"), **MONEY)
    on = models.DateField(_("date"))
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+", verbose_name=_("ledger entry"))
    note = models.CharField(_("remarks"), max_length=200, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("movement of a deposit")
        verbose_name_plural = _("movements of a deposit")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="deposit_move_amount"),
            models.CheckConstraint(condition=~Q(kind="kept") | ~Q(note=""), name="deposit_kept_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"


trigger(BidLine, "priced", "BEFORE INSERT OR UPDATE OR DELETE", "guard_bid_line")
