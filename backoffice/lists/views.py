"""Saved views: a name for a query string, made and dropped by whoever owns it. X15"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backoffice.lists.declared import List
from backoffice.lists.models import SavedView
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused


def default_view(declared: type[List], person: Person) -> SavedView | None:
    """The view that opens first: one's own before one shared with one's role."""
    views = list(SavedView.objects.visible_to(person).filter(list_name=declared.name, is_default=True))
    return min(views, key=lambda view: (view.owner_id != person.pk, view.pk), default=None)


@transaction.atomic
def save_view(shown: List, *, name: str, roles: Sequence[str] = (), is_default: bool = False) -> SavedView:
    """Keep what is shown now under a name; the same name again replaces it."""
    name = " ".join(name.split())[:40]
    if not name:
        raise Refused(_("Give the view a name."), field="save_view")
    if unknown := set(roles) - set(Role.values):
        raise Refused(_("There is no role %(name)s.") % {"name": ", ".join(sorted(unknown))})
    if is_default:
        SavedView.objects.filter(list_name=shown.name, owner=shown.person, is_default=True).update(is_default=False)
    view, _made = SavedView.objects.update_or_create(
        list_name=shown.name, owner=shown.person, name=name,
        defaults={"query": shown.query_string[:2000], "roles": list(roles), "is_default": is_default},
    )  # fmt: skip
    return view


def drop_view(pk: str, *, by: Person) -> None:
    """Only the owner takes a view away."""
    if pk.isascii() and pk.isdigit() and len(pk) < 19:
        SavedView.objects.filter(pk=int(pk), owner=by).delete()
