"""How the company is made up: departments and sales regions, each a tree. Only an administrator changes them."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.audit.changes import check_unchanged
from backoffice.control.accounts import check_administers
from backoffice.people.models import Department, Person, Region, below
from backoffice.refusals import Refused


def save_branch(branch: Department | Region, *, by: Person, version: int | None = None) -> Department | Region:
    """A new or changed department or region; a tree never bites its own tail."""
    check_administers(by)
    model = type(branch)
    try:
        with transaction.atomic(), acting(by, step=f"save_{model._meta.model_name}"):
            list(model._default_manager.select_for_update().order_by("pk").values_list("pk"))
            if branch.pk:
                check_unchanged(branch, version)
                check_is_a_tree(branch)
            branch.save()
    except IntegrityError as error:
        if "code" in str(error):
            raise Refused(_("There is one with this code already."), code="taken", field="code") from error
        raise
    return branch


def check_is_a_tree(branch: Department | Region) -> None:
    own = type(branch)._default_manager.filter(pk__in=below(type(branch), [branch.pk]))
    if branch.parent_id and own.filter(pk=branch.parent_id).exists():
        raise Refused(_("It cannot belong to itself or to what lies below it."), code="tree", field="parent")
