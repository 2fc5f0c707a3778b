"""Typed lines of the list of documents, and what a new bid begins with."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.pages.sheet import Answer, Line
from contracts.bids.models import Bid
from contracts.bids.services import WantedPaper

# what nearly every tender asks for; a company changes the list of each bid as its notice says
USUAL = (
    "投标函", "法定代表人授权书", "营业执照副本", "资质证书", "财务报表", "投标报价表", "技术方案", "类似业绩证明", "投标保证金凭证",
)  # fmt: skip
NO = {"no", "n", "0", "否", "不", "可选"}


def wanted_of(line: Line) -> WantedPaper:
    values, key = line.values, line.key.removeprefix("l")
    return WantedPaper(
        name=values["name"], owner=values.get("owner"), due_on=values.get("due_on"), is_required=values.get("is_required", True),
        pk=int(key) if line.key.startswith("l") and key.isdigit() else None,
    )  # fmt: skip


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
