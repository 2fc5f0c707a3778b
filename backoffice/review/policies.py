"""Changing a review policy: one person asks, another decides (rules.md §4.2)."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from backoffice.review.models import Policy, PolicyChange

DECIDES = (Role.ADMINISTRATOR, Role.GM)


def ask_policy_change(
    step: str, *, amount_from: Decimal, needed: int, roles: list[str], reason: str, by: Person
) -> PolicyChange:
    """Ask for a row of a policy: another number, other roles, a new bound; `needed=0` asks to remove it."""
    check_decides(by)
    if not reason.strip():
        raise Refused(_("Please give a reason."), code="note", field="reason")
    if needed == 0 and not Policy.objects.filter(step=step).exclude(amount_from=amount_from).exists():
        raise Refused(_("The last row of a policy stays: a reviewed step needs at least one reviewer."), code="last")
    if needed and not roles:
        raise Refused(_("Name at least one role that may agree."), code="roles", field="roles")
    with transaction.atomic(), acting(by, step="ask_policy_change", note=reason):
        return PolicyChange.objects.create(
            step=step, amount_from=amount_from, needed=needed, roles=roles, reason=reason, asked_by=by
        )


def decide_policy_change(change: PolicyChange, *, agree: bool, by: Person) -> PolicyChange:
    """A second person agrees, and the policy changes at once; or refuses, and nothing does."""
    check_decides(by)
    with transaction.atomic(), acting(by, step="decide_policy_change", note=change.reason):
        locked = PolicyChange.objects.select_for_update().get(pk=change.pk)
        if locked.decided_by_id:
            raise Refused(_("This was decided already."), code="state")
        if locked.asked_by_id == by.pk:
            raise Refused(_("You asked for this; somebody else has to decide."), code="reviewer")
        locked.decided_by, locked.decided_at, locked.is_agreed = by, timezone.now(), agree
        locked.save()
        if agree:
            apply(locked)
        return locked


def apply(change: PolicyChange) -> None:
    if change.needed == 0:
        Policy.objects.filter(step=change.step, amount_from=change.amount_from).delete()
        return
    Policy.objects.update_or_create(
        step=change.step, amount_from=change.amount_from, defaults={"needed": change.needed, "roles": change.roles}
    )


def check_decides(person: Person) -> None:
    if not person.has_role(*DECIDES):
        raise Refused(_("Only administrators and the general manager change review policies."), code="role")
