"""Excel in: orders, one row a line, the order's number repeated (O1, X39).

Without states the rows become drafts of whoever brings them in. With states they are the past of a company that goes live:
filed as they ended, under their own numbers, answered for by two people.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.numbering.models import Series
from backoffice.people.models import Person, Role
from backoffice.sheets.declared import Row, Run, Sheet, imports
from backoffice.sheets.fields import Field, Option, Reference
from backoffice.sheets.words import rows_of
from backoffice.stock.models import Product, Warehouse
from customers.models import Customer, PaymentTerm
from orders.lifecycle import APPROVED, CANCELLED, CLOSED, DONE, DRAFT, HELD, ORDER
from orders.models import Order
from orders.services.opening import Past, PastLine, take_over_orders
from orders.services.saving import Wanted, save_order

AT_ONCE = 1000  # past orders filed in one go: 120,000 lines never stand in memory together
STATES = {
    str(DRAFT): ("Draft", "New", "Submitted", "Pending", "草稿", "新建", "未提交", "已提交", "待审核", "未审核"),
    str(HELD): ("On Hold", "Hold", "Held", "挂起", "暂停", "冻结", "暂挂"),
    str(APPROVED): ("Approved", "Confirmed", "In Process", "In Progress", "Processing", "Open", "Partly Shipped", "Partially Shipped", "已审核", "已确认",
                    "执行中", "处理中", "进行中", "未发货", "待发货", "部分发货"),
    str(DONE): ("Done", "Shipped", "Resolved", "Disputed", "Completed", "Complete", "Delivered", "Finished", "Invoiced", "已发货", "已完成", "完成", "已签收",
                "已收货", "已结束", "已开票", "争议", "有争议", "争议中", "已解决"),
    str(CLOSED): ("Closed", "Closed short", "已关闭", "关闭"),
    str(CANCELLED): ("Cancelled", "Canceled", "Void", "已取消", "取消", "作废", "已作废"),
}  # fmt: skip


def salespeople() -> Iterable[Option]:
    for person in Person.objects.filter(roles__contains=[Role.SALESPERSON], is_active=True):
        yield Option(person.username, person.name, (person.name, person.employee_no or ""))


@imports("orders")
class Orders(Sheet):
    """Orders with their lines 订单."""

    title = _("Orders")
    help = _(
        "One row a line, the order's number on each. Without a state the orders become drafts; with states they are filed as past documents."
    )
    order = 50
    is_opening = True
    key = ("number",)
    by = (Role.ASSISTANT, Role.MANAGER, Role.FINANCE, Role.ADMINISTRATOR)
    fields = (
        Field("number", _("Order number"), ("Order No", "Order Number", "Order", "SO No", "订单号", "订单编号", "单据编号", "销售单号"), required=True, max_length=60, example="10100"),
        Field("line", _("Line"), ("Line No", "Line Number", "Order Line", "行号", "序号", "行"), kind="int"),
        Field("dated_on", _("Order date"), ("Order Date", "Date", "订单日期", "下单日期", "日期", "签单日期", "单据日期"), kind="date", required=True),
        Field("required_on", _("Wanted by"), ("Required Date", "Delivery Date", "Due Date", "要求日期", "交货日期", "要货日期", "交期"), kind="date"),
        Field("customer", _("Customer"), ("Customer No", "Customer Code", "Customer ID", "客户编码", "客户代码", "客户编号"), max_length=40),
        Field("customer_name", _("Customer's name"), ("Customer Name", "客户名称", "客户", "购货单位", "单位名称")),
        Field("product", _("Product"), ("Product Code", "Item Code", "SKU", "产品编码", "商品编码", "物料编码", "存货编码", "货号"), required=True, max_length=40),
        Field("quantity", _("Quantity"), ("Qty", "Quantity Ordered", "数量", "订货数量", "订购数量"), kind="quantity", required=True),
        Field("unit_price", _("Unit price"), ("Price", "Unit Price", "Price Each", "单价", "含税单价", "销售单价"), kind="price"),
        Field("net_price", _("Unit price without tax"), ("Net Price", "Price without Tax", "不含税单价", "未税单价"), kind="price"),
        Field("discount", _("Discount"), ("Discount Rate", "Discount %", "折扣率", "折扣%"), kind="rate"),
        Field("tax_rate", _("Tax rate"), ("Tax Rate", "Tax %", "VAT", "VAT %", "税率", "税率%"), kind="rate", help=_("Empty: the product's.")),
        Field("amount", _("Amount with tax"), ("Line Amount", "Amount", "Line Total", "金额", "价税合计", "含税金额"), kind="decimal", negative=True,
              help=_("Only compared: a difference of more than a cent is shown.")),
        Field("state", _("State"), ("Status", "Order Status", "状态", "订单状态", "单据状态"), kind="choice",
              choices={word: state for state, words in STATES.items() for word in (*words, state)}),
        Field("salesperson", _("Salesperson"), ("Sales Rep", "Sales Rep No", "Salesperson", "业务员", "销售员", "业务员编号"), max_length=100,
              refers=Reference(salespeople)),
        Field("their_number", _("Customer's own number"), ("PO No", "Customer PO", "PO Number", "客户单号", "客户订单号"), max_length=100),
        Field("warehouse", _("Warehouse"), ("Warehouse Code", "仓库", "仓库编码"), max_length=100, refers=rows_of(Warehouse)),
        Field("term", _("Payment term"), ("Terms", "Payment Terms", "结算方式", "付款条件"), max_length=100, refers=rows_of(PaymentTerm)),
        Field("address", _("Delivery address"), ("Ship To", "Address", "送货地址", "收货地址"), max_length=300),
        Field("note", _("Remarks"), ("Remark", "Comments", "Notes", "备注", "说明"), max_length=2000),
    )  # fmt: skip

    def opens(self, rows: Sequence[Row]) -> bool:
        return any(is_past(row) for row in rows)

    def check(self, rows: Sequence[Row], run: Run) -> None:
        known = Known(rows)
        ours = re.compile(rf"{known.prefix}-\d{{4}}-\d+$")
        for some in self.groups(rows):
            first = some[0]
            if known.customer(first) is None:
                run.problem(
                    first,
                    "customer",
                    _("There is no customer «%(customer)s»."),
                    customer=first.get("customer") or first.get("customer_name", ""),
                )
            if is_past(first) and ours.match(first["number"]):
                run.problem(
                    first,
                    "number",
                    _("«%(number)s» looks like a number of this program and could be given out again."),
                    number=first["number"],
                )
            for name in ("customer", "dated_on", "state", "required_on"):
                for row in some[1:]:
                    if row.get(name) != first.get(name):
                        run.problem(
                            row, name, _("Line %(line)s of the same order says something else."), line=first.number
                        )
            for row in some:
                self.check_row(row, known, run)

    def check_row(self, row: Row, known: "Known", run: Run) -> None:
        product = known.products.get(row["product"].upper())
        if product is None:
            run.problem(row, "product", _("There is no product «%(product)s»."), product=row["product"])
            return
        if row["quantity"] <= 0:
            run.problem(row, "quantity", _("A quantity is more than zero; returns are documents of their own."))
        if row.get("unit_price") is None and row.get("net_price") is None and is_past(row):
            run.problem(row, "unit_price", _("A past order needs its price."))
        for name, found in (("salesperson", known.people), ("warehouse", known.warehouses), ("term", known.terms)):
            if row.get(name) and row[name].casefold() not in found:
                run.problem(row, name, _("«%(value)s» is not known here."), value=row[name])
        if row.get("amount") is not None and row["quantity"] > 0:
            self.check_amount(row, product, run)

    def check_amount(self, row: Row, product: Product, run: Run) -> None:
        """The file's own amount, with or without tax, agrees with quantity × price; else one of the three is wrong."""
        comes_to = past_line(row, product).amounts(includes_tax=row.get("net_price") is None)
        if min(abs(figure - row["amount"]) for figure in (comes_to.gross, comes_to.net)) > Decimal("0.01"):
            run.problem(row, "amount", _("Quantity and price come to %(amount)s."), amount=comes_to.gross)

    def apply(self, rows: Sequence[Row], run: Run) -> None:
        known, past = Known(rows), []
        for some in self.groups(rows):
            first = some[0]
            customer = known.customer(first)
            if customer is None:
                continue
            if (customer.pk, first["number"]) in known.there:
                run.same(len(some))
            elif not is_past(first):
                with run.row(first, "number"):
                    save_draft(some, customer, known, run)
                    run.made(len(some))
            elif run.opening is not None:
                past.append(self.past(some, customer, known))
                run.made(len(some))
            run.step(len(some))
            if len(past) >= AT_ONCE and run.opening is not None:
                take_over_orders(past, opening=run.opening, by=run.uploaded_by)
                past.clear()
        if past and run.opening is not None:
            take_over_orders(past, opening=run.opening, by=run.uploaded_by)

    def past(self, some: list[Row], customer: Customer, known: "Known") -> Past:
        first = some[0]
        rows = sorted(some, key=lambda row: (row.get("line") or 0, row.number))
        return Past(
            number=first["number"], state=first["state"], customer=customer, dated_on=first["dated_on"], required_on=first.get("required_on"),
            lines=[past_line(row, known.products[row["product"].upper()]) for row in rows], includes_tax=first.get("net_price") is None,
            salesperson=known.salesperson(first) or customer.party.owner, warehouse=known.warehouse(first), term=known.term(first) or customer.term,
            their_number=first.get("their_number", ""), address=first.get("address") or customer.party.address, note=first.get("note", ""),
        )  # fmt: skip


