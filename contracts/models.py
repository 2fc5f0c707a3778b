"""Contracts 合同: lines at agreed prices, a term, a value; what is ordered from them is counted on their lines."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.documents.models import Document
from backoffice.stock.lines import GoodsLine, goods_constraints
from contracts.lifecycle import CONTRACT
from customers.models import PaymentTerm


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
