"""What contracts' steps begin: the formalities of their kind (K7)."""

from django.utils import timezone

from backoffice.documents.gate import after
from backoffice.people.models import Person
from contracts.models import Contract
from contracts.papers.models import FormalityStep
from contracts.papers.services import start_formalities


def begins(name: str) -> None:
    """After this step of a contract its formalities begin."""

    @after(name)
    def begin(contract: Contract, *, by: Person) -> None:
        start_formalities(contract, after=name, by=by, on=timezone.localdate())


for moment in FormalityStep.After.values:
    begins(moment)
