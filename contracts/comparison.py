"""Two editions of a contract beside each other: what was changed, line by line and word by word (K1)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from backoffice.pages.fields import plain
from contracts.clauses import paragraphs
from contracts.content import AgreedLine, Content
from contracts.models import InvoiceRule

WORD = re.compile(r"[\d.,]*\d|[A-Za-z]+|.", re.DOTALL)  # a figure is one word, and so is a Chinese character
Parts = tuple[tuple[str, bool], ...]  # a text in pieces, each with whether it was changed


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that reads otherwise: both sides in pieces; an empty side is nothing."""

    label: str
    before: Parts
    after: Parts

    @property
    def tone(self) -> str:
        return "new" if not self.before else "gone" if not self.after else "changed"


@dataclass(frozen=True, slots=True)
class Comparison:
    header: list[Difference]
    lines: list[Difference]
    payments: list[Difference]
    clauses: list[Difference]
    amount_before: Decimal
    amount_after: Decimal

    @property
    def groups(self) -> list[tuple[str, list[Difference]]]:
        named = (
            (_("Terms"), self.header), (_("Lines"), self.lines), (_("Payment plan"), self.payments), (_("Clauses"), self.clauses),
        )  # fmt: skip
        return [(title, rows) for title, rows in named if rows]

    @property
    def is_empty(self) -> bool:
        return not self.groups

    @property
    def more(self) -> Decimal:
        """By how much the value grows."""
        return self.amount_after - self.amount_before


def compare(before: Content, after: Content) -> Comparison:
    return Comparison(
        header_of(before, after), lines_of(before, after),
        listed([row.text for row in before.payments], [row.text for row in after.payments]),
        listed(paragraphs(before.clauses), paragraphs(after.clauses)), before.amount, after.amount,
    )  # fmt: skip


def header_of(before: Content, after: Content) -> list[Difference]:
    return [
        Difference(label, *changed(old, new)) for (label, old), (_label, new) in zip(said(before), said(after), strict=True) if old != new
    ]  # fmt: skip


def said(content: Content) -> list[tuple[str, str]]:
    """The header in words."""
    return [
        (_("Title"), content.title), (_("Valid from"), text(content.starts_on)), (_("Valid to"), text(content.ends_on)),
        (_("Payment term"), content.term_name), (_("Invoicing"), str(InvoiceRule(content.invoice_rule).label)),
        (_("Prices"), _("tax included") if content.includes_tax else _("tax on top")),
        (_("Quantities"), _("bind both sides") if content.is_binding else _("are what is expected")),
        (_("Agreed total"), text(content.ceiling)), (_("Territory"), content.territory), (_("Remarks"), content.note),
    ]  # fmt: skip


def lines_of(before: Content, after: Content) -> list[Difference]:
    """Lines by what they are, not by where they stand: taken out, changed, new."""
    kept = {line.key: line for line in after.lines if line.key is not None}
    found = []
    for place, line in enumerate(before.lines, start=1):
        now = kept.get(line.key)
        if now is None:
            found.append(Difference(f"{place} {line.name}", whole(line_text(line)), ()))
        elif line_text(now) != line_text(line):
            found.append(Difference(f"{place} {line.name}", *changed(line_text(line), line_text(now))))
    known = {line.key for line in before.lines}
    new = [(place, line) for place, line in enumerate(after.lines, start=1) if line.key not in known]
    return [*found, *(Difference(f"{place} {line.name}", (), whole(line_text(line))) for place, line in new)]


def line_text(line: AgreedLine) -> str:
    parts = [
        f"{line.code} {line.name} {line.spec}".strip(), f"{plain(line.quantity)} {line.unit}", f"@ {plain(line.unit_price)}",
        f"−{plain(line.discount * 100)}%" if line.discount else "", f"{plain(line.tax_rate * 100)}%", text(line.due_on), f"= {line.gross:,.2f}",
    ]  # fmt: skip
    return "  ".join(part for part in parts if part)


def listed(before: list[str], after: list[str]) -> list[Difference]:
    """Paragraphs taken out, put in, or put otherwise."""
    found = []
    for kind, a, b, c, d in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        for place in range(max(b - a, d - c)):
            old = before[a + place] if a + place < b else ""
            new = after[c + place] if c + place < d else ""
            number = str((c if new else a) + place + 1)
            found.append(Difference(number, *changed(old, new)))
    return found


def changed(before: str, after: str) -> tuple[Parts, Parts]:
    """Both texts with the words and figures that differ marked; texts with little in common are marked whole."""
    if not before or not after:
        return whole(before), whole(after)
    old_words, new_words = WORD.findall(before), WORD.findall(after)
    matcher = SequenceMatcher(a=old_words, b=new_words, autojunk=False)
    if matcher.ratio() < 0.4:
        return whole(before), whole(after)
    codes = matcher.get_opcodes()
    old = (("".join(old_words[a:b]), kind != "equal") for kind, a, b, _c, _d in codes)
    new = (("".join(new_words[c:d]), kind != "equal") for kind, _a, _b, c, d in codes)
    return _said(old), _said(new)


def _said(parts: Iterable[tuple[str, bool]]) -> Parts:
    return tuple(part for part in parts if part[0])


def whole(said: str) -> Parts:
    return ((said, True),) if said else ()


def text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return value.isoformat() if isinstance(value, date) else ""
