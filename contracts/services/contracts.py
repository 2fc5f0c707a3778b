"""Contracts from the draft to their end: writing them, and their steps."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.documents.editing import editing
from backoffice.documents.gate import check_seen, guards, lock, performs
from backoffice.files.models import File
from backoffice.files.services import keep_upload
from backoffice.numbering.services import next_number
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from backoffice.register.models import Dossier
from backoffice.stock.lines import Goods, write_lines
from contracts.clauses import open_places
from contracts.content import AgreedPayment, Content
from contracts.lifecycle import APPROVE, CANCEL, CLOSE, DRAFTS, FULFIL, OFFICE, RETURN, SIGN, START, SUBMIT, TERMINATE
from contracts.models import Category, Contract, ContractLine
from contracts.origins import check_origin
from contracts.plans import read_plan

HEADER = (
    "party", "origin", "category", "template", "title", "external_number", "dated_on", "starts_on", "ends_on", "salesperson", "term", "invoice_rule",
    "includes_tax", "is_binding", "ceiling", "territory", "clauses", "note",
)  # fmt: skip
WITHOUT_LINES = (Category.FRAMEWORK, Category.DISTRIBUTION)


def save_contract(
    contract: Contract, *, by: Person, header: Mapping[str, Any], lines: Sequence[Goods], payment_plan: str | None = None,
    version: int | None = None,
) -> Contract:  # fmt: skip
    """Write a new or an editable contract: header, lines, and the payment plan as typed (None leaves it) (K1).

    `header` holds names of HEADER; others are refused.
    """
    if unknown := set(header) - set(HEADER):
        raise ValueError(f"not part of a contract's header: {sorted(unknown)}")
    before = contract.origin_id if contract.pk else None
    for name, value in header.items():
        setattr(contract, name, value)
    check_header(contract, by=by)
    if contract.origin is not None:
        check_origin(contract.origin, party_id=contract.party_id, is_new=contract.origin_id != before)
    typed = {name: getattr(contract, name) for name in HEADER}
    with editing(contract, by=by, version=version) as draft:
        for name, value in typed.items():
            setattr(draft, name, value)
        draft.salesperson = draft.salesperson or draft.party.owner
        bound = [bind(goods, draft.is_binding) for goods in lines]
        draft.amount = write_lines(draft, bound, includes_tax=draft.includes_tax).gross
        write_plan(draft, payment_plan)
        copy_from_master(draft)
    return draft


def bind(goods: Goods, is_binding: bool) -> Goods:
    return Goods(
        product=goods.product, quantity=goods.quantity, unit_price=goods.unit_price, tax_rate=goods.tax_rate, discount=goods.discount,
        more={**goods.more, "is_binding": is_binding},
    )  # fmt: skip


def check_header(contract: Contract, *, by: Person) -> None:
    if contract.ends_on and contract.ends_on < contract.starts_on:
        raise Refused(_("It ends before it begins."), field="ends_on")
    if contract.ceiling is not None and contract.ceiling <= 0:
        raise Refused(_("More than zero, please."), field="ceiling")
    keeps = (Role.PURCHASING, Role.MANAGER) if contract.is_purchase else OFFICE
    if not by.has_role(*keeps):
        raise Refused(_("Contracts of this kind are drafted by others."), field="category")
    if contract.is_purchase and contract.origin_id is not None:
        raise Refused(_("A purchase contract is not drafted from what we quoted to a customer."), field="origin")


def write_plan(contract: Contract, typed: str | None) -> None:
    """The rows of the payment plan say what was typed, or what they said before, over the contract's value."""
    there = [AgreedPayment.of(row) for row in contract.payments.all()]
    rows = read_plan("\n".join(row.text for row in there) if typed is None else typed, total=contract.agreed)
    if [AgreedPayment.of(row) for row in rows] == there:
        return
    contract.payments.all().delete()
    for row in rows:
        row.contract = contract
    contract.payments.bulk_create(rows)


def copy_from_master(contract: Contract) -> None:
    """What the paper says of both sides is copied, so that a later change of master data changes no contract."""
    party = contract.party
    contract.our_name = settings.COMPANY_NAME
    contract.party_name, contract.party_phone, contract.party_tax_no = party.name, party.phone, party.tax_no or ""
    contract.party_address = f"{party.state}{party.city}{party.address}"[:400]
    contract.party_bank = f"{party.bank_name} {party.bank_account}".strip()


def check_party(contract: Contract) -> None:
    party = contract.party
    if contract.is_purchase and not (party.is_active and party.is_supplier):
        raise Refused(_("%(party)s is no active supplier.") % {"party": party}, field="party")
    if not contract.is_purchase and not (party.is_active and party.is_customer):
        raise Refused(_("%(party)s is no active customer.") % {"party": party}, field="party")


