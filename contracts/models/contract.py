"""Contracts 合同: lines at agreed prices, a term, a value; what is ordered from them is counted on their lines."""

import datetime
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Case, DecimalField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from backoffice.documents.lines import DocumentLine
from backoffice.documents.models import Document, DocumentQuerySet
from backoffice.files.models import File
from backoffice.people.models import Person, Role
from backoffice.register.models import Record
from backoffice.stock.lines import GoodsLine, goods_constraints
from contracts.lifecycle import CONTRACT, OFFICE, RUNNING, SIGNED
from contracts.models.template import Category, ContractTemplate, InvoiceRule
from customers.models import PaymentTerm

SHARE = DecimalField(max_digits=9, decimal_places=6)
VALUE = DecimalField(max_digits=18, decimal_places=2)
WARNED_BEFORE = datetime.timedelta(days=30)


class ContractQuerySet(DocumentQuerySet):
    def visible_to(self, person: Person) -> Self:
        """As every document; but what we buy at is no business of sales, and what we sell at none of purchasing (X24)."""
        rows = super().visible_to(person)
        if person.sees_everything or person.has_role(Role.MANAGER):
            return rows
        if not person.has_role(Role.PURCHASING):
            return rows.exclude(category=Category.PURCHASE)
        return rows if person.has_role(*OFFICE) else rows.filter(category=Category.PURCHASE)

    def running_out(self, on: datetime.date) -> Self:
        """Signed or running, and ending within a month (or already past its end)."""
        return self.in_state(SIGNED, RUNNING).filter(ends_on__lte=on + WARNED_BEFORE)

    def open_to_orders(self) -> Self:
        """Contracts from which customers call goods off."""
        return self.in_state(RUNNING).exclude(category=Category.PURCHASE)

    def late(self, on: datetime.date) -> Self:
        """Signed or running, with a line that was due before this day and has not been delivered in full."""
        overdue = ContractLine.objects.filter(contract=OuterRef("pk"), due_on__lt=on, delivered__lt=F("quantity"))
        return self.in_state(SIGNED, RUNNING).exclude(category=Category.PURCHASE).filter(Exists(overdue))

    def with_progress(self) -> Self:
        """Adds `ordered_share`, 0 to 1."""
        lines = ContractLine.objects.filter(contract=OuterRef("pk")).order_by().values("contract")
        share = ExpressionWrapper(Sum("ordered") / NullIf(Sum("quantity"), Decimal(0)), output_field=SHARE)
        found = Subquery(lines.annotate(share=share).values("share"), output_field=SHARE)
        return self.annotate(ordered_share=Coalesce(found, Decimal(0), output_field=SHARE))

    def with_value(self) -> Self:
        """Adds `value` (the agreed total, else the sum of its lines) and `left`, what of it is not called off yet."""
        value = Coalesce("ceiling", "amount", output_field=VALUE)
        return self.annotate(value=value, left=ExpressionWrapper(value - F("called_off"), output_field=VALUE))

    def with_signed_copy(self) -> Self:
        """Adds `has_copy`: whether a scan of the signed contract is on file."""
        return self.annotate(has_copy=Exists(File.objects.filter(record=OuterRef("pk"), label=File.Label.CONTRACT)))


