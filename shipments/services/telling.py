"""Who is told what about a shipment (C10, R7)."""

import datetime
from functools import partial

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.outbox.notices import notify
from backoffice.outbox.topics import topic
from backoffice.pages.fields import plain
from backoffice.people.models import Person, Role
from customers.mailings.models import News
from customers.mailings.services import tell_customer
from customers.mailings.services.news import Words
from shipments.models import Shipment

NEWS_DAYS = 3  # what is entered later than this is no news to the customer any more

DISPATCHED = topic("shipment_dispatched", _("Goods dispatched"), _("%(number)s for %(party)s has left. %(tracking)s"))
DELIVERED = topic("shipment_delivered", _("Goods delivered"), _("%(number)s has arrived at %(party)s."))
RETURNED = topic("shipment_returned", _("Shipment returned"), _("A shipment for %(party)s came back: %(reason)s"))
MONEY = topic(
    "shipment_money", _("Money before dispatch"), _("A shipment of %(amount)s for %(party)s waits for its money.")
)
RELEASED = topic(
    "shipment_released", _("Shipment released"), _("%(by)s released %(number)s without the money: %(reason)s")
)
WITHOUT_PAPERS = topic(
    "shipment_without_papers", _("Shipment released without its papers"),
    _("%(by)s released %(number)s without %(papers)s: %(reason)s"),
)  # fmt: skip


def sales_side(shipment: Shipment) -> list[Person]:
    """Whose deal it is: the salesperson, the assistants who serve them, and who made the shipment."""
    serving = Q(serves=shipment.salesperson_id, is_active=True) if shipment.salesperson_id else Q()
    there = Person.objects.filter(Q(pk__in=[shipment.author_id, shipment.salesperson_id]) | serving)
    return list(there.distinct())


def dispatched(shipment: Shipment, *, by: Person) -> None:
    tracking = " ".join(filter(None, [str(shipment.carrier or ""), shipment.tracking_number]))
    notify(sales_side(shipment), DISPATCHED, shipment, by=by, tracking=tracking)
    to_customer(shipment, News.Kind.DISPATCHED, shipment.dispatched_on, by=by)


def delivered(shipment: Shipment, *, by: Person) -> None:
    notify(sales_side(shipment), DELIVERED, shipment, by=by)
    to_customer(shipment, News.Kind.DELIVERED, shipment.delivered_on, by=by)


def on_the_way(shipment: Shipment, *, by: Person) -> None:
    """The tracking number came after the goods had left: the customer can follow them from now on."""
    if shipment.tracking_number and shipment.state == "dispatched":
        to_customer(shipment, News.Kind.ON_THE_WAY, shipment.dispatched_on, by=by)


def to_customer(shipment: Shipment, kind: str, day: datetime.date | None, *, by: Person) -> None:
    """News of their goods for the customer, while it is news. C10"""
    if day is None or (timezone.localdate() - day).days > NEWS_DAYS:
        return
    tell_customer(
        shipment,
        kind,
        by=by,
        words=partial(words_for, shipment, kind),
        mobile=shipment.delivery_phone,
        contact=shipment.delivery_contact,
    )


def words_for(shipment: Shipment, kind: str) -> Words:
    """In the customer's language."""
    number = shipment.number or ""
    given = {
        "number": number,
        "tracking": " ".join(filter(None, [str(shipment.carrier or ""), shipment.tracking_number])),
    }
    subject, text = {
        News.Kind.DISPATCHED: (gettext("Your goods have left: %(number)s"), gettext("The goods below have left our warehouse.")),
        News.Kind.ON_THE_WAY: (gettext("Your goods are on the way: %(number)s"), gettext("With this number you can follow them: %(tracking)s")),
        News.Kind.DELIVERED: (gettext("Your goods have arrived: %(number)s"), gettext("The carrier says that your goods have arrived. If anything is missing or damaged, please tell us.")),
    }[News.Kind(kind)]  # fmt: skip
    facts = [
        (gettext("Shipment"), number), (gettext("Dispatched"), shipment.dispatched_on), (gettext("Delivery address"), shipment.delivery_address),
        (gettext("Carrier"), str(shipment.carrier or "")), (gettext("Tracking number"), shipment.tracking_number),
        (gettext("Delivered"), shipment.delivered_on), (gettext("Received by"), shipment.received_by),
    ]  # fmt: skip
    goods = [
        (f"{line.name} {line.spec}".strip(), f"{plain(line.quantity)} {line.unit}") for line in shipment.lines.all()
    ]
    return Words(
        subject=subject % given, text=text % given, short=f"{subject % given} {given['tracking']}".strip(),
        facts=[fact for fact in facts if fact[1]], goods=goods,
    )  # fmt: skip


def returned(shipment: Shipment, *, by: Person, note: str) -> None:
    notify([shipment.author], RETURNED, shipment, by=by, reason=note)


def waits_for_money(shipment: Shipment, *, by: Person) -> None:
    notify(Role.FINANCE, MONEY, shipment, by=by, amount=f"{shipment.amount:,.2f}")


def released(shipment: Shipment, *, by: Person, note: str) -> None:
    notify([Role.FINANCE, Role.WAREHOUSE], RELEASED, shipment, by=by, reason=note)


def released_without_papers(shipment: Shipment, *, by: Person, note: str, papers: str) -> None:
    notify([Role.WAREHOUSE, *sales_side(shipment)], WITHOUT_PAPERS, shipment, by=by, reason=note, papers=papers)
