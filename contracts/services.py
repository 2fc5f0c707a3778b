"""The only functions that write contracts."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.documents.editing import editing
from backoffice.documents.gate import guards, performs
from backoffice.files.models import File
from backoffice.files.services import keep_upload
from backoffice.numbering.services import next_number
from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.register.models import Dossier
from backoffice.stock.lines import Goods, write_lines
from contracts.lifecycle import APPROVE, CANCEL, CLOSE, FULFIL, RETURN, SIGN, START, SUBMIT, TERMINATE
from contracts.models import Contract

HEADER = (
    "party", "title", "external_number", "dated_on", "starts_on", "ends_on", "salesperson", "term", "invoice_rule", "includes_tax", "clauses", "note",
)  # fmt: skip


def save_contract(
    contract: Contract, *, by: Person, header: Mapping[str, Any], lines: Sequence[Goods], version: int | None = None
) -> Contract:
    """Write a new or an editable contract, header and lines together (K1). `header` holds names of HEADER; others are refused."""
    if unknown := set(header) - set(HEADER):
        raise ValueError(f"not part of a contract's header: {sorted(unknown)}")
    for name, value in header.items():
        setattr(contract, name, value)
    if contract.ends_on and contract.ends_on < contract.starts_on:
        raise Refused(_("It ends before it begins."), field="ends_on")
    typed = {name: getattr(contract, name) for name in HEADER}
    with editing(contract, by=by, version=version) as draft:
        for name, value in typed.items():
            setattr(draft, name, value)
        draft.salesperson = draft.salesperson or draft.party.owner
        draft.amount = write_lines(draft, lines, includes_tax=draft.includes_tax).gross
    return draft


@performs(SUBMIT)
def submit_contract(contract: Contract, *, by: Person) -> None:
    """Hand the contract in for review. K1"""
    if not contract.lines.exists():
        raise Refused(_("A contract needs at least one line."))
    if not contract.party.is_active or not contract.party.is_customer:
        raise Refused(_("%(party)s is no active customer.") % {"party": contract.party})


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
def close_contract(contract: Contract, *, by: Person) -> None:
    """No more orders from it; what is left of it is given up, with the reason. X5"""


@performs(TERMINATE)
def terminate_contract(contract: Contract, *, by: Person) -> None:
    """Ended before its time, with the reason."""


@performs(CANCEL)
def cancel_contract(contract: Contract, *, by: Person) -> None:
    """Discarded before anybody agreed to it."""
