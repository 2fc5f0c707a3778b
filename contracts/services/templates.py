"""Writing templates."""

from django.db import transaction
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.audit.changes import check_unchanged
from backoffice.money import ZERO
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from contracts.models import ContractTemplate
from contracts.plans import read_plan

KEEPS_TEMPLATES = (Role.MANAGER, Role.GM)


@transaction.atomic
def save_template(template: ContractTemplate, *, by: Person, version: int | None = None) -> ContractTemplate:
    """Write a template; contracts drafted from it before keep what they say. K1"""
    if not by.has_role(*KEEPS_TEMPLATES):
        raise Refused(_("Templates are kept by managers."), code="role")
    if not template.clauses.strip():
        raise Refused(_("A template needs clauses."), field="clauses")
    read_plan(template.payment_plan, total=ZERO)  # refused in words where it cannot be read
    with acting(by, step="save_template"):
        if template.pk:
            check_unchanged(ContractTemplate.objects.select_for_update().get(pk=template.pk), version)
        template.save()
    return template
