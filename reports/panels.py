"""The reports' entries of the navigation."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.beginning import begins_with
from backoffice.pages.registry import Section, nav
from backoffice.people.models import Person, Role
from reports.services.daily import RECIPIENTS
from reports.tables import KEPT_FOR
from reports.views import LEADS, SEES


@begins_with(_("Who gets the mail of the day"), "control:accounts", order=70)
def has_recipients() -> str:
    """The 17:00 mail goes to the general manager and finance (R1)."""
    there = Person.objects.with_role(*RECIPIENTS).exclude(email="")
    missing = [role for role in RECIPIENTS if not there.filter(roles__contains=[role]).exists()]
    labels = "、".join(str(role.label) for role in missing)
    return gettext("Nobody with an e-mail address yet: %(roles)s.") % {"roles": labels} if missing else ""


nav(Section.DAY, _("Today"), "reports:workbench", icon="today", order=10)
nav(Section.DAY, _("Dashboard"), "reports:dashboard", roles=(*LEADS, Role.FINANCE), icon="chart", order=20)
nav(Section.FIGURES, _("Daily performance"), "reports:daily", roles=SEES, icon="chart", order=10)
nav(Section.FIGURES, _("Sales"), "reports:sales", roles=SEES, icon="trend", order=20)
nav(Section.FIGURES, _("Contract statistics"), "reports:contracts", roles=SEES, icon="contract", order=25)
nav(Section.FIGURES, _("Targets"), "reports:targets", roles=LEADS, icon="flag", order=30)
nav(Section.FIGURES, _("Issued reports"), "reports:issued", roles=KEPT_FOR, icon="archive", order=40)
