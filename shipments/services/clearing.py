"""Finance confirms that the money for a shipment is there; a manager lets it leave without (S5)."""

from django.db import transaction
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.documents.gate import check_seen, lock
from backoffice.money import amount
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from backoffice.review.models import Hand
from customers.models import Customer
from shipments import lifecycle
from shipments.models import Clearance, Shipment
from shipments.selectors.money import MoneyGate, clearance_of, money_gate
from shipments.services import telling

CLEARS = (Role.FINANCE,)
RELEASES = (Role.MANAGER, Role.GM)


def clear_shipment(
    shipment: Shipment, *, by: Person, note: str = "", version: int | None = None, fingerprint: str | None = None
) -> Clearance:
    """Confirm that the money wanted is there, for exactly this content. The customer is locked: no money counts twice."""
    with transaction.atomic(), acting(by, step="clear_shipment", note=note):
        locked, gate = opened(shipment, CLEARS, by=by, version=version, fingerprint=fingerprint)
        if not gate.ok:
            raise Refused(gate.why, code="money")
        return write(locked, gate, by=by, note=note)


def release_shipment(
    shipment: Shipment, *, by: Person, note: str, version: int | None = None, fingerprint: str | None = None
) -> Clearance:
    """Let it leave although the money is not there; the reason and what was missing are kept."""
    with transaction.atomic(), acting(by, step="release_shipment", note=note):
        locked, gate = opened(shipment, RELEASES, by=by, version=version, fingerprint=fingerprint)
        if not note.strip():
            raise Refused(_("Please give a reason."), code="note", field="note")
        clearance = write(locked, gate, by=by, note=note, is_release=True)
        telling.released(locked, by=by, note=note)
        return clearance


def opened(
    shipment: Shipment, roles: tuple[Role, ...], *, by: Person, version: int | None, fingerprint: str | None
) -> tuple[Shipment, MoneyGate]:
    """The shipment and its customer locked, and how its money stands; refused where nothing is to be decided."""
    locked = lock(shipment, by=by)
    check_seen(locked, version=version, fingerprint=fingerprint)
    if not by.has_role(*roles):
        raise Refused(_("Your role may not decide about the money of a shipment."), code="role")
    if locked.state != lifecycle.REVIEWED.name:
        raise Refused(_("Only a reviewed shipment waits for its money."), code="state")
    if Hand.objects.filter(record_id=locked.pk, round=locked.round, person=by).exists():
        raise Refused(_("You had a hand in this; somebody else has to decide."), code="hand")
    Customer.objects.select_for_update().filter(party=locked.party_id).first()
    given = clearance_of(locked)
    if given is not None and (given.is_release or roles == CLEARS):
        raise Refused(_("This was decided already by %(person)s.") % {"person": given.by}, code="decided")
    return locked, money_gate(locked)


def write(shipment: Shipment, gate: MoneyGate, *, by: Person, note: str, is_release: bool = False) -> Clearance:
    return Clearance.objects.create(
        shipment=shipment, fingerprint=shipment.fingerprint, is_release=is_release, wanted=amount(gate.wanted),
        there=amount(gate.there), reason=note.strip(), by=by,
    )  # fmt: skip
