"""Typed lines of the list of documents and of the goods, and what a new bid begins with."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.money import ZERO, amount, amount_in_words
from backoffice.pages.fields import plain
from backoffice.pages.sheet import Answer, Line
from backoffice.stock.models import Product
from contracts.bids.models import Bid, BidLine
from contracts.bids.services import Offered, WantedPaper
from contracts.entry import usual_price

# what nearly every tender asks for; a company changes the list of each bid as its notice says
USUAL = (
    "投标函", "法定代表人授权书", "营业执照副本", "资质证书", "财务报表", "投标报价表", "技术方案", "类似业绩证明", "投标保证金凭证",
)  # fmt: skip
NO = {"no", "n", "0", "否", "不", "可选"}


def wanted_of(line: Line) -> WantedPaper:
    values = line.values
    return WantedPaper(
        name=values["name"], owner=values.get("owner"), due_on=values.get("due_on"), is_required=values.get("is_required", True),
        pk=saved_as(line),
    )  # fmt: skip


def saved_as(line: Line) -> int | None:
    """The row that this line was begun with, as its key says."""
    key = line.key.removeprefix("l")
    return int(key) if line.key.startswith("l") and key.isascii() and key.isdigit() else None


def say(form: Any, lines: Iterable[Line]) -> Answer:
    """Whose line it is by name; a document that is ready only after the deadline stands out."""
    head, answer = getattr(form, "cleaned_data", {}), Answer()
    closes = head.get("closes_at")
    for line in lines:
        line.say("owner_name", str(line.values.get("owner") or ""))
        due = line.values.get("due_on")
        if closes and due and due > timezone.localtime(closes).date():
            line.warn("due_on", _("This is after the deadline."))
    return answer


def texts_of(bid: Bid | None) -> list[dict[str, str]]:
    """Saved lines as cells; a new bid begins with the usual documents."""
    if bid is None:
        return [{"key": f"u{n}", "typed": "name", "name": name} for n, name in enumerate(USUAL)]
    return [
        {
            "key": f"l{paper.pk}", "typed": "name owner due_on is_required", "name": paper.name, "owner": paper.owner.username if paper.owner else "",
            "due_on": paper.due_on.isoformat() if paper.due_on else "", "is_required": "" if paper.is_required else "否",
        }
        for paper in bid.papers.select_related("owner")
    ]  # fmt: skip


# ── the goods, and what they cost ──────────────────────────────────────────────────────────


def offered_of(line: Line) -> Offered:
    """A typed line as the service takes it; of a product its name, unit and usual price where nothing else was typed."""
    product, quantity = line.values.get("product"), line.values.get("quantity") or Decimal(0)
    name, unit = named(product)
    price = usual_price(product, includes_tax=True) if product else ZERO
    return Offered(
        name=said(line, "name", name), quantity=quantity, unit_price=said(line, "unit_price", price), product=product,
        unit=said(line, "unit", unit), pk=saved_as(line),
    )  # fmt: skip


def named(product: Product | None) -> tuple[str, str]:
    return (f"{product.name} {product.spec}".strip(), product.unit.name) if product else ("", "")


def said(line: Line, name: str, usual: Any) -> Any:
    """What was typed; the browser may have put what is usual into a cell that nobody typed into."""
    given = line.values.get(name)
    is_typed = line.is_by_hand(name) or not line.values.get("product")
    return given if is_typed and given not in (None, "") else usual


def say_goods(lines: Iterable[Line], *, ceiling: Decimal | None) -> Answer:
    """Name, unit, usual price and amount of each; what it comes to, against the highest price they accept."""
    answer, total = Answer(), ZERO
    for line in lines:
        one = offered_of(line)
        for name, text in (("name", one.name), ("unit", one.unit), ("unit_price", plain(one.unit_price))):
            line.say(name, text if one.product or line.is_by_hand(name) else "")
        line.say("gross", f"{one.amount:,.2f}" if one.quantity else "")
        lowest = one.product.lowest(includes_tax=True) if one.product else None
        if lowest is not None and one.unit_price < lowest:
            line.warn("unit_price", _("This is below the lowest price, %(price)s.") % {"price": plain(lowest)})
        total = amount(total + one.amount)
    answer.totals = {"gross": f"{total:,.2f}"}
    if total:
        answer.note(amount_in_words(total))
    if ceiling is not None and total > ceiling:
        answer.note(_("Our price is above the highest price they accept."), "bad")
    return answer


def goods_texts(bid: Bid) -> list[dict[str, str]]:
    """Saved lines as cells."""
    return [
        {
            "key": f"l{row.pk}", "typed": typed_in(row), "product": row.product.code if row.product else "", "name": row.name,
            "quantity": plain(row.quantity), "unit": row.unit, "unit_price": plain(row.unit_price), "gross": f"{row.amount:,.2f}",
        }
        for row in bid.goods.select_related("product__unit")
    ]  # fmt: skip


def typed_in(row: BidLine) -> str:
    """Which cells somebody wrote; what merely follows from the product would follow another product too."""
    follows = [
        name for name, usual in zip(("name", "unit"), named(row.product), strict=True) if getattr(row, name) == usual
    ]
    return " ".join(name for name in ("product", "name", "quantity", "unit", "unit_price") if name not in follows)
