"""Claims made from a reception 客户接待 (C5): one at most, tied to it when handed in, set free when withdrawn."""

from django.utils.translation import gettext as _

from backoffice.documents.gate import after, guards
from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.register.models import Record
from customers.visits.lifecycle import HOSTED, SETTLED
from customers.visits.models import Reception
from customers.visits.services import reopen_reception, settle_reception
from expenses.lifecycle import CANCEL_CLAIM, SUBMIT_CLAIM
from expenses.models import Claim


def check_is_claimable(reception: Reception) -> None:
    """It took place, nothing pays for it, and nobody has begun a claim for it; locked, for two may begin at once."""
    reception = Reception.objects.select_for_update(of=("self",)).get(pk=reception.pk)
    begun = Claim.objects.exclude(state="cancelled").filter(reception=reception).first()
    if begun is not None:
        raise Refused(_("%(person)s has begun a claim for this reception.") % {"person": begun.author}, code="taken")
    if reception.get_state() != HOSTED:
        raise Refused(_("This reception waits for no expense claim."), code="state")


def lock_its_reception(claim: Claim) -> None:
    """What the claim is to pay for stays as it is until the claim is handed in."""
    if claim.reception_id:
        claim.reception = Reception.objects.select_for_update(of=("self",)).get(pk=claim.reception_id)


@guards(SUBMIT_CLAIM.name)
def pays_for_what_nothing_pays(claim: Claim, *, by: Person) -> None:
    """A reception is not paid for twice."""
    del by
    if claim.reception and claim.reception.claim_id not in (None, claim.pk):
        words = {"reception": claim.reception, "claim": claim.reception.claim}
        raise Refused(_("%(claim)s pays for reception %(reception)s already.") % words, code="taken")
    if claim.reception and not claim.reception.claim_id and claim.reception.get_state() != HOSTED:
        raise Refused(_("This reception waits for no expense claim."), code="state")


@after(SUBMIT_CLAIM.name)
def settle_its_reception(claim: Claim, *, by: Person) -> None:
    """Handed in: this claim pays for the reception. C5"""
    reception = Reception.objects.in_state(HOSTED).filter(pk=claim.reception_id).first()
    if reception is not None:
        note = _("Expense claim %(claim)s of %(person)s") % {"claim": claim, "person": by}
        settle_reception(reception, by=Person.objects.system(), note=note, claim=Record.objects.get(pk=claim.pk))


@after(CANCEL_CLAIM.name)
def set_its_reception_free(claim: Claim, *, by: Person) -> None:
    """Withdrawn: whatever it paid for waits for another claim."""
    note = _("Expense claim %(claim)s of %(person)s was withdrawn.") % {"claim": claim, "person": by}
    for reception in Reception.objects.in_state(SETTLED).filter(claim=claim.pk):
        reopen_reception(reception, by=Person.objects.system(), note=note)
