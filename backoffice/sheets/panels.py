"""What the imports show elsewhere: their entry in the navigation, with what waits for a second person."""

from django.utils.translation import gettext_lazy as _

from backoffice.pages.registry import Section, nav
from backoffice.people.models import Person
from backoffice.sheets.models import APPLIERS, Batch, State
from backoffice.sheets.views import IMPORTERS


def waiting_for(person: Person) -> int:
    """Checked uploads of past documents that this person may apply because somebody else brought them in."""
    if not person.has_role(*APPLIERS):
        return 0
    return (
        Batch.objects.filter(state=State.CHECKED, is_opening=True)
        .exclude(uploaded_by=person)
        .values("group")
        .distinct()
        .count()
    )


nav(Section.CONTROL, _("Imports"), "sheets:overview", roles=IMPORTERS, icon="upload", order=30, count=waiting_for)
