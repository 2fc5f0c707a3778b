"""What the imports show elsewhere: their entry in the navigation, with what waits for a second person."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.pages.registry import Section, nav
from backoffice.people.models import Person
from backoffice.sheets.mapping import IMPORTERS
from backoffice.sheets.models import APPLIERS, Batch, State


def waiting_for(person: Person) -> QuerySet[Batch]:
    """Checked uploads of past documents that this person may apply because somebody else brought them in; one of each group."""
    if not person.has_role(*APPLIERS):
        return Batch.objects.none()
    return (
        Batch.objects.filter(state=State.CHECKED, is_opening=True)
        .exclude(uploaded_by=person)
        .order_by("group")
        .distinct("group")
    )


nav(Section.CONTROL, _("Imports"), "sheets:overview", roles=IMPORTERS, icon="upload", order=30, waits=waiting_for)
