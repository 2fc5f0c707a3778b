"""Shipments 发货单: goods of one customer that leave together, reviewed by two people, when the money is there."""

import datetime
from decimal import Decimal
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.database import append_only, trigger
from backoffice.documents.models import Document, DocumentQuerySet
from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from backoffice.stock.lines import GoodsLine, goods_constraints
from backoffice.stock.models import Warehouse
from customers.models import PaymentTerm
from orders.models import OrderLine
from shipments import lifecycle
from shipments.lifecycle import SHIPMENT

UNDERWAY = (lifecycle.SUBMITTED.name, lifecycle.REVIEWED.name)  # content fixed, goods still here
GONE = (lifecycle.DISPATCHED.name, lifecycle.DELIVERED.name)  # goods out of the house
# after so many days without a date of its own, goods on their way count as late
DAYS_ON_THE_WAY = 7
MONEY_FIRST = (PaymentTerm.Kind.PREPAID.value, PaymentTerm.Kind.DEPOSIT.value)


class ShipmentQuerySet(DocumentQuerySet):
    """The vocabulary of shipments."""

    def undispatched(self) -> Self:
        return self.filter(state__in=(lifecycle.DRAFT.name, *UNDERWAY))

    def gone(self) -> Self:
        return self.filter(state__in=GONE)

    def on_the_way(self) -> Self:
        return self.filter(state=lifecycle.DISPATCHED.name)

    def late(self, on: datetime.date) -> Self:
        """Not with the customer on the day wanted; without such a day, a week after it left."""
        waiting = (*UNDERWAY, lifecycle.DISPATCHED.name)
        long_gone = Q(required_on=None, dispatched_on__lt=on - datetime.timedelta(days=DAYS_ON_THE_WAY))
        return self.filter(state__in=waiting).filter(Q(required_on__lt=on) | long_gone)

    def untracked(self) -> Self:
        return self.on_the_way().filter(tracking_number="")

    def cleared(self) -> Self:
        """With finance's confirmation or a manager's release for the content as it stands (S5)."""
        given = Clearance.objects.filter(shipment=models.OuterRef("pk"), fingerprint=models.OuterRef("fingerprint"))
        return self.filter(models.Exists(given.filter(kind__in=OF_MONEY)))

    def waiting_for_money(self) -> Self:
        """Reviewed, on a term that wants money first, and nobody has cleared this very content."""
        first = ShipmentLine.objects.filter(
            shipment=models.OuterRef("pk"), order_line__order__term_kind__in=MONEY_FIRST
        )
        waiting = self.filter(models.Exists(first), state=lifecycle.REVIEWED.name)
        return waiting.exclude(pk__in=waiting.cleared().values("pk"))

    def ready(self) -> Self:
        """Reviewed, and finance does not have to be waited for."""
        reviewed = self.filter(state=lifecycle.REVIEWED.name)
        return reviewed.exclude(pk__in=reviewed.waiting_for_money().values("pk"))


