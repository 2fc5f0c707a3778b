"""Amendments: a new edition of a contract is written, reviewed, signed, and then the contract says it (K1, X6)."""

import copy
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.documents.editing import editing
from backoffice.documents.gate import freeze, guards, performs
from backoffice.documents.lifecycle import State
from backoffice.files.models import File
from backoffice.files.services import keep_upload
from backoffice.money import total_of
from backoffice.numbering.services import next_number
from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.stock.lines import Goods
from contracts.clauses import open_places
from contracts.comparison import compare
from contracts.content import HEADER as CONTENT
from contracts.content import Content
from contracts.lifecycle import (
    AMEND,
    APPROVE_AMENDMENT,
    CANCEL_AMENDMENT,
    CLOSE,
    FULFILLED,
    OPEN,
    RETURN_AMENDMENT,
    RUNNING,
    SIGN_AMENDMENT,
    SIGNED,
    SUBMIT_AMENDMENT,
    TERMINATE,
)
from contracts.models import Amendment, Contract, ContractLine, PlannedPayment
from contracts.plans import read_plan
from contracts.services.contracts import lock_contract
from customers.models import PaymentTerm

HEADER = (
    "title", "starts_on", "ends_on", "term", "invoice_rule", "includes_tax", "is_binding", "ceiling", "territory", "clauses", "note",
)  # fmt: skip
AMENDABLE = (SIGNED, RUNNING, FULFILLED)
KEY = "key"  # in a line's `more`: the contract's line that it changes


@transaction.atomic
def save_amendment(
    amendment: Amendment, *, by: Person, header: Mapping[str, Any], lines: Sequence[Goods], payment_plan: str, reason: str,
    dated_on: datetime.date | None = None, version: int | None = None,
) -> Amendment:  # fmt: skip
    """Write a new or an editable amendment of `amendment.contract`: the whole content as it shall be, and why."""
    contract = lock_contract(amendment.contract_id)
    check_amendable(contract, amendment)
    before = Content.of(contract)
    after = proposed(contract, header=header, lines=lines, payment_plan=payment_plan)
    check_kept(contract, after)
    if compare(before, after).is_empty:
        raise Refused(_("Nothing is changed yet."))
    written = {
        "contract": contract, "edition": contract.edition + 1, "party": contract.party, "salesperson": contract.salesperson,
        "dossier": contract.dossier, "currency": contract.currency, "reason": reason.strip(), "before": before.as_json(),
        "after": after.as_json(), "amount": after.amount, "dated_on": dated_on or timezone.localdate(),
    }  # fmt: skip
    if amendment.pk is None:
        fill(amendment, written)
    with editing(amendment, by=by, version=version) as draft:
        fill(draft, written)
    return draft


def fill(amendment: Amendment, written: Mapping[str, Any]) -> None:
    for name, value in written.items():
        setattr(amendment, name, value)


def proposed(contract: Contract, *, header: Mapping[str, Any], lines: Sequence[Goods], payment_plan: str) -> Content:
    """The content as typed, priced and taxed by the rules of every line; nothing is written."""
    if unknown := set(header) - set(HEADER):
        raise ValueError(f"not to be amended: {sorted(unknown)}")
    wanted = copy.copy(contract)
    for name, value in header.items():
        setattr(wanted, name, value)
    if wanted.ends_on and wanted.ends_on < wanted.starts_on:
        raise Refused(_("It ends before it begins."), field="ends_on")
    there = {line.pk: line for line in contract.lines.all()}
    rows = [line_of(wanted, goods, place, there) for place, goods in enumerate(lines, start=1)]
    wanted.amount = total_of(row.amounts for row in rows).gross
    return Content.of(wanted, lines=rows, payments=read_plan(payment_plan, total=wanted.agreed))


def line_of(contract: Contract, goods: Goods, place: int, there: Mapping[int, ContractLine]) -> ContractLine:
    """A line as it shall be; what the paper calls the goods stays as it was agreed unless they are other goods."""
    old = there.get(goods.more.get(KEY) or 0)
    line = ContractLine(
        pk=old.pk if old else None, contract=contract, position=place, product=goods.product, quantity=goods.quantity,
        unit_price=goods.unit_price, discount=goods.discount, tax_rate=goods.tax_rate, due_on=goods.more.get("due_on"),
    )  # fmt: skip
    if old is not None and old.product_id == goods.product.pk:
        line.name, line.spec, line.unit = old.name, old.spec, old.unit
    else:
        line.describe()
    line.price(includes_tax=contract.includes_tax)
    return line


def check_amendable(contract: Contract, amendment: Amendment) -> None:
    if contract.get_state() not in AMENDABLE:
        raise Refused(
            _("A contract that is «%(state)s» is not amended.") % {"state": contract.get_state_display()}, code="state"
        )
    other = contract.amendments.open().exclude(pk=amendment.pk).first()
    if other is not None:
        raise Refused(_("%(amendment)s is not in force yet. Sign or discard that first.") % {"amendment": other})


