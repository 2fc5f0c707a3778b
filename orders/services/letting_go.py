"""Orders whose hold has lost its cause go on by themselves: at once after a licence was verified, and each morning (C2, C11)."""

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

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


def let_go(held: OrderQuerySet, *, note: str) -> int:
    """Take those of these held orders on that nothing holds any more; `note` says why in their history. How many went."""
    gone = 0
    ours = held.in_state(HELD).exclude(opening__isnull=False, round=1)  # what came held from a file waits for a release
    for order in ours.select_related("party").order_by("submitted_at", "pk"):
        customer = Customer.objects.get(pk=order.party_id)
        if not what_holds(order, customer, on=timezone.localdate()):
            gone += goes_on(order, note=note)
    return gone


def goes_on(order: Order, *, note: str) -> bool:
    """Whether it did; one that cannot (its contract has nothing left) stays held, and keeps no other from going."""
    try:
        with transaction.atomic():
            return recheck_order(order, by=Person.objects.system(), note=note).get_state() != HELD
    except Refused as refusal:
        log.info("order_stays_held", order=order.pk, why=str(refusal))
        return False


@after(VERIFY.name)
def let_go_of_what_waited(licence: Licence, *, by: Person) -> None:
    """The licence that orders of this customer waited for has been renewed and verified. C2"""
    words = {"kind": licence.licence_kind, "number": licence.external_number or licence.number, "by": by}
    note = _("%(kind)s %(number)s was verified by %(by)s.") % words
    let_go(Order.objects.filter(party=licence.party_id), note=note)
