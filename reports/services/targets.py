"""Setting what each salesperson is to sell in a month."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from reports.models import Target

SETS = (Role.MANAGER, Role.GM)


@transaction.atomic
def set_targets(amounts: dict[Person, Decimal | None], *, month: date, by: Person) -> int:
    """Set the targets of a month; an empty one is taken away. How many changed."""
    if not by.has_role(*SETS):
        raise Refused(_("Only managers set targets."), code="role")
    changed = 0
    with acting(by, step="set_targets"):
        for person, amount in amounts.items():
            kept = Target.objects.filter(person=person, month=month.replace(day=1)).first()
            if amount is None:
                changed += Target.objects.filter(pk=kept.pk).delete()[0] if kept else 0
            elif kept is None or kept.amount != amount:
                Target.objects.update_or_create(person=person, month=month.replace(day=1), defaults={"amount": amount})
                changed += 1
    return changed