@performs(SUBMIT)
def submit_contract(contract: Contract, *, by: Person) -> None:
    """Hand the contract in for review. K1"""
    if contract.category not in WITHOUT_LINES and not contract.lines.exists():
        raise Refused(_("A contract needs at least one line."))
    check_party(contract)
    copy_from_master(contract)
    if left := open_places(contract, Content.of(contract)):
        raise Refused(
            _("Clauses still have open places: %(places)s. Write over them what was agreed.")
            % {"places": " ".join(left)}
        )


@performs(APPROVE)
def approve_contract(contract: Contract, *, by: Person) -> None:
    """Open the dossier of the deal and number the contract, once everybody needed has agreed. K1 K2"""
    contract.dossier = Dossier.objects.create(party=contract.party, title=contract.title)
    contract.number = next_number(contract.kind, on=contract.dated_on)


@performs(RETURN)
def return_contract(contract: Contract, *, by: Person) -> None:
    """Back to its author with a reason. K1"""


@performs(SIGN)
def sign_contract(
    contract: Contract,
    *,
    by: Person,
    scan: UploadedFile | None = None,
    signed_on: datetime.date | None = None,
    archive_place: str = "",
) -> None:
    """File the signed copy: without its scan a contract is not signed. K1 K2"""
    if scan is not None:
        keep_upload(scan, by=by, record=contract, label=File.Label.CONTRACT)
    if not File.objects.of(contract).filter(label=File.Label.CONTRACT).exists():
        raise Refused(_("The scan of the signed contract is missing."), field="scan")
    contract.signed_on = signed_on or timezone.localdate()
    contract.archive_place = archive_place or contract.archive_place


def move_in_archive(contract: Contract, *, by: Person, archive_place: str, version: int | None = None) -> Contract:
    """Where the signed paper lies from now on; the history keeps who said so, and where it lay before. K2"""
    if not by.has_role(*DRAFTS):
        raise Refused(_("The office keeps the archive of contracts."), code="role")
    with transaction.atomic(), acting(by, step="move_in_archive"):
        locked = lock(contract, by=by)
        check_seen(locked, version=version, fingerprint=None)
        if locked.signed_on is None:
            raise Refused(_("Nothing of it lies in the archive before it is signed."), code="state")
        locked.archive_place, locked.version, locked.changed_at = archive_place, locked.version + 1, timezone.now()
        locked.save(update_fields=["archive_place", "version", "changed_at"])
        return locked


@performs(START)
def start_contract(contract: Contract, *, by: Person) -> None:
    """From now on orders are called off from it."""


@guards(START.name)
def not_run_out(contract: Contract, *, by: Person) -> None:
    if contract.ends_on and contract.ends_on < timezone.localdate():
        raise Refused(_("It ran out on %(day)s.") % {"day": contract.ends_on})


@performs(FULFIL)
def fulfil_contract(contract: Contract, *, by: Person) -> None:
    """Everything contracted has been ordered and shipped."""


@performs(CLOSE)
def close_contract(contract: Contract, *, by: Person, note: str = "") -> None:
    """No more orders from it; where something is left of it, that is given up with a reason. K2 X5"""
    if (left := left_of(contract)) and not note.strip():
        raise Refused(
            _("%(left)s of it are left. Say why that is given up.") % {"left": left}, code="note", field="note"
        )


def left_of(contract: Contract) -> str:
    """What nobody has called off, in words: of the agreed total, else of the lines that bind; empty where nothing is left."""
    if contract.ceiling is not None:
        left = contract.ceiling - contract.called_off
        return f"{left:,.2f}" if left > 0 else ""
    lines: list[ContractLine] = [line for line in contract.lines.all() if line.is_binding and line.rest > 0]
    return ", ".join(f"{line.rest.normalize():f} {line.unit} {line.name}" for line in lines[:3]) + (
        " …" if lines[3:] else ""
    )


def lock_contract(pk: int) -> Contract:
    """The contract's row, locked before its lines: by orders that call off from it and by amendments alike."""
    return Contract.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def count_called_off(contract: Contract, value: Decimal) -> None:
    """What all orders from a locked contract come to, told by orders as they move; never above an agreed total. K2"""
    if contract.ceiling is not None and value > contract.ceiling:
        raise Refused(
            _("The agreed total of %(contract)s is %(ceiling)s; with this, %(value)s would be called off.")
            % {"contract": contract, "ceiling": f"{contract.ceiling:,.2f}", "value": f"{value:,.2f}"},
            code="contract",
        )
    if value != contract.called_off:
        Contract.objects.filter(pk=contract.pk).update(called_off=value)


@performs(TERMINATE)
def terminate_contract(contract: Contract, *, by: Person) -> None:
    """Ended before its time, with the reason."""


@performs(CANCEL)
def cancel_contract(contract: Contract, *, by: Person) -> None:
    """Discarded before anybody agreed to it."""
