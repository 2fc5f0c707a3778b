"""Carrier and tracking number: typed beside the shipment, or pasted for many at once (S6)."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.documents.gate import lock
from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from shipments import lifecycle
from shipments.models import Shipment
from shipments.services import telling

TRACKS = (Role.WAREHOUSE, Role.ASSISTANT)
TRACKED = (lifecycle.REVIEWED.name, lifecycle.DISPATCHED.name, lifecycle.DELIVERED.name)
LONGEST = 60


def set_tracking(shipment: Shipment, *, carrier: Party | None, tracking_number: str, freight: Decimal | None) -> None:
    """Put what was given onto a shipment that the caller has locked; what was not given stays."""
    if carrier is not None and not carrier.is_carrier:
        raise Refused(_("«%(party)s» is no carrier.") % {"party": carrier}, code="carrier", field="carrier")
    number = "".join(tracking_number.split())
    if len(number) > LONGEST:
        raise Refused(
            _("A tracking number has at most %(most)d characters.") % {"most": LONGEST}, field="tracking_number"
        )
    if freight is not None and freight < 0:
        raise Refused(_("The freight is not below zero."), field="freight")
    shipment.carrier = carrier or shipment.carrier
    shipment.tracking_number = number or shipment.tracking_number
    shipment.freight = shipment.freight if freight is None else freight


def record_tracking(
    shipment: Shipment, *, by: Person, tracking_number: str = "", carrier: Party | None = None,
    freight: Decimal | None = None, note: str = "",
) -> Shipment:  # fmt: skip
    """Write down how the goods travel. It is no content: no review is voided by it."""
    with transaction.atomic(), acting(by, step="record_tracking", note=note):
        locked = lock(shipment, by=by)
        if not by.has_role(*TRACKS):
            raise Refused(_("Tracking numbers are entered by the warehouse and the sales assistants."), code="role")
        if locked.state not in TRACKED:
            raise Refused(_("A tracking number belongs to a shipment that has been reviewed."), code="state")
        before = locked.tracking_number
        set_tracking(locked, carrier=carrier, tracking_number=tracking_number, freight=freight)
        locked.version += 1
        locked.changed_at = timezone.now()
        locked.save()
        if locked.tracking_number != before:
            telling.on_the_way(locked, by=by)
        return locked


def record_tracking_numbers(
    pairs: Iterable[tuple[str, str]], *, by: Person, carrier: Party | None = None
) -> list[tuple[str, str, str]]:
    """(shipment number, tracking number) pasted from the carrier's sheet → (both, and why not; empty when done)."""
    told = []
    for number, tracking in pairs:
        shipment = Shipment.objects.visible_to(by).filter(number__iexact=number.strip()).first()
        if shipment is None:
            told.append((number, tracking, _("There is no such shipment.")))
            continue
        try:
            record_tracking(shipment, by=by, tracking_number=tracking, carrier=carrier)
            told.append((number, tracking, ""))
        except Refused as refusal:
            told.append((number, tracking, str(refusal)))
    return told
