"""The only functions that write supply requests (K8)."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.database.copying import update_rows
from backoffice.documents.editing import editing
from backoffice.documents.gate import after, guards, performs
from backoffice.documents.lifecycle import State
from backoffice.numbering.services import next_number
from backoffice.outbox.notices import notify
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from backoffice.stock.models import Product
from contracts.supply import topics
from contracts.supply.lifecycle import (
    ANSWER,
    ASK_BACK,
    CANCEL,
    CLOSE,
    PART,
    PROMISED,
    RECEIVE,
    REFUSE,
    SUBMIT,
    SUPPLIED,
)
from contracts.supply.models import SupplyLine, SupplyRequest
from contracts.supply.selectors import asked_for
from contracts.supply.sources import Source, source_of

HEADER = ("source", "side", "dated_on", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One line as it shall stand on a request."""

    product: Product
    quantity: Decimal
    wanted_on: datetime.date
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """So much of a line will be there on that day."""

    quantity: Decimal
    on: datetime.date


def save_request(
    request: SupplyRequest,
    *,
    by: Person,
    header: Mapping[str, Any],
    lines: Sequence[Wanted],
    version: int | None = None,
) -> SupplyRequest:
    """Write a new or an editable request, header and lines together. `header` holds names of HEADER; others are refused."""
    if unknown := set(header) - set(HEADER):
        raise ValueError(f"not part of a supply request's header: {sorted(unknown)}")
    told = {name: value for name, value in header.items() if value is not None}
    source = told.get("source") or request.source
    told |= {"party": source.party, "salesperson": source.salesperson, "dossier": source.dossier}
    for name, value in told.items():
        setattr(request, name, value)
    with editing(request, by=by, version=version) as draft:
        for name, value in told.items():
            setattr(draft, name, value)
        write_lines(draft, lines)
        check_needed(draft)
    return draft


def write_lines(draft: SupplyRequest, wanted: Sequence[Wanted]) -> None:
    """Make the lines say this and no more."""
    models.prefetch_related_objects([line.product for line in wanted], "unit")
    draft.lines.all().delete()
    SupplyLine.objects.bulk_create(
        SupplyLine(
            request=draft, position=position, product=line.product, name=line.product.name, spec=line.product.spec,
            unit=line.product.unit.name, quantity=line.quantity, wanted_on=line.wanted_on, remark=line.remark,
        )
        for position, line in enumerate(wanted, start=1)
    )  # fmt: skip


def check_needed(request: SupplyRequest) -> Source:
    """What it asks for is open there: every product, and no more of it than is not asked for yet."""
    source = source_of(request.source)
    if source is None:
        raise Refused(
            _("%(document)s asks for no supply any more: only approved orders and running contracts do.")
            % {"document": request.source},
            code="source", field="source",
        )  # fmt: skip
    before = asked_for(request.source_id, leave_out=request.pk)
    wanted: dict[int, Decimal] = {}
    for line in request.lines.select_related("product"):
        wanted[line.product_id] = wanted.get(line.product_id, Decimal(0)) + line.quantity
        rest = source.open.get(line.product_id, Decimal(0)) - before.get(line.product_id, Decimal(0))
        if wanted[line.product_id] > rest:
            raise Refused(
                _("Line %(line)d: of %(product)s %(rest)s are open in %(document)s and not asked for yet.")
                % {
                    "line": line.position, "product": line.product.code, "rest": f"{max(rest, Decimal(0)).normalize():f}",
                    "document": request.source,
                },
                code="quantity",
            )  # fmt: skip
    return source


@performs(SUBMIT)
def submit_supply(request: SupplyRequest, *, by: Person) -> None:
    """Ask for the goods: numbered, and purchasing or production told at once. K8"""
    if not request.lines.exists():
        raise Refused(_("A supply request needs at least one line."))
    check_needed(request)
    request.number = request.number or next_number(request.kind, on=request.dated_on)


@after(SUBMIT.name)
def tell_asked_side(request: SupplyRequest, *, by: Person) -> None:
    notify(request.asked_role, topics.ASKED, request, by=by)


