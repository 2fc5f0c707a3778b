"""The chain strip: contract → order → shipment → invoice → money, all documents of one dossier."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import NoReverseMatch

from backoffice.documents.kinds import address_of, label_of, model_of
from backoffice.register.models import Record

from .page import opens

ORDER = (
    "enquiry",
    "quotation",
    "contract",
    "amendment",
    "order",
    "supply_request",
    "purchase_order",
    "shipment",
    "return",
    "billing_application",
    "invoice",
    "credit_note",
    "payment",
)
MOST = 5


@dataclass(slots=True)
class Link:
    """One document of the chain."""

    record: Record
    url: str
    state: str
    sign: object
    is_here: bool


@dataclass(slots=True)
class Stage:
    """All documents of one kind in the dossier."""

    kind: str
    label: str
    links: list[Link]
    amount: Decimal
    more: int = 0


def chain_of(document, person) -> list[Stage]:
    """The stages of the document's dossier, with what the person may see of them; none when it stands alone."""
    if not document.dossier_id:
        return []
    stages: dict[str, Stage] = {}
    records = Record.objects.visible_to(person).filter(dossier=document.dossier_id).order_by("dated_on", "pk")
    for record in records:
        link = link_to(record, here=document.pk)
        if link is None or not opens(person, link.url):
            continue
        stage = stages.setdefault(record.kind, Stage(record.kind, label_of(record.kind), [], Decimal(0)))
        stage.amount += record.amount or 0
        if len(stage.links) < MOST or link.is_here:
            stage.links.append(link)
        else:
            stage.more += 1
    return sorted(stages.values(), key=lambda stage: ORDER.index(stage.kind) if stage.kind in ORDER else len(ORDER))


def link_to(record: Record, *, here: int = 0) -> Link | None:
    """A record with its address and the word of its state; None for a kind that has no page."""
    try:
        state = model_of(record.kind).lifecycle.state(record.state)
        return Link(record, address_of(record.kind, record.pk), str(state.label), state, record.pk == here)
    except (StopIteration, NoReverseMatch):
        return None