def is_past(row: Row) -> bool:
    return row.get("state") not in (None, str(DRAFT))


def past_line(row: Row, product: Product) -> PastLine:
    price = row.get("net_price") if row.get("unit_price") is None else row["unit_price"]
    rate = row.get("tax_rate")
    return PastLine(
        product=product, quantity=row["quantity"], unit_price=product.list_price if price is None else price,
        discount=row.get("discount", Decimal(0)), tax_rate=product.tax_rate if rate is None else rate,
    )  # fmt: skip


def save_draft(some: list[Row], customer: Customer, known: "Known", run: Run) -> Order:
    """A draft of whoever brings it in; a price of its own carries the file as its reason."""
    first = some[0]
    header: dict[str, Any] = {
        "party": customer.party, "dated_on": first["dated_on"], "required_on": first.get("required_on"), "external_number": first["number"],
        "term": known.term(first) or customer.term, "warehouse": known.warehouse(first), "note": first.get("note", ""),
        "salesperson": known.salesperson(first) or customer.party.owner, "includes_tax": first.get("net_price") is None,
        "delivery_address": first.get("address") or customer.party.address, "delivery_contact": customer.party.contact,
        "delivery_phone": customer.party.phone,
    }  # fmt: skip
    lines = [
        Wanted(
            product=known.products[row["product"].upper()], quantity=row["quantity"], discount=row.get("discount"), tax_rate=row.get("tax_rate"),
            unit_price=row.get("net_price") if row.get("unit_price") is None else row["unit_price"], price_reason=str(_("as in the file")),
        )
        for row in some
    ]  # fmt: skip
    return save_order(Order(), by=run.by, header=header, lines=lines)


