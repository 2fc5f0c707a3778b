"""Finance confirms that the money for a shipment is there; a manager lets it leave without it, or without its papers (S5, K6)."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.documents.gate import check_seen, lock
from backoffice.money import amount
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused, Stale
from backoffice.review.services import own_doing
from customers.models import Customer
from shipments import lifecycle
from shipments.models import Clearance, Shipment
from shipments.selectors.money import MoneyGate, clearance_of, money_gate
from shipments.selectors.papers import papers_missing
from shipments.services import telling

CLEARS = (Role.FINANCE,)
RELEASES = (Role.MANAGER, Role.GM)
Kind = Clearance.Kind


def clear_shipment(
    shipment: Shipment, *, by: Person, note: str = "", version: int | None = None, fingerprint: str | None = None
) -> Clearance:
    """Confirm that the money wanted is there, for exactly this content. The customer is locked: no money counts twice. S5"""
    with transaction.atomic(), acting(by, step="clear_shipment", note=note):
        locked = to_decide(shipment, CLEARS, by=by, version=version, fingerprint=fingerprint)
        gate = undecided(locked, by_release=False)
        if not gate.ok:
            raise Refused(gate.why, code="money")
        return write(locked, Kind.CONFIRMED, by=by, note=note, wanted=amount(gate.wanted), there=amount(gate.there))


def release_shipment(
    shipment: Shipment, *, by: Person, note: str, version: int | None = None, fingerprint: str | None = None
) -> Clearance:
    """Let it leave although the money is not there; the reason and what was missing are kept. S5"""
    with transaction.atomic(), acting(by, step="release_shipment", note=note):
        locked = to_decide(shipment, RELEASES, by=by, version=version, fingerprint=fingerprint)
        gate = undecided(locked, by_release=True)
        given = write(locked, Kind.UNPAID, by=by, note=note, wanted=amount(gate.wanted), there=amount(gate.there))
        telling.released(locked, by=by, note=note)
        return given


def release_papers(
    shipment: Shipment,
    *,
    by: Person,
    note: str,
    version: int | None = None,
    fingerprint: str | None = None,
    seen: Collection[str] | None = None,
) -> Clearance:
    """Let it leave without the papers that are missing now; what is asked for later holds it anew. K6

    `seen` are the keys of the papers whose lack was shown: another one missing since is decided about anew.
    """
    with transaction.atomic(), acting(by, step="release_papers", note=note):
        locked = to_decide(shipment, RELEASES, by=by, version=version, fingerprint=fingerprint)
        missing = papers_missing(locked, on=timezone.localdate())
        if not missing:
            raise Refused(_("No paper holds it."), code="decided")
        if seen is not None and any(one.key not in seen for one in missing):
            raise Stale(_("Other papers are missing than when you opened this. Look at them, then decide again."))
        given = write(locked, Kind.PAPERS, by=by, note=note, papers=[one.key for one in missing])
        telling.released_without_papers(locked, by=by, note=note, papers="; ".join(map(str, missing)))
        return given


def to_decide(
    shipment: Shipment, roles: tuple[Role, ...], *, by: Person, version: int | None, fingerprint: str | None
) -> Shipment:
    """The shipment, locked, that this person may let leave: reviewed, as they saw it, and none of their own doing."""
    locked = lock(shipment, by=by)
    check_seen(locked, version=version, fingerprint=fingerprint)
    if not by.has_role(*roles):
        raise Refused(_("Your role may not decide whether goods leave."), code="role")
    if locked.state != lifecycle.REVIEWED.name:
        raise Refused(_("This is decided about reviewed shipments only."), code="state")
    if own := own_doing(locked, by=by):
        raise Refused(own, code="hand")
    return locked


def undecided(shipment: Shipment, *, by_release: bool) -> MoneyGate:
    """How the money of a shipment stands, its customer locked; refused where it was decided about already."""
    Customer.objects.select_for_update().filter(party=shipment.party_id).first()
    given = clearance_of(shipment)
    if given is not None and (given.is_release or not by_release):
        raise Refused(_("This was decided already by %(person)s.") % {"person": given.by}, code="decided")
    return money_gate(shipment)


def write(shipment: Shipment, kind: Kind, *, by: Person, note: str, **what: Any) -> Clearance:
    if kind != Kind.CONFIRMED and not note.strip():
        raise Refused(_("Please give a reason."), code="note", field="note")
    return Clearance.objects.create(
        shipment=shipment, fingerprint=shipment.fingerprint, kind=kind, reason=note.strip(), by=by, **what
    )