class Contract(Document):
    """A contract of any kind 合同 (K1 to K3).

    `ceiling` is the most that may be called off from it, where one was agreed; `called_off` moves with the orders. Quantities
    that do not bind are what the two expect: orders may go beyond them. What the paper says of both sides is copied.
    """

    InvoiceRule = InvoiceRule
    Category = Category

    lifecycle = CONTRACT
    more_lines = ("payments",)
    movable = ("archive_place", "signed_on", "called_off")

    category = models.CharField(_("kind of contract"), max_length=12, choices=Category, default=Category.SALES)
    template = models.ForeignKey(
        ContractTemplate, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("template")
    )
    origin = models.ForeignKey(
        Record, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("drafted from")
    )
    title = models.CharField(_("title"), max_length=200)
    starts_on = models.DateField(_("valid from"))
    ends_on = models.DateField(_("valid to"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    archive_place = models.CharField(_("place in the archive"), max_length=100, blank=True)
    term = models.ForeignKey(PaymentTerm, models.PROTECT, related_name="+", verbose_name=_("payment term"))
    invoice_rule = models.CharField(_("invoicing"), max_length=10, choices=InvoiceRule, default=InvoiceRule.DELIVERED)
    includes_tax = models.BooleanField(_("prices include tax"), default=True)
    is_binding = models.BooleanField(_("quantities bind"), default=True)
    ceiling = models.DecimalField(_("agreed total"), max_digits=18, decimal_places=2, null=True, blank=True)
    called_off = models.DecimalField(_("called off"), max_digits=18, decimal_places=2, default=Decimal("0.00"))
    territory = models.CharField(_("territory"), max_length=200, blank=True)
    clauses = models.TextField(_("clauses"), blank=True)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1, editable=False)
    our_name = models.CharField(_("our name"), max_length=200, blank=True, editable=False)
    party_name = models.CharField(_("their name"), max_length=200, blank=True, editable=False)
    party_address = models.CharField(_("their address"), max_length=400, blank=True, editable=False)
    party_phone = models.CharField(_("their telephone"), max_length=60, blank=True, editable=False)
    party_tax_no = models.CharField(_("their tax number"), max_length=40, blank=True, editable=False)
    party_bank = models.CharField(_("their bank account"), max_length=300, blank=True, editable=False)

    objects = ContractQuerySet.as_manager()

    class Meta(Document.Meta):
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        indexes = [
            models.Index(fields=["party", "-dated_on"], name="contract_party"),
            models.Index(fields=["state", "-dated_on", "-id"], name="contract_state"),
            models.Index(fields=["category", "-dated_on", "-id"], name="contract_category"),
            models.Index(fields=["ends_on"], name="contract_ends"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="contract_dates"),
            models.CheckConstraint(condition=Q(ceiling=None) | Q(ceiling__gt=0), name="contract_ceiling_positive"),
            models.CheckConstraint(
                condition=Q(called_off__gte=0) & (Q(ceiling=None) | Q(called_off__lte=F("ceiling"))),
                name="contract_ceiling",
            ),
        ]

    @property
    def is_purchase(self) -> bool:
        return self.category == Category.PURCHASE

    @property
    def agreed(self) -> Decimal:
        """What it is worth: the agreed total, else what its lines come to."""
        return self.amount if self.ceiling is None else self.ceiling


class ContractLine(GoodsLine):
    """Goods agreed at a price; `ordered` moves with the orders called off and never exceeds a quantity that binds.

    `delivered` moves with dispatch and return.
    """

    document_field = "contract"
    COUNTERS = ("ordered", "delivered")

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="lines", verbose_name=_("contract"))
    due_on = models.DateField(_("deliver by"), null=True, blank=True)
    is_binding = models.BooleanField(_("binds"), default=True, editable=False)
    ordered = models.DecimalField(_("ordered"), max_digits=18, decimal_places=3, default=Decimal("0"))
    delivered = models.DecimalField(_("delivered"), max_digits=18, decimal_places=3, default=Decimal("0"))

    class Meta(GoodsLine.Meta):
        verbose_name = _("contract line")
        verbose_name_plural = _("contract lines")
        constraints = [
            *goods_constraints("contract_line"),
            models.CheckConstraint(
                condition=Q(ordered__gte=0) & (Q(is_binding=False) | Q(ordered__lte=F("quantity"))),
                name="contract_line_ordered",
            ),
            models.CheckConstraint(condition=Q(delivered__gte=0), name="contract_line_delivered"),
            models.UniqueConstraint(
                fields=["contract", "position"], name="contract_line_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.name}"

    @property
    def rest(self) -> Decimal:
        """What may still be ordered; of quantities that do not bind, what is still expected."""
        return max(self.quantity - self.ordered, Decimal(0))

    @property
    def to_deliver(self) -> Decimal:
        return max(self.quantity - self.delivered, Decimal(0))


class PlannedPaymentQuerySet(models.QuerySet["PlannedPayment"]):
    def dated(self) -> Self:
        """Those whose day the contract alone can tell, in their order; adds `falls_on`."""
        event = PlannedPayment.Event
        signing = ExpressionWrapper(F("contract__signed_on") + F("days"), output_field=models.DateField())
        falls_on = Case(When(event=event.DAY, then="on"), When(event=event.SIGNING, then=signing))
        return self.annotate(falls_on=falls_on).exclude(falls_on=None).order_by("contract", "falls_on", "position")

    def falling(self, since: datetime.date, until: datetime.date) -> Self:
        """Those that fall due in these days."""
        return self.dated().filter(falls_on__range=(since, until))


class PlannedPayment(DocumentLine):
    """One part of the payment plan 付款计划: how much, after what, within how many days; `words` is what the paper says."""

    class Event(models.TextChoices):
        SIGNING = "signing", _("signing")
        SHIPMENT = "shipment", _("before dispatch")
        DELIVERY = "delivery", _("delivery")
        ACCEPTANCE = "acceptance", _("acceptance")
        INVOICE = "invoice", _("invoice")
        DAY = "day", _("on the day")

    document_field = "contract"

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="payments", verbose_name=_("contract"))
    share = models.DecimalField(_("share"), max_digits=9, decimal_places=6, null=True, blank=True)
    fixed = models.DecimalField(_("fixed amount"), max_digits=18, decimal_places=2, null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    event = models.CharField(_("after"), max_length=10, choices=Event, blank=True)
    days = models.PositiveSmallIntegerField(_("days"), default=0)
    on = models.DateField(_("day"), null=True, blank=True)
    words = models.CharField(_("terms"), max_length=200, blank=True)

    objects = PlannedPaymentQuerySet.as_manager()

    class Meta(DocumentLine.Meta):
        verbose_name = _("planned payment")
        verbose_name_plural = _("payment plan")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="planned_payment_amount"),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gt=0, share__lte=1), name="planned_payment_share"
            ),
            models.CheckConstraint(condition=Q(on=None) | Q(event="day"), name="planned_payment_day"),
            models.UniqueConstraint(
                fields=["contract", "position"], name="planned_payment_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.words}"

    @property
    def due_on(self) -> datetime.date | None:
        """The day it falls due, where the contract alone can tell."""
        if self.event == self.Event.DAY:
            return self.on
        if self.event == self.Event.SIGNING and self.contract.signed_on:
            return self.contract.signed_on + datetime.timedelta(self.days)
        return None
