"""Which papers must go along with shipments, what of them is there, and without which a manager let them leave (K6)."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

from django.db.models import F

from contracts.papers.selectors import Going, Leaving, LetGo, Wanted, tells_goods, wanted_of
from shipments.models import Clearance, Shipment, ShipmentLine


@tells_goods("shipment")
def goods_of_shipments(ids: Collection[int]) -> Iterable[Leaving]:
    """What leaves with each shipment, by which contract and order (K6)."""
    lines = ShipmentLine.objects.filter(shipment__in=ids).select_related("shipment", "product", "order_line__order")
    found: dict[int, Leaving] = {}
    for line in lines.order_by("shipment", "position"):
        order = line.order_line.order
        leaving = found.setdefault(line.shipment_id, Leaving(line.shipment_id, line.shipment.party_id, []))
        leaving.goods.append(
            Going(
                line.product_id, line.product.code, line.name, line.spec, line.unit, line.quantity,
                line.product.category_id, order.contract_id, order.pk,
            )
        )  # fmt: skip
    return found.values()


def papers_with(ids: Collection[int], *, on: datetime.date) -> dict[int, list[Wanted]]:
    """For each shipment what must go along with it; what a manager let it leave without says who and why."""
    found = wanted_of(goods_of_shipments(ids), on=on)
    if not any(one.is_missing for wanted in found.values() for one in wanted):
        return found
    given = releases(found)
    return {pk: [replace(one, let_go=given[pk].get(one.key)) for one in wanted] for pk, wanted in found.items()}


def releases(ids: Collection[int]) -> dict[int, dict[str, LetGo]]:
    """Shipment → key of a paper → the release that lets its content, as it stands, leave without that paper."""
    rows = Clearance.objects.filter(
        kind=Clearance.Kind.PAPERS, shipment__in=ids, fingerprint=F("shipment__fingerprint")
    )
    found: dict[int, dict[str, LetGo]] = defaultdict(dict)
    for row in rows.select_related("by").order_by("pk"):
        found[row.shipment_id] |= dict.fromkeys(row.papers, LetGo(row.by, row.at, row.reason))
    return found


def papers_missing(shipment: Shipment, *, on: datetime.date) -> list[Wanted]:
    """What keeps this shipment here."""
    return [one for one in papers_with([shipment.pk], on=on).get(shipment.pk, []) if one.is_missing]
