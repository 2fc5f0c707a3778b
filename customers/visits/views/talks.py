"""Pages of calls and visits: today's queue, the page on which one calls, one call as it went (C3)."""

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localdate as today
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act, Page
from backoffice.pages.registry import panels_for
from backoffice.pages.templatetags.show import day
from backoffice.pages.views import DetailPage, EditPage
from backoffice.parties.models import Party
from backoffice.register.models import Record
from customers.credit import credit_of
from customers.models import Contact, Customer
from customers.visits import forms, services
from customers.visits.lifecycle import CALLS, READS
from customers.visits.models import Visit, Wish
from customers.visits.selectors import conversations, last_said, rhythm_of
from customers.visits.services.talking import TOLD
from customers.visits.tables import VisitList

CRUMBS = [(gettext_lazy("Calls and visits"), "visits:today")]
SHOWN = 60


def further_pages(person) -> list[Act]:
    """What else there is about calls, in the menu of each of these pages."""
    pages = [
        (_("All calls and visits"), "visits:list", "list"), (_("Calendar"), "visits:calendar", "calendar"),
        (_("Telephone-sales plans"), "visits:call_plan-list", "flag"), (_("Figures by person"), "visits:figures", "chart"),
        (_("Rhythm of each grade"), "visits:rhythms", "refresh"),
    ]  # fmt: skip
    return [Act(label, reverse(name), icon) for label, name, icon in pages]


class VisitListPage(ListPage):
    list = VisitList

    def get_acts(self):
        return further_pages(self.request.user)


class TodayPage(Page):
    """The calls and visits of today, longest due first, worked through by keyboard."""

    roles = READS
    title = gettext_lazy("Calls and visits")
    template_name = "visits/today.html"

    @cached_property
    def queue(self):
        return list(Visit.objects.queue_of(self.request.user, on=today())[: SHOWN + 1])

    def get_primary(self):
        first = self.queue[0] if self.queue else None
        return Act(_("Begin"), reverse("visits:make", args=[first.pk]), "phone", "F9") if first else None

    def get_acts(self):
        return further_pages(self.request.user)

    def figures(self):
        mine, on, address = Visit.objects.filter(person=self.request.user), today(), reverse("visits:list")
        made = mine.filter(held_on=on)
        due, late, done, spoken = mine.due(on).count(), mine.overdue(on).count(), made.count(), made.spoken().count()
        return [
            {"label": _("To do today"), "value": due, "url": f"{address}?person=me&state=planned&due_on=..{on}"},
            {"label": _("Overdue"), "value": late, "tone": "bad" if late else "", "url": f"{address}?person=me&overdue=1"},
            {"label": _("Made today"), "value": done, "note": _("talked with %(number)d") % {"number": spoken},
             "url": f"{address}?person=me&state=made&held_on=today"},
        ]  # fmt: skip

    def get_context_data(self, **kwargs):
        shown = self.queue[:SHOWN]
        last = last_said([visit.party_id for visit in shown])
        for visit in shown:
            visit.last = last.get(visit.party_id)
        more = len(self.queue) > SHOWN
        return super().get_context_data(**kwargs) | {
            "queue": shown,
            "more": more,
            "figures": self.figures(),
            "today": today(),
        }