class Shipment(Document):
    """Goods on their way (S1, S4, S5, S6). Made from open order lines of one customer, of one or several orders."""

    lifecycle = SHIPMENT
    roles_see_all = {Role.WAREHOUSE: ()}
    movable = ("carrier_id", "tracking_number", "dispatched_on", "delivered_on", "freight", "received_by")

    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+", verbose_name=_("warehouse"))
    party_name = models.CharField(_("customer's name"), max_length=200, blank=True)
    delivery_address = models.CharField(_("delivery address"), max_length=300, blank=True)
    delivery_contact = models.CharField(_("contact person"), max_length=100, blank=True)
    delivery_phone = models.CharField(_("telephone"), max_length=60, blank=True)
    required_on = models.DateField(_("wanted by"), null=True, blank=True)
    carrier = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("carrier")
    )
    tracking_number = models.CharField(_("tracking number"), max_length=60, blank=True)
    freight = models.DecimalField(_("freight"), max_digits=18, decimal_places=2, null=True, blank=True)
    dispatched_on = models.DateField(_("dispatched on"), null=True, blank=True)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    received_by = models.CharField(_("received by"), max_length=100, blank=True)
    net = models.DecimalField(_("amount without tax"), max_digits=18, decimal_places=2, default=Decimal("0"))
    tax = models.DecimalField(_("tax"), max_digits=18, decimal_places=2, default=Decimal("0"))

    objects: ClassVar[ShipmentQuerySet] = ShipmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(Document.Meta):
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        indexes = [
            models.Index(fields=["-dated_on", "-id"], name="shipment_newest"),
            models.Index(fields=["party", "-dated_on"], name="shipment_party"),
            models.Index(fields=["state", "-dated_on", "-id"], name="shipment_state"),
            models.Index(fields=["dispatched_on"], name="shipment_dispatched"),
            models.Index(fields=["tracking_number"], name="shipment_tracking", condition=~Q(tracking_number="")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount=F("net") + F("tax")), name="shipment_adds_up"),
            models.CheckConstraint(
                condition=~Q(state__in=["dispatched", "delivered"]) | Q(dispatched_on__isnull=False),
                name="shipment_dispatched_on",
            ),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(delivered_on__gte=F("dispatched_on")), name="shipment_delivered_on"
            ),
        ]


class ShipmentLine(GoodsLine):
    """Part of an order line that leaves with this shipment; its amounts are that part's amounts."""

    document_field = "shipment"
    COUNTERS = ("returned", "invoiced")

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="lines", verbose_name=_("shipment"))
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, related_name="shipment_lines", verbose_name=_("order line")
    )
    returned = models.DecimalField(_("returned"), max_digits=18, decimal_places=3, default=Decimal("0"))
    invoiced = models.DecimalField(_("invoiced"), max_digits=18, decimal_places=3, default=Decimal("0"))

    class Meta(GoodsLine.Meta):
        verbose_name = _("shipment line")
        verbose_name_plural = _("shipment lines")
        constraints = [
            *goods_constraints("shipment_line"),
            models.CheckConstraint(
                condition=Q(returned__gte=0, returned__lte=F("quantity")), name="shipment_line_returned"
            ),
            models.CheckConstraint(
                condition=Q(invoiced__gte=0, invoiced__lte=F("quantity")), name="shipment_line_invoiced"
            ),
            models.UniqueConstraint(fields=["shipment", "order_line"], name="shipment_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.name}"


@tracked("shipment_id")
@append_only
class Clearance(models.Model):
    """Finance confirmed that the money for this shipment is there, or a manager released it without (S5), or without papers (K6).

    Belongs to the content it was given for: a changed shipment needs another one.
    """

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", _("money confirmed")
        UNPAID = "unpaid", _("released without the money")
        PAPERS = "papers", _("released without its papers")

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="clearances", verbose_name=_("shipment"))
    fingerprint = models.CharField(max_length=64)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.CONFIRMED)
    wanted = models.DecimalField(_("amount wanted"), max_digits=18, decimal_places=2, default=Decimal("0"))
    there = models.DecimalField(_("amount there"), max_digits=18, decimal_places=2, default=Decimal("0"))
    papers = ArrayField(models.CharField(max_length=100), default=list, blank=True, verbose_name=_("papers missing"))
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("clearance")
        verbose_name_plural = _("clearances")
        constraints = [
            models.CheckConstraint(condition=Q(kind="confirmed") | ~Q(reason=""), name="clearance_release_reason"),
            models.CheckConstraint(
                condition=~Q(kind="confirmed") | Q(there__gte=F("wanted")), name="clearance_money_there"
            ),
            models.CheckConstraint(
                condition=Q(kind="papers") & ~Q(papers=[]) | ~Q(kind="papers") & Q(papers=[]), name="clearance_papers"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shipment}: {self.get_kind_display()}"

    @property
    def is_release(self) -> bool:
        return self.kind != self.Kind.CONFIRMED


OF_MONEY = (Clearance.Kind.CONFIRMED, Clearance.Kind.UNPAID)


trigger(Shipment, "dispatch", "BEFORE UPDATE", "guard_dispatch")
trigger(Clearance, "clearance", "BEFORE INSERT", "guard_clearance")
