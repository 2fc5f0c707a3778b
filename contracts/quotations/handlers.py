"""What quotations do after a contract's steps, and what they bring to one (K1, O7)."""

from backoffice.documents.gate import after
from backoffice.people.models import Person
from contracts.lifecycle import APPROVE, SIGN
from contracts.models import Contract
from contracts.origins import Beginning, begins_contract
from contracts.quotations.lifecycle import QUOTATION, QUOTED, SEES
from contracts.quotations.models import Quotation
from contracts.quotations.services import conclude


@begins_contract(QUOTATION.kind, states=(QUOTED.name,), roles=SEES)
def contract_of(pk: int) -> Beginning:
    """Customer, term, salesperson and words as quoted; the lines at their prices."""
    quotation = Quotation.objects.select_related("term", "salesperson").get(pk=pk)
    head = {
        "term": quotation.term, "salesperson": quotation.salesperson, "includes_tax": quotation.includes_tax, "note": quotation.terms,
    }  # fmt: skip
    return Beginning(head, quotation.lines.select_related("product"))


@after(APPROVE.name)
def join_dossier(contract: Contract, *, by: Person) -> None:
    """From its number on the contract's chain begins with the quotation; what was won stays with what won it."""
    Quotation.objects.filter(pk=contract.origin_id, won_by=None).update(dossier=contract.dossier_id)


@after(SIGN.name)
def win(contract: Contract, *, by: Person) -> None:
    """Signed by the customer: won (docs/decisions/0020)."""
    for quotation in Quotation.objects.filter(pk=contract.origin_id):
        conclude(quotation, pk=contract.pk)
