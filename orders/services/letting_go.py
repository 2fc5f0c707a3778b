"""Orders whose hold has lost its cause go on by themselves: as soon as a licence has been verified, and each morning (C2, C11)."""

import structlog
from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.celery import wake
from backoffice.documents.gate import after
from backoffice.people.models import Person
from backoffice.refusals import Refused
from customers.licences.lifecycle import VERIFY
from customers.licences.models import Licence
from customers.models import Customer
from orders.lifecycle import HELD
from orders.models import Order, OrderQuerySet
from orders.services.steps import recheck_order, what_holds

log = structlog.get_logger(__name__)
TAKE_ON = "orders.tasks.take_on"


def let_go(held: OrderQuerySet, *, note: str) -> int:
    """Have those of these held orders that nothing holds any more taken on once this transaction is committed. How many they are.

    Nothing is decided here: a job reads a snapshot, a step holds what it has locked, and each order is judged by what stands
    when its customer is locked. Should the message be lost (Redis gone), the orders stay held: the next morning's run
    and «Check again» take them on.
    """
    ours = held.in_state(HELD).exclude(opening__isnull=False, round=1)  # what came held from a file waits for a release
    free = [
        order.pk
        for order in ours.select_related("party").order_by("submitted_at", "pk")
        if not what_holds(order, Customer.objects.get(pk=order.party_id), on=timezone.localdate())
    ]
    if free:
        wake(TAKE_ON, free, note)
    return len(free)


def take_on(orders: list[int], *, note: str) -> int:
    """Check these held orders again, the eldest first, each in a transaction of its own; `note` says why in their history. How many went.

    One that cannot (it is not held any more, its contract has nothing left, the database undid it) is as it was, and
    keeps no other from going; a message that comes twice finds nothing to do.
    """
    return sum(goes_on(Order.objects.get(pk=pk), note=note) for pk in orders)


def goes_on(order: Order, *, note: str) -> bool:
    """Whether it did."""
    try:
        return recheck_order(order, by=Person.objects.system(), note=note).get_state() != HELD
    except (Refused, OperationalError) as error:  # OperationalError: a deadlock, a lock that did not come in time
        log.info("order_stays_held", order=order.pk, why=str(error))
        return False


@after(VERIFY.name)
def let_go_of_what_waited(licence: Licence, *, by: Person) -> None:
    """The licence that orders of this customer waited for has been renewed and verified. C2"""
    words = {"kind": licence.licence_kind, "number": licence.external_number or licence.number, "by": by}
    note = _("%(kind)s %(number)s was verified by %(by)s.") % words
    let_go(Order.objects.filter(party=licence.party_id), note=note)
