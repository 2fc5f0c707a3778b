"""Kinds of expense 费用类别: what a claim may be for, and the account each is posted to."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.audit.changes import check_unchanged
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from expenses.models import ExpenseKind

KEEPS_KINDS = (Role.FINANCE, Role.ADMINISTRATOR)


def save_kind(kind: ExpenseKind, *, by: Person, version: int | None = None) -> ExpenseKind:
    """A new or changed kind; what was posted stays on the account it went to."""
    if not by.has_role(*KEEPS_KINDS):
        raise Refused(_("Only finance and administrators keep the kinds of expense."), code="role")
    try:
        with transaction.atomic(), acting(by, step="save_kind"):
            if kind.pk:
                check_unchanged(ExpenseKind.objects.select_for_update().get(pk=kind.pk), version)
            kind.save()
    except IntegrityError as error:
        if "code" in str(error):
            raise Refused(_("There is one with this code already."), code="taken", field="code") from error
        raise
    return kind
