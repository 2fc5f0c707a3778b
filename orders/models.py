"""Orders 订单: what a customer wants, at which price, on which terms; and how far each line has come."""

import datetime
from decimal import Decimal
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import DecimalField, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Least, NullIf
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.database import append_only, defaults, read_only, trigger
from backoffice.documents.models import Document, DocumentQuerySet
from backoffice.people.models import Person, Role
from backoffice.stock.lines import GoodsLine, goods_constraints
from backoffice.stock.models import Warehouse
from contracts.models import Contract, ContractLine
from contracts.quotations.models import Quotation
from customers.models import PaymentTerm
from orders.lifecycle import APPROVED, CANCELLED, DRAFT, HELD, ORDER, SUBMITTED

SHARE = DecimalField(max_digits=9, decimal_places=6)


class OrderQuerySet(DocumentQuerySet):
    def open(self) -> Self:
        """Not yet finished: from the draft to the last piece shipped."""
        return self.in_state(DRAFT, SUBMITTED, HELD, APPROVED)

    def booked(self) -> Self:
        """What counts as sold: handed in and not cancelled."""
        return self.exclude(state__in=[str(DRAFT), str(CANCELLED)])

    def late(self, on: datetime.date) -> Self:
        """Approved, and wanted before this day."""
        return self.in_state(APPROVED).filter(required_on__lt=on)

    def with_progress(self) -> Self:
        """Adds `shipped_share` and `invoiced_share`, 0 to 1: Σ min(done, ordered) ÷ Σ ordered over the lines (rules.md §3)."""
        return self.annotate(
            shipped_share=_share(F("shipped") - F("returned")), invoiced_share=_share(F("invoiced"))
        )  # fmt: skip


def _share(done: object) -> Coalesce:
    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
    share = ExpressionWrapper(Sum(Least(done, F("quantity"))) / NullIf(Sum("quantity"), Decimal(0)), output_field=SHARE)
    return Coalesce(
        Subquery(lines.annotate(share=share).values("share"), output_field=SHARE), Decimal(0), output_field=SHARE
    )


