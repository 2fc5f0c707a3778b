"""The administrator's entries of the navigation, and the bell."""

from django.utils.translation import gettext_lazy as _

from backoffice.control import beginning  # noqa: F401  (what a new company begins with)
from backoffice.jobs.models import Work
from backoffice.outbox.models import Message, MessageState
from backoffice.outbox.selectors import unread
from backoffice.pages.registry import Section, names_act, nav, rings
from backoffice.people.models import Role
from backoffice.review.models import PolicyChange
from backoffice.review.policies import DECIDES

ADMIN = (Role.ADMINISTRATOR,)
rings(unread)
nav(
    Section.OFFICE,
    _("Background work"),
    "control:works",
    icon="refresh",
    order=90,
    waits=lambda person: Work.objects.visible_to(person).unfinished(),
)
nav(Section.OFFICE, _("Working days"), "control:holidays", icon="calendar", order=95)
nav(Section.CONTROL, _("Status"), "control:status", roles=ADMIN, icon="shield", order=10)
nav(Section.CONTROL, _("Jobs"), "control:jobs", roles=ADMIN, icon="clock", order=20)
nav(
    Section.CONTROL, _("Outbox"), "control:mails", roles=ADMIN, icon="mail", order=30,
    waits=lambda person: Message.objects.filter(state=MessageState.DEAD),
)  # fmt: skip
nav(Section.CONTROL, _("Exports"), "control:exports", roles=(Role.ADMINISTRATOR, Role.GM), icon="download", order=40)
nav(Section.CONTROL, _("People"), "control:accounts", roles=ADMIN, icon="people", order=2)
nav(Section.CONTROL, _("Departments"), "control:departments", roles=ADMIN, icon="building", order=3)
nav(Section.CONTROL, _("Regions"), "control:regions", roles=ADMIN, icon="globe", order=3)
nav(
    Section.CONTROL, _("Review policies"), "control:policies", roles=DECIDES, icon="scale", order=4,
    waits=lambda person: PolicyChange.objects.filter(decided_by=None).exclude(asked_by=person),
)  # fmt: skip
nav(Section.CONTROL, _("Number series"), "control:numbers", roles=(*ADMIN, Role.FINANCE), icon="list", order=6)
nav(
    Section.CONTROL, _("History"), "control:changes", roles=(Role.ADMINISTRATOR, Role.GM, Role.FINANCE),
    icon="clock", order=45,
)  # fmt: skip
names_act("save_person", _("Account saved"))
names_act("save_department", _("Department saved"))
names_act("save_region", _("Region saved"))
names_act("send_password_link", _("Link to choose a password sent"))
names_act("ask_policy_change", _("Change of policy asked for"))
names_act("decide_policy_change", _("Change of policy decided"))
