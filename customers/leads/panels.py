"""What leads show elsewhere: navigation, search, who is to be called today."""

from django.urls import reverse
from django.utils.timezone import localdate as today
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from backoffice.pages.page import Act
from backoffice.pages.registry import Found, Section, finds, names_act, nav
from backoffice.pages.workbench import Due, due_today
from backoffice.parties.search import fold
from customers.leads.models import Lead
from customers.leads.stages import SEES, WORKS

MOST = 12

nav(
    Section.CUSTOMERS, gettext_lazy("Leads"), "leads:board", icon="star", roles=SEES, order=35,
    waits=lambda person: Lead.objects.visible_to(person).due(today()).filter(owner=person),
)  # fmt: skip
names_act("save_lead", gettext_lazy("Lead written"))
names_act("answer_offer", gettext_lazy("Answered on the public page"))
names_act("log_lead_call", gettext_lazy("Lead called"))
names_act("move_lead", gettext_lazy("Moved to another stage"))
names_act("give_up_lead", pgettext_lazy("lead", "Given up"))
names_act("hand_lead", gettext_lazy("Handed on"))
names_act("win_lead", gettext_lazy("Became a customer"))
names_act("publish_offer", gettext_lazy("Published"))
names_act("withdraw_offer", gettext_lazy("Taken off the public page"))


@finds(gettext_lazy("Leads"), roles=SEES, order=35)
def leads(typed, person):
    rows = Lead.objects.visible_to(person)
    for word in fold(typed).split():
        rows = rows.filter(search__holds=word)
    for lead in rows.order_by("-came_on")[:6] if typed.strip() else []:
        yield Found(lead.name, lead.get_absolute_url(), f"{lead.get_stage_display()} · {lead.city}", "star")


@due_today(
    "C6",
    gettext_lazy("Leads to call"),
    roles=WORKS,
    order=22,
    icon="phone",
    all_url="leads:list?due=1&owner=me&o=next_on",
)
def to_call(person, on):
    rows = Lead.objects.visible_to(person).due(on).filter(owner=person).order_by("next_on", "came_on", "pk")
    for lead in rows[:MOST]:
        yield due(lead, Act(_("Call"), lead.get_absolute_url(), "phone"))


@due_today(
    "C6", gettext_lazy("Leads of nobody"), roles=WORKS, order=23, icon="star", all_url="leads:list?underway=1&nobodys=1"
)
def nobodys(person, on):
    rows = Lead.objects.visible_to(person).underway().nobodys().order_by("came_on", "pk")
    for lead in rows[:MOST]:
        yield due(lead, Act(_("Hand on"), reverse("leads:lead-hand", args=[lead.pk]), "people"))


def due(lead: Lead, act: Act) -> Due:
    late = bool(lead.next_on and lead.next_on < today())
    detail = " · ".join(filter(None, [lead.city, lead.phone, lead.get_stage_display()]))
    return Due(
        lead.name,
        lead.get_absolute_url(),
        detail,
        lead.next_on or lead.came_on,
        tone="bad" if late else "",
        acts=(act,),
    )
