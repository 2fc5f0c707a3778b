"""Contracts 合同: lines at agreed prices, a term, a value; what is ordered from them is counted on their lines."""

import datetime
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import DecimalField, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from backoffice.documents.models import Document, DocumentQuerySet
from backoffice.stock.lines import GoodsLine, goods_constraints
from contracts.lifecycle import CONTRACT, RUNNING, SIGNED
from customers.models import PaymentTerm

SHARE = DecimalField(max_digits=9, decimal_places=6)
WARNED_BEFORE = datetime.timedelta(days=30)


class ContractQuerySet(DocumentQuerySet):
    def running_out(self, on: datetime.date) -> Self:
        """Signed or running, and ending within a month (or already past its end)."""
        return self.in_state(SIGNED, RUNNING).filter(ends_on__lte=on + WARNED_BEFORE)

    def late(self, on: datetime.date) -> Self:
        """Running, with a line that was due before this day and has not been ordered in full."""
        overdue = ContractLine.objects.filter(contract=OuterRef("pk"), due_on__lt=on, ordered__lt=F("quantity"))
        return self.in_state(RUNNING).filter(models.Exists(overdue))

    def with_progress(self) -> Self:
        """Adds `ordered_share`, 0 to 1."""
        lines = ContractLine.objects.filter(contract=OuterRef("pk")).order_by().values("contract")
        share = ExpressionWrapper(Sum("ordered") / NullIf(Sum("quantity"), Decimal(0)), output_field=SHARE)
        found = Subquery(lines.annotate(share=share).values("share"), output_field=SHARE)
        return self.annotate(ordered_share=Coalesce(found, Decimal(0), output_field=SHARE))


class Contract(Document):
    """A sales contract 销售合同 (K1 to K3)."""

    class InvoiceRule(models.TextChoices):
        DELIVERED = "delivered", _("What has been delivered is invoiced")
        ORDERED = "ordered", _("Invoiced first, delivered later")

    lifecycle = CONTRACT
    movable = ("archive_place", "signed_on")

    title = models.CharField(_("title"), max_length=200)
    starts_on = models.DateField(_("valid from"))
    ends_on = models.DateField(_("valid to"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    archive_place = models.CharField(_("place in the archive"), max_length=100, blank=True)
    term = models.ForeignKey(PaymentTerm, models.PROTECT, related_name="+", verbose_name=_("payment term"))
    invoice_rule = models.CharField(_("invoicing"), max_length=10, choices=InvoiceRule, default=InvoiceRule.DELIVERED)
    includes_tax = models.BooleanField(_("prices include tax"), default=True)
    clauses = models.TextField(_("clauses"), blank=True)

    objects = ContractQuerySet.as_manager()

    class Meta(Document.Meta):
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        indexes = [
            models.Index(fields=["party", "-dated_on"], name="contract_party"),
            models.Index(fields=["state", "-dated_on", "-id"], name="contract_state"),
            models.Index(fields=["ends_on"], name="contract_ends"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="contract_dates")
        ]


class ContractLine(GoodsLine):
    """Goods agreed at a price; `ordered` moves with the orders called off and never exceeds the quantity."""

    document_field = "contract"
    COUNTERS = ("ordered",)

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="lines", verbose_name=_("contract"))
    due_on = models.DateField(_("deliver by"), null=True, blank=True)
    ordered = models.DecimalField(_("ordered"), max_digits=18, decimal_places=3, default=Decimal("0"))

    class Meta(GoodsLine.Meta):
        verbose_name = _("contract line")
        verbose_name_plural = _("contract lines")
        constraints = [
            *goods_constraints("contract_line"),
            models.CheckConstraint(
                condition=Q(ordered__gte=0, ordered__lte=F("quantity")), name="contract_line_ordered"
            ),
            models.UniqueConstraint(
                fields=["contract", "position"], name="contract_line_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.name}"

    @property
    def rest(self) -> Decimal:
        """What may still be ordered."""
        return self.quantity - self.ordered
