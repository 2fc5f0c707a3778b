"""Clauses with places: «{甲方}», «{amount}» fill themselves from the contract; a place nobody knows has to be typed over (K1)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from backoffice.money import amount_in_words
from contracts.content import Content
from contracts.models import Contract

PLACE = re.compile(r"\{([^{}\n]{1,40})\}")
NUMBERED = re.compile(r"(?:第?[一二三四五六七八九十百]{1,4}[条、.．]|[（(]?\d{1,2}[、.．)）](?!\d))\s*")
Filler = Callable[[Contract, Content], str]


@dataclass(frozen=True, slots=True)
class Place:
    """A place that fills itself: its names as typed, what it says, and from where."""

    names: tuple[str, ...]
    label: object
    fill: Filler


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause as parts (text, kind): plain, "filled" by the program, or an "open" place."""

    parts: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        return "".join(text for text, _kind in self.parts)


def _day(value: date | None) -> str:
    """Nothing for no day: the place stays open."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def _plan(_contract: Contract, content: Content) -> str:
    return "；".join(f"{each.words or each.part}：{each.amount:,.2f}元" for each in content.payments)


def _deliveries(_contract: Contract, content: Content) -> str:
    days = sorted({line.due_on for line in content.lines if line.due_on})
    return "、".join(_day(day) for day in days)


PLACES = (
    Place(("供方", "supplier"), _("the supplier's name"), lambda c, _t: c.party_name if c.is_purchase else c.our_name),
    Place(("需方", "buyer"), _("the buyer's name"), lambda c, _t: c.our_name if c.is_purchase else c.party_name),
    Place(("对方地址", "their address"), _("their address"), lambda c, _t: c.party_address),
    Place(("合同编号", "number"), _("the contract's number"), lambda c, _t: c.number or "……"),
    Place(("金额", "amount"), _("the value"), lambda _c, t: f"{t.agreed:,.2f}元"),
    Place(("大写金额", "amount in words"), _("the value in words"), lambda c, t: amount_in_words(t.agreed, c.currency)),
    Place(("付款条件", "term"), _("the payment term"), lambda _c, t: t.term_name),
    Place(("付款计划", "payment plan"), _("the payment plan"), _plan),
    Place(("交货计划", "delivery plan"), _("the days of delivery"), _deliveries),
    Place(("起始日", "from"), _("valid from"), lambda _c, t: _day(t.starts_on)),
    Place(("截止日", "to"), _("valid to"), lambda _c, t: _day(t.ends_on)),
    Place(("日期", "date"), _("the date of the contract"), lambda c, _t: _day(c.dated_on)),
    Place(("区域", "territory"), _("the territory"), lambda _c, t: t.territory),
)
BY_NAME = {name: place for place in PLACES for name in place.names}


def filled(contract: Contract, content: Content) -> list[Clause]:
    """The clauses in their order, each place filled from what the contract says."""
    return [Clause(tuple(_parts(unnumbered(text), contract, content))) for text in paragraphs(content.clauses)]


def _parts(text: str, contract: Contract, content: Content) -> list[tuple[str, str]]:
    found, at = [], 0
    for match in PLACE.finditer(text):
        found.append((text[at : match.start()], ""))
        place = BY_NAME.get(match[1].strip().lower())
        value = place.fill(contract, content) if place else ""
        found.append((value, "filled") if value else (match[0], "open"))
        at = match.end()
    return [part for part in (*found, (text[at:], "")) if part[0]]


def places_marked(text: str) -> list[Clause]:
    """The clauses of a template: places that will fill themselves, and those a person has to write over."""
    found = []
    for each in paragraphs(text):
        parts = (
            (part, "" if odd == 0 else "filled" if part.strip().lower() in BY_NAME else "open")
            for odd, part in _pieces(unnumbered(each))
        )
        found.append(Clause(tuple(part for part in parts if part[0])))
    return found


def _pieces(text: str) -> list[tuple[int, str]]:
    """Plain text and names of places in turn: 0 for text, 1 for a place."""
    return [(place % 2, piece) for place, piece in enumerate(PLACE.split(text))]


def unnumbered(text: str) -> str:
    """A clause without the number it was pasted with: page and paper number them."""
    return NUMBERED.sub("", text, count=1) if NUMBERED.match(text) else text


def paragraphs(text: str) -> list[str]:
    return [each.strip() for each in text.splitlines() if each.strip()]


def open_places(contract: Contract, content: Content) -> list[str]:
    """The places that nobody has filled: a contract is not handed in with them."""
    clauses = filled(contract, content)
    return list(dict.fromkeys(text for clause in clauses for text, kind in clause.parts if kind == "open"))
