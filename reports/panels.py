"""The reports' entries of the navigation."""

from django.utils.translation import gettext_lazy as _

from backoffice.pages.registry import Section, nav
from backoffice.people.models import Role
from reports.views import LEADS, SEES

nav(Section.DAY, _("Today"), "reports:workbench", icon="today", order=10)
nav(Section.DAY, _("Dashboard"), "reports:dashboard", roles=(*LEADS, Role.FINANCE), icon="chart", order=20)
nav(Section.FIGURES, _("Sales performance of the day"), "reports:daily", roles=SEES, icon="chart", order=10)
nav(Section.FIGURES, _("Sales"), "reports:sales", roles=SEES, icon="trend", order=20)
nav(Section.FIGURES, _("Targets"), "reports:targets", roles=LEADS, icon="flag", order=30)
nav(Section.FIGURES, _("Issued reports"), "reports:issued", roles=(Role.GM, Role.FINANCE), icon="archive", order=40)
