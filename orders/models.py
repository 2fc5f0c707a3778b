"""Orders 订单: what a customer wants, at which price, on which terms; and how far each line has come."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.database import append_only
from backoffice.documents.models import Document
from backoffice.people.models import Person, Role
from backoffice.stock.lines import GoodsLine, goods_constraints
from backoffice.stock.models import Warehouse
from contracts.models import Contract, ContractLine
from customers.models import PaymentTerm
from orders.lifecycle import ORDER


class Order(Document):
    """A customer's order (O1 to O4). Party, address, terms and prices are copied, so master data may change later."""

    lifecycle = ORDER
    roles_see_all = {Role.WAREHOUSE: ("draft", "submitted", "held", "cancelled")}
    movable = ("hold_reason",)

    contract = models.ForeignKey(
        Contract, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("contract")
    )
    party_name = models.CharField(_("customer's name"), max_length=200, blank=True)
    delivery_address = models.CharField(_("delivery address"), max_length=300, blank=True)
    delivery_contact = models.CharField(_("contact person"), max_length=100, blank=True)
    delivery_phone = models.CharField(_("telephone"), max_length=60, blank=True)
    required_on = models.DateField(_("wanted by"), null=True, blank=True)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+", verbose_name=_("warehouse"))
    term = models.ForeignKey(PaymentTerm, models.PROTECT, related_name="+", verbose_name=_("payment term"))
    term_kind = models.CharField(_("kind of term"), max_length=10, choices=PaymentTerm.Kind)
    deposit_rate = models.DecimalField(_("deposit"), max_digits=9, decimal_places=6, default=Decimal("0"))
    rest_before_dispatch = models.BooleanField(_("rest is due before dispatch"), default=False)
    includes_tax = models.BooleanField(_("prices include tax"), default=True)
    net = models.DecimalField(_("amount without tax"), max_digits=18, decimal_places=2, default=Decimal("0"))
    tax = models.DecimalField(_("tax"), max_digits=18, decimal_places=2, default=Decimal("0"))
    hold_reason = models.TextField(_("held because"), blank=True)

    class Meta(Document.Meta):
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        indexes = [
            models.Index(fields=["-dated_on", "-id"], name="order_newest"),
            models.Index(fields=["party", "-dated_on", "-id"], name="order_party"),
            models.Index(fields=["state", "-dated_on", "-id"], name="order_state"),
            models.Index(fields=["salesperson", "-dated_on"], name="order_salesperson"),
            models.Index(fields=["contract"], name="order_contract"),
            models.Index(fields=["external_number"], name="order_external"),
        ]
        constraints = [models.CheckConstraint(condition=Q(amount=F("net") + F("tax")), name="order_adds_up")]


class OrderLine(GoodsLine):
    """Goods ordered. Counters move under this row's lock; open = quantity − (shipped − returned)."""

    document_field = "order"
    COUNTERS = ("shipped", "returned", "invoiced")

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines", verbose_name=_("order"))
    contract_line = models.ForeignKey(
        ContractLine, models.PROTECT, null=True, blank=True, related_name="order_lines", verbose_name=_("contract line")
    )
    price_source = models.CharField(_("price from"), max_length=100, blank=True)
    price_reason = models.CharField(_("reason for another price"), max_length=200, blank=True)
    cost_price = models.DecimalField(_("cost price"), max_digits=18, decimal_places=6, null=True, blank=True)
    shipped = models.DecimalField(_("shipped"), max_digits=18, decimal_places=3, default=Decimal("0"))
    returned = models.DecimalField(_("returned"), max_digits=18, decimal_places=3, default=Decimal("0"))
    invoiced = models.DecimalField(_("invoiced"), max_digits=18, decimal_places=3, default=Decimal("0"))

    class Meta(GoodsLine.Meta):
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = [
            *goods_constraints("order_line"),
            models.CheckConstraint(
                condition=Q(shipped__gte=0, returned__gte=0, invoiced__gte=0), name="order_line_counters"
            ),
            models.CheckConstraint(condition=Q(shipped__lte=F("quantity") + F("returned")), name="order_line_shipped"),
            models.CheckConstraint(condition=Q(returned__lte=F("shipped")), name="order_line_returned"),
            models.CheckConstraint(condition=Q(invoiced__lte=F("quantity")), name="order_line_invoiced"),
            models.UniqueConstraint(
                fields=["order", "position"], name="order_line_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.name}"

    @property
    def open_quantity(self) -> Decimal:
        return self.quantity - self.shipped + self.returned


@append_only
class Release(models.Model):
    """A manager let an order pass although something held it (C11): reason, the exposure allowed, and until when."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="releases", verbose_name=_("order"))
    round = models.PositiveSmallIntegerField(_("round"))
    reason = models.TextField(_("reason"))
    exposure = models.DecimalField(_("exposure allowed"), max_digits=18, decimal_places=2)
    expires_on = models.DateField(_("valid to"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("released by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("release")
        verbose_name_plural = _("releases")

    def __str__(self) -> str:
        return f"{self.order} ≤ {self.exposure}"
