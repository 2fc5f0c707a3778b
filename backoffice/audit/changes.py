"""What happened to one row, and whether a form that was opened earlier has seen all of it."""

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from backoffice.refusals import Stale

from .models import Event

SHOWN = 8


def changes_of(row: Model) -> QuerySet[Event]:
    """Every change of a tracked row and of the lists it keeps (whom a person serves), newest first."""
    found = Q(table=row._meta.db_table, row=row.pk)
    for field in row._meta.many_to_many:
        mine, pk = f"changed__{field.m2m_column_name()}", str(row.pk)
        made_or_removed = Q(**{f"{mine}__1": pk}) | Q(**{f"{mine}__0": pk})
        found |= Q(table=field.m2m_db_table()) & made_or_removed
    return Event.objects.filter(found)


def last_change(row: Model) -> int:
    """The number of the row's last change: what its form carries as version where the row keeps none itself."""
    return max(changes_of(row).order_by().values_list("pk", flat=True), default=0)


def check_unchanged(row: Model, version: int | None) -> None:
    """Refuse who acts on something older than what stands here; call it with the row locked."""
    if version is None or version == last_change(row):
        return
    raise Stale(
        _("Somebody changed this after you opened it. Look at what changed, then save again."),
        changes=changes_of(row).filter(pk__gt=version).select_related("person")[:SHOWN],
    )