class Order(Document):
    """A customer's order (O1 to O4). Party, address, terms and prices are copied, so master data may change later."""

    lifecycle = ORDER
    roles_see_all = {Role.WAREHOUSE: ("draft", "submitted", "held", "cancelled")}
    movable = ("hold_reason",)

    contract = models.ForeignKey(
        Contract, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("contract")
    )
    quotation = models.ForeignKey(
        Quotation, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("quotation")
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

    objects = OrderQuerySet.as_manager()

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
        constraints = [
            models.CheckConstraint(condition=Q(amount=F("net") + F("tax")), name="order_adds_up"),
            models.CheckConstraint(condition=Q(contract=None) | Q(quotation=None), name="order_from_one"),
        ]


class OrderLineQuerySet(models.QuerySet["OrderLine"]):
    def open(self) -> "OrderLineQuerySet":
        """Lines of which something is still to be shipped."""
        return self.filter(quantity__gt=F("shipped") - F("returned"))

    def shippable(self) -> "OrderLineQuerySet":
        """Open lines of approved orders."""
        return self.open().filter(order__state=str(APPROVED))

    def visible_to(self, person: Person) -> "OrderLineQuerySet":
        return self.filter(order__in=Order.objects.visible_to(person))


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

    objects = OrderLineQuerySet.as_manager()

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

    @property
    def sent(self) -> Decimal:
        """Shipped and not come back."""
        return self.shipped - self.returned

    @property
    def source_words(self) -> str:
        return source_words(self.price_source)

    @property
    def source_kind(self) -> str:
        """The same without the document's number, for narrow columns."""
        return source_words(self.price_source.partition(" ")[0])

    @property
    def needs_reason(self) -> bool:
        lowest = self.product.lowest(includes_tax=self.order.includes_tax)
        return needs_reason(self.price_source, self.unit_price, self.discount, lowest)


def source_words(source: str) -> str:
    """Where a price comes from, for people; kept as «contract HT-2026-000001», «quotation BJ-2026-000003», «last SO-2026-000007 2026-03-01», «list», «own»."""
    kind, _space, rest = source.partition(" ")
    names = {
        "contract": gettext("Contract"), "quotation": gettext("Quotation"), "last": gettext("Last price"), "list": gettext("Price list"), "own": gettext("By hand"),
        "file": gettext("From the file"),
    }  # fmt: skip
    return f"{names.get(kind, kind)} {rest}".strip()


def needs_reason(source: str, unit_price: Decimal, discount: Decimal, lowest: Decimal | None) -> bool:
    """A price nobody agreed to, or below the lowest one (both with tax or both without), is allowed with a reason (O3); what was quoted was agreed to then."""
    if source.startswith("quotation "):
        return False
    return source == "own" or (lowest is not None and unit_price * (1 - discount) < lowest)


@append_only
class Release(models.Model):
    """A manager let an order pass although something held it (C2, C11): reason, the exposure allowed, which licences it lacked, until when."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="releases", verbose_name=_("order"))
    round = models.PositiveSmallIntegerField(_("round"))
    reason = models.TextField(_("reason"))
    exposure = models.DecimalField(_("exposure allowed"), max_digits=18, decimal_places=2)
    licence_kinds = ArrayField(models.BigIntegerField(), default=list, verbose_name=_("licences lacking"))
    expires_on = models.DateField(_("valid to"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("released by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("release")
        verbose_name_plural = _("releases")

    def __str__(self) -> str:
        return f"{self.order} ≤ {self.exposure}"


class SalesFigures(models.Model):
    """What was sold in a month: of one salesperson, to one customer, or of one product; the parts of one `by` sum to the whole."""

    class By(models.TextChoices):
        SALESPERSON = "salesperson", _("salesperson")
        CUSTOMER = "customer", _("customer")
        PRODUCT = "product", _("product")

    month = models.DateField(_("month"))
    by = models.CharField(_("grouped by"), max_length=12, choices=By)
    key = models.BigIntegerField(_("of which"))  # of the person, party or product; 0 is nobody
    orders = models.BigIntegerField(_("orders"))
    quantity = models.DecimalField(_("quantity"), max_digits=20, decimal_places=3)
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=2)
    net = models.DecimalField(_("amount without tax"), max_digits=20, decimal_places=2)
    cost = models.DecimalField(_("cost"), max_digits=20, decimal_places=2)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.by} {self.key}: {self.amount}"


@read_only
class SalesSum(SalesFigures):
    """Sums of sales 销售汇总 up to the last folding, kept by PostgreSQL alone (see `sql/sales_sums.sql`)."""

    class Meta:
        verbose_name = _("sum of sales")
        verbose_name_plural = _("sums of sales")
        constraints = [models.UniqueConstraint(fields=["by", "month", "key"], name="sales_sum_once")]


@read_only
class SalesDelta(SalesFigures):
    """What came or went since: appended by triggers in the transaction of the step, folded by a job."""

    class Meta:
        verbose_name = _("change of sales")
        verbose_name_plural = _("changes of sales")


trigger(Order, "sales", "AFTER INSERT OR UPDATE OF state", "orders_sales_by_state")
trigger(Order, "sales_party", "AFTER UPDATE OF party_id", "orders_sales_by_party")
trigger(OrderLine, "sales", "AFTER INSERT", "orders_sales_by_lines", new_rows="added")


@defaults
def count_sales_once() -> None:
    """A database that had orders before it kept sums counts them at the next migrate."""
    if Order.objects.booked().exists() and not SalesSum.objects.exists() and not SalesDelta.objects.exists():
        with connection.cursor() as cursor:
            cursor.execute("SELECT orders_recount_sales()")