# ── one call ───────────────────────────────────────────────────────────────────────────────
class Calling(EditPage):
    """The page on which one calls: the queue on the left, what one hears in the middle, the last conversation beside."""

    roles = CALLS
    model, form_class = Visit, forms.ResultForm
    template_name = "visits/make.html"
    crumbs = CRUMBS
    wide = True

    @property
    def party(self) -> Party:
        return self.object.party

    @cached_property
    def customer(self) -> Customer:
        return Customer.objects.select_related("party__owner", "term").get(party=self.party)

    @cached_property
    def following(self) -> list[Visit]:
        queue = Visit.objects.queue_of(self.request.user, on=today())
        return list(queue.exclude(pk=self.object.pk if self.object else None)[:SHOWN])

    def get_form(self, fields=None, files=None):
        if fields and "quick" in fields:  # one key for what needs no words
            fields = fields.copy()
            fields["outcome"] = fields["quick"]
        return super().get_form(fields, files)

    def get_initial(self):
        main = Contact.objects.filter(party=self.party).order_by("-is_main", "pk").first()
        return {"contact": main.name if main else self.party.contact, "held_on": today()}

    def result(self, given):
        told = {name: given[name] or "" for name in TOLD}
        return services.Result(**told, next_on=given["next_on"])

    def address_after(self, saved):
        return reverse("visits:make", args=[self.following[0].pk]) if self.following else reverse("visits:today")

    def facts(self):
        customer = self.customer
        last = (
            Record.objects.visible_to(self.request.user)
            .filter(party=self.party, kind="order")
            .order_by("-dated_on", "-pk")
            .first()
        )
        turn = rhythm_of(customer, self.object.way if self.object else "call")
        order = f"{last.number or ''} · {day(last.dated_on)} · {last.amount:,.2f}" if last else "—"
        return [
            (_("Last order"), order), (_("Salesperson"), self.party.owner), (_("City"), self.party.city),
            (_("Rhythm"), _("every %(days)d days") % {"days": turn.days} if turn else _("not by itself")),
        ]  # fmt: skip

    def get_context_data(self, **kwargs):
        person, customer = self.request.user, self.customer
        panels = {str(panel.title): panel for model in (Party, Customer) for panel in panels_for(model, person)}
        panels = {
            title: panel for title, panel in panels.items() if panel.name != "visits_of_customer"
        }  # stands beside already
        return super().get_context_data(**kwargs) | {
            "visit": self.object, "customer": customer, "party": self.party, "queue": self.following, "today": today(),
            "talks": conversations(self.party, person=person), "contacts": Contact.objects.filter(party=self.party)[:6],
            "credit": credit_of(customer, on=today()), "facts": self.facts(), "wishes": Wish.objects.filter(party=self.party),
            "panels": sorted(panels.values(), key=lambda panel: (panel.order, panel.name)),
            "next_one": reverse("visits:make", args=[self.following[0].pk]) if self.following else "",
        }  # fmt: skip


class MakeVisit(Calling):
    """A planned call or visit, made."""

    def get_queryset(self):
        return super().get_queryset().select_related("party__owner", "person", "plan")

    def get_title(self):
        return f"{self.object.get_way_display()}: {self.party.name}"

    def get(self, request, *args, **kwargs):
        if not self.object.is_planned:
            return HttpResponseRedirect(self.object.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def save(self, form):
        given = form.cleaned_data
        return services.make_visit(self.object, by=self.request.user, result=self.result(given), on=given["held_on"])


class RecordTalk(Calling):
    """A call that came by itself: the same page for a customer."""

    form_class = forms.TalkForm

    @cached_property
    def party(self):
        rows = Party.objects.visible_to(self.request.user).customers().select_related("owner")
        return get_object_or_404(rows, pk=self.kwargs["customer"], customer__isnull=False)

    def get_title(self):
        return _("Talk with %(party)s") % {"party": self.party.name}

    def save(self, form):
        given = form.cleaned_data
        return services.record_talk(
            self.party, by=self.request.user, way=given["way"], result=self.result(given), on=given["held_on"]
        )

    def address_after(self, saved):
        return self.customer.get_absolute_url()


class VisitPage(DetailPage):
    """One call or visit as it was planned and as it went."""

    roles = READS
    model = Visit
    crumbs = CRUMBS
    template_name = "visits/visit.html"

    def get_queryset(self):
        return super().get_queryset().select_related("party", "person", "plan", "follows")

    def get_edit_url(self):
        return ""

    def get_primary(self):
        visit = self.object
        if not visit.is_planned or not self.request.user.has_role(*CALLS):
            return None
        return Act(_("Write down the result"), reverse("visits:make", args=[visit.pk]), "phone", "F9")

    def get_acts(self):
        if not self.get_primary():
            return []
        pk = [self.object.pk]
        return [
            Act(_("Put off"), reverse("visits:put-off", args=pk), "clock", "F6"), Act(_("Let go"), reverse("visits:drop", args=pk), "x"),
        ]  # fmt: skip

    def facts(self):
        row = self.object
        planned = [
            (_("Due on"), row.due_on), (_("Done by"), row.person), (_("Why"), row.get_source_display()), (_("What about"), row.purpose),
            (_("Telephone-sales plan"), row.plan),
        ]  # fmt: skip
        if row.is_planned or not row.held_on:
            return [*planned, (_("Why it was let go"), row.reason)]
        return [
            *planned, (_("Made on"), row.held_on), (_("Outcome"), row.get_outcome_display()), (_("Talked with"), row.contact),
            (_("Their business"), row.get_business_display()), (_("Their stock"), row.get_stock_display()), (_("What they need"), row.demand),
            (_("Next step"), row.next_step),
        ]  # fmt: skip

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"visit": self.object, "next_one": self.object.followed_by.first()}
