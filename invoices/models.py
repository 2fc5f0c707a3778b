"""Billing applications, invoices and payment slips; the ledger behind them is `backoffice.ledger`."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.database import trigger
from backoffice.documents.models import Document
from backoffice.stock.lines import GoodsLine, goods_constraints
from customers.models import Customer, Settlement
from invoices.lifecycle import APPLICATION, INVOICE, PAYMENT
from orders.models import Order, OrderLine
from shipments.models import ShipmentLine


class BillingApplication(Document):
    """What the sales office asks finance to bill 开票申请 (I1)."""

    lifecycle = APPLICATION

    title = models.CharField(_("invoice title"), max_length=200, blank=True)
    tax_no = models.CharField(_("tax number"), max_length=40, blank=True)
    wanted_on = models.DateField(_("wanted by"), null=True, blank=True)
    includes_tax = models.BooleanField(_("prices include tax"), default=True)
    net = models.DecimalField(_("amount without tax"), max_digits=18, decimal_places=2, default=Decimal("0"))
    tax = models.DecimalField(_("tax"), max_digits=18, decimal_places=2, default=Decimal("0"))

    class Meta(Document.Meta):
        verbose_name = _("billing application")
        verbose_name_plural = _("billing applications")
        indexes = [models.Index(fields=["state", "-dated_on", "-id"], name="application_state")]


class ApplicationLine(GoodsLine):
    """Goods to bill: shipped ones by default, ordered ones where the contract says invoice first."""

    document_field = "application"

    application = models.ForeignKey(
        BillingApplication, models.PROTECT, related_name="lines", verbose_name=_("billing application")
    )
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, related_name="application_lines", verbose_name=_("order line")
    )
    shipment_line = models.ForeignKey(
        ShipmentLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="application_lines",
        verbose_name=_("shipment line"),
    )

    class Meta(GoodsLine.Meta):
        verbose_name = _("billing application line")
        verbose_name_plural = _("billing application lines")
        constraints = [*goods_constraints("application_line")]

    def __str__(self) -> str:
        return f"{self.position} {self.name}"


class MoneyDocument(Document):
    """An invoice settles payments and a payment settles invoices: what moves one customer's money waits at the customer's row."""

    class Meta(Document.Meta):
        abstract = True

    def lock_before(self) -> None:
        Customer.objects.select_for_update().filter(party=self.party_id).first()


class Invoice(MoneyDocument):
    """What the customer owes 发票 (I2). `due_on` drives ageing; title and tax data are copied when it is submitted."""

    lifecycle = INVOICE
    movable = ("tax_invoice_no", "issued_on", "due_on")

    application = models.ForeignKey(
        BillingApplication,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invoices",
        verbose_name=_("billing application"),
    )
    tax_invoice_no = models.CharField(_("number of the tax invoice"), max_length=40, blank=True)
    title = models.CharField(_("invoice title"), max_length=200, blank=True)
    tax_no = models.CharField(_("tax number"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    bank = models.CharField(_("bank and account"), max_length=300, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    includes_tax = models.BooleanField(_("prices include tax"), default=True)
    net = models.DecimalField(_("amount without tax"), max_digits=18, decimal_places=2, default=Decimal("0"))
    tax = models.DecimalField(_("tax"), max_digits=18, decimal_places=2, default=Decimal("0"))

    class Meta(Document.Meta):
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        indexes = [
            models.Index(fields=["-dated_on", "-id"], name="invoice_newest"),
            models.Index(fields=["party", "-dated_on"], name="invoice_party"),
            models.Index(fields=["state", "-dated_on", "-id"], name="invoice_state"),
            models.Index(fields=["due_on"], name="invoice_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount=F("net") + F("tax")), name="invoice_adds_up"),
            models.CheckConstraint(
                condition=~Q(state__in=["issued", "settled"]) | Q(issued_on__isnull=False, due_on__isnull=False),
                name="invoice_issued_on",
            ),
            models.UniqueConstraint(
                fields=["tax_invoice_no"],
                name="tax_invoice_once",
                condition=~Q(tax_invoice_no="") & ~Q(state="reversed"),
            ),
        ]


class InvoiceLine(GoodsLine):
    """Goods billed; variety, unit price and quantity agree with the order line (I2), by trigger and CHECK."""

    document_field = "invoice"

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines", verbose_name=_("invoice"))
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, related_name="invoice_lines", verbose_name=_("order line")
    )
    shipment_line = models.ForeignKey(
        ShipmentLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invoice_lines",
        verbose_name=_("shipment line"),
    )

    class Meta(GoodsLine.Meta):
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")
        constraints = [*goods_constraints("invoice_line")]

    def __str__(self) -> str:
        return f"{self.position} {self.name}"


class Payment(MoneyDocument):
    """Money a customer says they paid 缴款单 (O4, I9); finance confirms it, then it is an advance until allocated."""

    lifecycle = PAYMENT
    movable = ("confirmed_on",)

    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="payments", verbose_name=_("for the order")
    )
    method = models.CharField(_("way of payment"), max_length=10, choices=Settlement, default=Settlement.TRANSFER)
    bank = models.CharField(_("bank"), max_length=100, blank=True)
    payer = models.CharField(_("payer"), max_length=200, blank=True)
    confirmed_on = models.DateField(_("received on"), null=True, blank=True)

    class Meta(Document.Meta):
        verbose_name = _("payment slip")
        verbose_name_plural = _("payment slips")
        indexes = [
            models.Index(fields=["-dated_on", "-id"], name="payment_newest"),
            models.Index(fields=["party", "-dated_on"], name="payment_party"),
            models.Index(fields=["state", "-dated_on", "-id"], name="payment_state"),
        ]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive")]


trigger(Invoice, "agrees", "BEFORE UPDATE", "guard_invoice")