@guards(ANSWER.name, ASK_BACK.name, REFUSE.name)
def asked_of_them(request: SupplyRequest, *, by: Person) -> None:
    if not by.has_role(request.asked_role, Role.PURCHASING):
        raise Refused(_("It was asked of purchasing, which answers it."), code="role")


@performs(ANSWER)
def answer_supply(request: SupplyRequest, *, by: Person, promises: Mapping[int, Promise | None]) -> State:
    """Say of each line how much will be there when; lines by their keys, None leaves a line without a promise. K8"""
    lines = locked_lines(request)
    for line in lines:
        promise = promises.get(line.pk)
        if promise is not None and not line.supplied <= promise.quantity <= line.quantity:
            raise Refused(
                _("Line %(line)d: between %(least)s and %(most)s can be promised.")
                % {"line": line.position, "least": f"{line.supplied.normalize():f}", "most": f"{line.quantity.normalize():f}"},
                code="quantity",
            )  # fmt: skip
        line.promised, line.promised_on = (promise.quantity, promise.on) if promise else (line.supplied, None)
    if not any(line.promised for line in lines):
        raise Refused(_("Nothing is promised. Refuse the request, or say what will be there when."), code="empty")
    update_rows(lines, ["promised", "promised_on"])
    worse = [line for line in lines if line.promised < line.quantity or line.days_after]
    notify(asking_side(request), topics.LATE if worse else topics.PROMISED, request, by=by)
    return PART if any(line.supplied for line in lines) else PROMISED


@performs(RECEIVE)
def receive_supply(
    request: SupplyRequest, *, by: Person, arrived: Mapping[int, Decimal], on: datetime.date | None = None
) -> State:
    """So much of each line is there; the state tells whether anything is still to come. K8"""
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise Refused(_("Goods that are there came today or before."), code="future", field="on")
    lines = locked_lines(request)
    came = [line for line in lines if arrived.get(line.pk)]
    if not came:
        raise Refused(_("Say of at least one line how much has come."), code="empty")
    for line in came:
        if not 0 < arrived[line.pk] <= line.missing:
            raise Refused(
                _("Line %(line)d: %(missing)s are still to come.")
                % {"line": line.position, "missing": f"{line.missing.normalize():f}"},
                code="quantity",
            )
        line.supplied, line.supplied_on = line.supplied + arrived[line.pk], day
    update_rows(came, ["supplied", "supplied_on"])
    notify(asking_side(request), topics.SUPPLIED, request, by=by)
    return PART if any(line.missing for line in lines) else SUPPLIED


@performs(ASK_BACK)
def ask_back_supply(request: SupplyRequest, *, by: Person, note: str = "") -> None:
    """Back to whoever asked, with the question. K8"""
    notify(asking_side(request), topics.ASKED_BACK, request, by=by, note=note)


@performs(REFUSE)
def refuse_supply(request: SupplyRequest, *, by: Person, note: str = "") -> None:
    """It will not be supplied, and why. K8"""
    notify(asking_side(request), topics.REFUSED, request, by=by, note=note)


@performs(CLOSE)
def close_supply(request: SupplyRequest, *, by: Person) -> None:
    """The rest is not wanted any more. K8"""
    notify(request.asked_role, topics.GIVEN_UP, request, by=by)


@performs(CANCEL)
def cancel_supply(request: SupplyRequest, *, by: Person) -> None:
    """It is not wanted any more; a number that was given stays. K8"""
    if request.number:
        notify(request.asked_role, topics.GIVEN_UP, request, by=by)


@guards(CANCEL.name)
def nothing_has_come(request: SupplyRequest, *, by: Person) -> None:
    if request.lines.filter(supplied__gt=0).exists():
        raise Refused(_("Something of it has come. Close it short instead."), code="supplied")


def locked_lines(request: SupplyRequest) -> list[SupplyLine]:
    return list(request.lines.select_for_update().order_by("pk"))


def asking_side(request: SupplyRequest) -> list[Person]:
    """Who wants to know: who wrote it, and whose deal it is."""
    people = {request.author_id: request.author}
    if request.salesperson:
        people[request.salesperson.pk] = request.salesperson
    return list(people.values())