class Known:
    """What a sheet names, asked once however many rows it has."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.products = Product.objects.all().by_code(row["product"] for row in rows)
        self.customers = customers_called(
            {row.get(name) or "" for row in rows for name in ("customer", "customer_name")}
        )
        self.people: dict[str, Person] = {}
        for person in Person.objects.filter(roles__contains=[Role.SALESPERSON]):
            self.people |= dict.fromkeys(names_of(person.name, person.username, person.employee_no), person)
        self.warehouses = {word: w for w in Warehouse.objects.order_by("-pk") for word in names_of(w.code, w.name)}
        self.terms = {word: t for t in PaymentTerm.objects.all() for word in names_of(t.code, t.name)}
        self.first_warehouse = Warehouse.objects.filter(is_active=True).order_by("pk").first()
        self.prefix = re.escape(Series.objects.get(kind=ORDER.kind).prefix)
        numbers = {row["number"] for row in rows}
        there = Order.objects.filter(Q(number__in=numbers) | Q(external_number__in=numbers)).exclude(
            state=str(CANCELLED), opening=None
        )
        self.there = {
            (party, name)
            for party, *both in there.values_list("party", "number", "external_number")
            for name in both
            if name
        }

    def customer(self, row: Row) -> Customer | None:
        code, name = row.get("customer"), row.get("customer_name")
        return self.customers.get(code.casefold()) if code else self.customers.get((name or "").casefold())

    def salesperson(self, row: Row) -> Person | None:
        return self.people.get((row.get("salesperson") or "").casefold())

    def warehouse(self, row: Row) -> Warehouse:
        found = self.warehouses.get((row.get("warehouse") or "").casefold()) or self.first_warehouse
        assert found is not None
        return found

    def term(self, row: Row) -> PaymentTerm | None:
        return self.terms.get((row.get("term") or "").casefold())


def customers_called(words: Iterable[str]) -> dict[str, Customer]:
    """What a sheet calls its customers, folded → who that is today: by code before name, and by a name in use before one merged away."""
    known = list(
        Customer.objects.values_list("pk", "party__merged_into", "party__code", "party__name", "party__short_name")
    )
    merged = {pk: into for pk, into, *_names in known if into}
    called: dict[str, int] = {}
    for pk, _into, _code, *names in sorted(known, key=lambda row: row[1] is None):
        called |= dict.fromkeys(names_of(*names), pk)
    called |= {code.casefold(): pk for pk, _into, code, *_names in known}
    found = {word: heir_of(called[word], merged) for word in {each.casefold() for each in words} & called.keys()}
    customers = Customer.objects.select_related("party__owner", "term").in_bulk(set(found.values()))
    return {word: customers[pk] for word, pk in found.items()}


def heir_of(pk: int, merged: Mapping[int, int]) -> int:
    while pk in merged:
        pk = merged[pk]
    return pk


def names_of(*names: str | None) -> Iterable[str]:
    return (name.casefold() for name in names if name)
