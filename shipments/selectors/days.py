"""A day of the warehouse: what leaves, what waits, and the list of what left (S6, S7)."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from backoffice.database.queries import among
from backoffice.parties.models import Party
from backoffice.people.models import Person
from shipments import lifecycle
from shipments.models import Shipment, ShipmentLine


@dataclass(frozen=True, slots=True)
class DayFigures:
    """How many shipments stand where, as this person may see them."""

    to_review: int
    waiting_for_money: int
    ready: int
    left_today: int
    on_the_way: int
    untracked: int
    late: int


def day_figures(*, on: datetime.date, visible_to: Person) -> DayFigures:
    rows = Shipment.objects.visible_to(visible_to)
    return DayFigures(
        to_review=rows.in_state(lifecycle.SUBMITTED).count(),
        waiting_for_money=rows.waiting_for_money().count(),
        ready=rows.ready().count(),
        left_today=rows.gone().filter(dispatched_on=on).count(),
        on_the_way=rows.on_the_way().count(),
        untracked=rows.untracked().count(),
        late=rows.late(on).count(),
    )


MOST = 30


def day_of(*, on: datetime.date, visible_to: Person) -> dict[str, Any]:
    """The warehouse's day: figures, and the first rows of what leaves, waits, left and is late; `is_mine` waits for this person."""
    rows = Shipment.objects.visible_to(visible_to).select_related("party", "carrier", "salesperson", "warehouse")
    rows = rows.annotate(line_count=Count("lines"))
    by_day, mine = ("required_on", "pk"), among(Shipment.objects.waiting_for(visible_to), "pk")
    return {
        "figures": day_figures(on=on, visible_to=visible_to),
        "ready": rows.ready().order_by(*by_day)[:MOST],
        "to_review": rows.in_state(lifecycle.SUBMITTED).annotate(is_mine=mine).order_by("submitted_at", "pk")[:MOST],
        "waiting_for_money": rows.waiting_for_money().order_by(*by_day)[:MOST],
        "left_today": rows.gone().filter(dispatched_on=on).order_by("-changed_at")[:MOST],
        "on_the_way": rows.on_the_way().exclude(dispatched_on=on).order_by("dispatched_on", "pk")[:MOST],
        "late_ids": set(rows.late(on).values_list("pk", flat=True)),
    }


def quantities_by_unit(lines: list[ShipmentLine]) -> list[tuple[Decimal, str]]:
    """How much there is of each unit: what a driver counts."""
    found: dict[str, Decimal] = {}
    for line in lines:
        found[line.unit] = found.get(line.unit, Decimal(0)) + line.quantity
    return [(quantity, unit) for unit, quantity in found.items()]


def language_of(party: Party) -> str:
    """The language a customer reads on paper: Chinese at home, English abroad."""
    at_home = party.country.strip().casefold() in ("", "中国", "cn", "china", "prc", "中华人民共和国")
    return "zh-hans" if at_home else "en"


@dataclass(frozen=True, slots=True)
class Dispatched:
    """A line of the daily dispatch list 每日发货物流单 (S7)."""

    shipment: int
    number: str
    party: str
    salesperson: str
    address: str
    contact: str
    phone: str
    carrier: str
    tracking_number: str
    lines: int
    quantity: Decimal
    amount: Decimal
    freight: Decimal | None


def dispatch_list(*, on: datetime.date, visible_to: Person | None = None) -> list[Dispatched]:
    """What left on a day, by carrier and number; the sum of `amount` is what the ledger took in that day."""
    rows = Shipment.objects.gone() if visible_to is None else Shipment.objects.visible_to(visible_to).gone()
    found = (
        rows.filter(dispatched_on=on)
        .select_related("party", "salesperson", "carrier")
        .annotate(line_count=Count("lines"), goods=Sum("lines__quantity"))
        .order_by("carrier__name", "number", "pk")
    )
    return [
        Dispatched(
            shipment=row.pk, number=row.number or "", party=row.party_name or str(row.party),
            salesperson=str(row.salesperson or ""), address=row.delivery_address, contact=row.delivery_contact,
            phone=row.delivery_phone, carrier=str(row.carrier or ""), tracking_number=row.tracking_number,
            lines=row.line_count, quantity=row.goods or Decimal(0), amount=row.amount, freight=row.freight,
        )
        for row in found
    ]  # fmt: skip
