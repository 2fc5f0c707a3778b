"""Writing products and the small tables around them."""

from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.audit.changes import check_unchanged
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from backoffice.stock.models import Product

M = TypeVar("M", bound=Model)
KEEPS = (Role.PURCHASING, Role.MANAGER, Role.FINANCE, Role.GM, Role.ADMINISTRATOR)


def save_product(product: Product, *, by: Person, version: int | None = None) -> Product:
    """A new or changed product; what stands on fixed papers was copied there and stays."""
    product.fill_search()
    return save_master(product, by=by, version=version)


def save_master(row: M, *, by: Person, version: int | None = None) -> M:
    """A product, product line, unit or warehouse, as typed; never over a change that its form had not seen."""
    if not (by.is_system or by.has_role(*KEEPS)):
        raise Refused(_("Your role may not change products and warehouses."), code="role")
    try:
        with transaction.atomic(), acting(by, step=f"save_{row._meta.model_name}"):
            if row.pk:
                check_unchanged(type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk), version)
            row.save()
    except IntegrityError as error:
        if "code" in str(error) or "name" in str(error):
            raise Refused(_("There is one with this code already."), code="taken", field="code") from error
        raise
    return row
