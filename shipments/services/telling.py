"""Who is told what about a shipment (C10, R7)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.outbox.notices import notify
from backoffice.outbox.topics import topic
from backoffice.people.models import Person, Role
from shipments.models import Shipment

DISPATCHED = topic("shipment_dispatched", _("Goods dispatched"), _("%(number)s for %(party)s has left. %(tracking)s"))
DELIVERED = topic("shipment_delivered", _("Goods delivered"), _("%(number)s has arrived at %(party)s."))
RETURNED = topic("shipment_returned", _("Shipment returned"), _("A shipment for %(party)s came back: %(reason)s"))
MONEY = topic(
    "shipment_money", _("Money before dispatch"), _("A shipment of %(amount)s for %(party)s waits for its money.")
)
RELEASED = topic(
    "shipment_released", _("Shipment released"), _("%(by)s released %(number)s without the money: %(reason)s")
)


def sales_side(shipment: Shipment) -> list[Person]:
    """Whose deal it is: the salesperson, the assistants who serve them, and who made the shipment."""
    serving = Q(serves=shipment.salesperson_id, is_active=True) if shipment.salesperson_id else Q()
    there = Person.objects.filter(Q(pk__in=[shipment.author_id, shipment.salesperson_id]) | serving)
    return list(there.distinct())


def dispatched(shipment: Shipment, *, by: Person) -> None:
    tracking = " ".join(filter(None, [str(shipment.carrier or ""), shipment.tracking_number]))
    notify(sales_side(shipment), DISPATCHED, shipment, by=by, tracking=tracking)


def delivered(shipment: Shipment, *, by: Person) -> None:
    notify(sales_side(shipment), DELIVERED, shipment, by=by)


def returned(shipment: Shipment, *, by: Person, note: str) -> None:
    notify([shipment.author], RETURNED, shipment, by=by, reason=note)


def waits_for_money(shipment: Shipment, *, by: Person) -> None:
    notify(Role.FINANCE, MONEY, shipment, by=by, amount=f"{shipment.amount:,.2f}")


def released(shipment: Shipment, *, by: Person, note: str) -> None:
    notify([Role.FINANCE, Role.WAREHOUSE], RELEASED, shipment, by=by, reason=note)
