"""The administrator's entries of the navigation, and the bell."""

from django.utils.translation import gettext_lazy as _

from backoffice.jobs.models import Work
from backoffice.outbox.models import Message, MessageState
from backoffice.outbox.selectors import unread_count
from backoffice.pages.registry import Section, nav, rings
from backoffice.people.models import Role

ADMIN = (Role.ADMINISTRATOR,)
rings(unread_count)
nav(
    Section.OFFICE,
    _("Background work"),
    "control:works",
    icon="refresh",
    order=90,
    count=lambda person: Work.objects.visible_to(person).unfinished().count(),
)
nav(Section.OFFICE, _("Working days"), "control:holidays", icon="calendar", order=95)
nav(Section.CONTROL, _("Status"), "control:status", roles=ADMIN, icon="shield", order=10)
nav(Section.CONTROL, _("Jobs"), "control:jobs", roles=ADMIN, icon="clock", order=20)
nav(
    Section.CONTROL, _("Outbox"), "control:mails", roles=ADMIN, icon="mail", order=30,
    count=lambda person: Message.objects.filter(state=MessageState.DEAD).count(),
)  # fmt: skip
nav(Section.CONTROL, _("Exports"), "control:exports", roles=(Role.ADMINISTRATOR, Role.GM), icon="download", order=40)
