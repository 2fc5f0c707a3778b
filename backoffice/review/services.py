"""Recording who had a hand in a document, who must agree, and who did."""

from typing import Any, Protocol

from django.db.models import Q
from django.utils.translation import gettext as _

from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.review.models import Hand, Policy, Requirement, Review


class Reviewed(Protocol):
    """What a review needs to know of a document; the documents layer stands above this one."""

    pk: Any
    round: int
    amount: Any
    author_id: int
    salesperson_id: int | None
    fingerprint: str


def had_hand(document: Reviewed, person: Person) -> None:
    Hand.objects.bulk_create([Hand(record_id=document.pk, round=document.round, person=person)], ignore_conflicts=True)


def submit(document: Reviewed, *, by: Person, steps: list[str]) -> None:
    """Take over, for this round, what the policies ask for now."""
    had_hand(document, by)
    for step in steps:
        policy = policy_for(step, document.amount)
        Requirement.objects.create(
            record_id=document.pk, step=step, round=document.round, needed=policy.needed, roles=policy.roles
        )


def policy_for(step: str, amount: Any) -> Policy:
    """The row with the highest bound not above the amount. A reviewed step without any row is a fault of set-up."""
    found = Policy.objects.filter(step=step).filter(Q(amount_from__lte=max(amount, 0))).order_by("-amount_from").first()
    if found is None:
        raise Policy.DoesNotExist(f"no review policy for {step}")
    return found


def requirement_of(document: Reviewed, step: str) -> Requirement | None:
    return Requirement.objects.filter(record_id=document.pk, step=step, round=document.round).first()


def agreed(document: Reviewed, step: str, content: str) -> list[Review]:
    """Agreements to exactly this content in this round."""
    rows = Review.objects.filter(record_id=document.pk, step=step, round=document.round, fingerprint=content)
    return list(rows.select_related("person"))


def last_requirement(document: Reviewed, step: str) -> Requirement | None:
    """What was asked for when it was last reviewed, whatever round it is in now."""
    return Requirement.objects.filter(record_id=document.pk, step=step).order_by("-round").first()


def given_to(requirement: Requirement) -> list[Review]:
    """Who agreed in that round; its content did not change as long as it was open."""
    rows = Review.objects.filter(record_id=requirement.record_id, step=requirement.step, round=requirement.round)
    return list(rows.select_related("person"))


def why_not(
    document: Reviewed,
    step: str,
    *,
    by: Person,
    given: list[Review] | None = None,
    requirement: Requirement | None = None,
) -> str:
    """Why this person cannot review this document, in words; empty when they can. What was read already may be given."""
    if own := own_doing(document, by=by):
        return own
    requirement = requirement or requirement_of(document, step)
    if requirement is None or not by.has_role(*requirement.roles):
        return _("The review policy asks for other roles than yours.")
    given = agreed(document, step, document.fingerprint) if given is None else given
    if any(review.person_id == by.pk for review in given):
        return _("You have agreed; somebody else has to agree too.")
    return ""


def own_doing(document: Reviewed, *, by: Person) -> str:
    """Why others have to decide about what this person did or stands for, in words; empty for what is others' doing (rules §4.3)."""
    if document.author_id == by.pk:
        return _("You wrote this; somebody else has to review it.")
    if document.salesperson_id == by.pk:
        return _("This stands in your name; somebody else has to review it.")
    if Hand.objects.filter(record_id=document.pk, round=document.round, person=by).exists():
        return _("You had a hand in this; somebody else has to review it.")
    return ""


def agree(document: Reviewed, step: str, *, by: Person, note: str, content: str) -> bool:
    """Record one agreement to this content; true when as many as needed have agreed.

    Who agrees holds the document's lock, so that what was read here is still so when it is counted.
    """
    if content != document.fingerprint:
        raise Refused(
            _("The content is no longer what was submitted. Have it returned and submitted again."), code="reviewer"
        )
    given, requirement = agreed(document, step, content), requirement_of(document, step)
    if reason := why_not(document, step, by=by, given=given, requirement=requirement):
        raise Refused(reason, code="reviewer")
    Review.objects.create(
        record_id=document.pk, step=step, round=document.round, person=by, fingerprint=content, note=note
    )
    return requirement is not None and len(given) + 1 >= requirement.needed
