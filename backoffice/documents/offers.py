"""Which steps a person may take now, and in words why another is not possible yet."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from backoffice.documents.gate import GUARDS
from backoffice.documents.lifecycle import Step
from backoffice.documents.models import Document
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from backoffice.review import services as review
from backoffice.review.models import Requirement, Review


@dataclass(frozen=True, slots=True)
class Offer:
    """A step at the head of a document's page. `why_not` is empty when it may be taken now."""

    step: Step
    why_not: str = ""

    @property
    def is_open(self) -> bool:
        return not self.why_not


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the review of one step has come."""

    step: Step
    requirement: Requirement
    given: list[Review]

    @property
    def missing(self) -> int:
        return max(0, self.requirement.needed - len(self.given))

    @property
    def in_words(self) -> str:
        if not self.missing:
            return _("Everybody needed has agreed.")
        roles = " / ".join(str(Role(role).label) for role in self.requirement.roles)
        return _("%(given)d of %(needed)d have agreed; waits for %(roles)s, somebody who had no hand in it.") % {
            "given": len(self.given), "needed": self.requirement.needed, "roles": roles,
        }  # fmt: skip


def steps_for(document: Document, person: Person) -> list[Offer]:
    """Steps from the present state for this person's roles; guards are asked, nothing is written."""
    offers = []
    for step in document.lifecycle.steps:
        if step.automatic or document.get_state() not in step.sources or not person.has_role(*step.by):
            continue
        offers.append(Offer(step, why_not(step, document, person)))
    return offers


def why_not(step: Step, document: Document, person: Person) -> str:
    if step.reviewed:
        reason = review.why_not(document, step.name, by=person)
        if reason:
            return reason
    for guard in GUARDS[step.name]:
        try:
            guard(document, by=person)
        except Refused as refusal:
            return str(refusal)
    return ""


def agreements(document: Document) -> list[Agreement]:
    """The reviews asked for in this round, with who has agreed to the content as it stands."""
    found = []
    for step in document.lifecycle.reviewed():
        requirement = review.requirement_of(document, step.name)
        if requirement is not None:
            found.append(Agreement(step, requirement, review.agreed(document, step.name, document.fingerprint)))
    return found


def past_agreements(document: Document) -> list[Agreement]:
    """The reviews it last went through, of a document that has been rewritten since by another one that was reviewed itself."""
    asked = [(step, review.last_requirement(document, step.name)) for step in document.lifecycle.reviewed()]
    return [Agreement(step, requirement, review.given_to(requirement)) for step, requirement in asked if requirement]