def check_kept(contract: Contract, after: Content) -> None:
    """What has been ordered stays agreed: no line below it, no line away under an order, no total below what was called off."""
    kept = {line.key: line for line in after.lines if line.key is not None}
    for line in contract.lines.order_by("pk").select_for_update():
        now, where = (
            kept.get(line.pk),
            {"n": line.position, "name": line.name, "ordered": f"{line.ordered.normalize():f}"},
        )
        if (now is None or now.product != line.product_id) and is_named(line):
            raise Refused(
                _(
                    "Line %(n)d, %(name)s, is named by orders and stays (%(ordered)s ordered). Lower its quantity instead."
                )
                % where
            )
        if now is not None and after.is_binding and now.quantity < line.ordered:
            raise Refused(_("Line %(n)d, %(name)s: %(ordered)s are ordered already; it cannot be less.") % where)
    if after.ceiling is not None and after.ceiling < contract.called_off:
        raise Refused(
            _("%(value)s are called off already.") % {"value": f"{contract.called_off:,.2f}"}, field="ceiling"
        )


def is_named(line: ContractLine) -> bool:
    """Whether a document of a higher app points at this line, in whatever state."""
    return any(
        each.related_model._base_manager.filter(**{each.field.name: line.pk}).exists() for each in line._meta.related_objects
    )  # fmt: skip


@performs(SUBMIT_AMENDMENT)
def submit_amendment(amendment: Amendment, *, by: Person) -> None:
    """Hand the new edition in for review. K1"""
    check_base(amendment)


@performs(APPROVE_AMENDMENT)
def approve_amendment(amendment: Amendment, *, by: Person) -> None:
    """Number the amendment, once everybody needed has agreed. K1"""
    amendment.number = next_number(amendment.kind, on=amendment.dated_on)


@performs(RETURN_AMENDMENT)
def return_amendment(amendment: Amendment, *, by: Person) -> None:
    """Back to its author with a reason. K1"""


@performs(CANCEL_AMENDMENT)
def cancel_amendment(amendment: Amendment, *, by: Person) -> None:
    """Given up; the contract stays as it is."""


@performs(SIGN_AMENDMENT)
def sign_amendment(
    amendment: Amendment, *, by: Person, scan: UploadedFile | None = None, signed_on: datetime.date | None = None, archive_place: str = ""
) -> None:  # fmt: skip
    """File the signed amendment; from now on the contract says it. K1 X6"""
    if scan is not None:
        keep_upload(scan, by=by, record=amendment, label=File.Label.CONTRACT)
    if not File.objects.of(amendment).filter(label=File.Label.CONTRACT).exists():
        raise Refused(_("The scan of the signed amendment is missing."), field="scan")
    content = check_base(amendment)
    amendment.signed_on = signed_on or timezone.localdate()
    amendment.archive_place = archive_place
    contract = Contract.objects.get(pk=amendment.contract_id)
    back_to = contract.get_state()
    open_contract(contract, by=by)
    freeze(amend_contract(contract, by=by, content=content, back_to=back_to))


def check_base(amendment: Amendment) -> Content:
    """The content to come, still fitting the contract as it stands now."""
    contract, content = amendment.contract, Content.read(amendment.after)
    check_amendable(contract, amendment)
    if amendment.edition != contract.edition + 1 or amendment.before != Content.of(contract).as_json():
        raise Refused(
            _("The contract has changed since this was written. Discard it and amend what stands now."), code="stale"
        )
    check_kept(contract, content)
    if left := open_places(contract, content):
        raise Refused(
            _("Clauses still have open places: %(places)s. Write over them what was agreed.")
            % {"places": " ".join(left)}
        )
    return content


# ── what an amendment does to its contract, inside its own transaction ─────────────────────────


@performs(OPEN)
def open_contract(contract: Contract, *, by: Person) -> None:
    """Its content may change until `amend_contract`; no transaction ends in between."""


@performs(AMEND)
def amend_contract(contract: Contract, *, by: Person, content: Content, back_to: State) -> State:
    """Say what the amendment says, line by line, so that orders, counters and papers stay with their lines. K1"""
    for name in CONTENT:
        setattr(contract, name, getattr(content, name))
    contract.term = PaymentTerm.objects.get(code=content.term)
    contract.edition += 1
    lines = rewrite_lines(contract, content)
    contract.payments.all().delete()
    plan = [
        PlannedPayment(contract=contract, position=n, **asdict(row)) for n, row in enumerate(content.payments, start=1)
    ]
    PlannedPayment.objects.bulk_create(plan)
    if back_to == FULFILLED and any(line.rest for line in lines):
        return RUNNING
    return back_to


def rewrite_lines(contract: Contract, content: Content) -> list[ContractLine]:
    there = {line.pk: line for line in contract.lines.order_by("pk").select_for_update()}
    written = []
    for place, row in enumerate(content.lines, start=1):
        line = there.pop(row.key or 0, None) or ContractLine(contract=contract)
        row.write_to(line)
        line.position, line.is_binding = place, contract.is_binding
        line.save()
        written.append(line)
    contract.lines.filter(pk__in=there).delete()
    return written


@guards(CLOSE.name, TERMINATE.name)
def nothing_is_being_amended(contract: Contract, *, by: Person) -> None:
    waiting = contract.amendments.open().first()
    if waiting is not None:
        raise Refused(_("%(amendment)s is not in force yet. Sign or discard that first.") % {"amendment": waiting})
