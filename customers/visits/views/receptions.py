"""Pages of receptions (C5)."""

from django.utils.timezone import localdate as today
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from backoffice.pages.list_page import ListPage
from backoffice.pages.sheet import Answer, Column
from backoffice.pages.templatetags.show import money
from backoffice.pages.views import DocumentPage, SheetPage
from backoffice.parties.models import Party
from customers.visits import forms, services
from customers.visits.lifecycle import CALLS, READS
from customers.visits.models import Reception, ReceptionLine
from customers.visits.services.receptions import HEADER
from customers.visits.tables import ReceptionList

RECEPTIONS = [(gettext_lazy("Receptions"), "visits:reception-list")]


class ReceptionListPage(ListPage):
    list = ReceptionList


class ReceptionPage(DocumentPage):
    """Who comes, what for, what it may cost and did cost."""

    roles = READS
    model = Reception
    crumbs = RECEPTIONS
    template_name = "visits/reception.html"
    lines_template = "visits/_lines.html"

    def get_queryset(self):
        return super().get_queryset().select_related("host", "claim")

    def facts(self):
        row = self.object
        time = f"{row.arrives_at:%H:%M}" if row.arrives_at else ""
        planned = [
            (_("Purpose"), row.purpose), (_("Time"), time), (_("Place"), row.place), (_("Host"), row.host),
            (_("Our people"), f"{row.companion_count} · {row.companions}" if row.companions else row.companion_count), (_("For each person"), money(row.a_head, row.currency)),
        ]  # fmt: skip
        if not row.hosted_on:
            return planned
        return [
            *planned,
            (_("Took place on"), row.hosted_on),
            (_("Actual cost"), money(row.actual, row.currency)),
            (_("Expense claim"), row.claim),
        ]

    def lines(self):
        return self.object.lines.all()


class ReceptionEdit(SheetPage):
    """Head, and one line for each meal, room or journey."""

    roles = CALLS
    model, form_class, line_form = Reception, forms.ReceptionForm, forms.ItemForm
    crumbs = RECEPTIONS
    columns = [
        Column("kind", gettext_lazy("Kind"), width="mid", help=gettext_lazy("The beginning of a word: meal, room, journey, tour, gift, other."), also=("类别", "项目")),
        Column("kind_name", gettext_lazy("Name"), computed=True, width="mid"),
        Column("on", gettext_lazy("Day"), "date", width="mid", fills=True, also=("日期",)),
        Column("place", gettext_lazy("Place"), width="grow", also=("地点",)),
        Column("people", pgettext_lazy("number", "People"), width="narrow", fills=True, also=("人数",)),
        Column("budget", gettext_lazy("Budget"), "money", width="mid", also=("预算", "金额")),
        Column("each", gettext_lazy("For each person"), "money", computed=True, width="mid"),
    ]  # fmt: skip
    totals = [("budget", gettext_lazy("Budget"))]

    def get_initial(self):
        if self.object:
            return {name: getattr(self.object, name) for name in HEADER}
        given, person = self.request.GET.get("party", ""), self.request.user
        party = Party.objects.visible_to(person).customers().filter(pk=given).first() if given.isdigit() else None
        return {"party": party, "dated_on": today(), "host": person, "companion_count": 1}

    def start(self, document):
        if document is None:
            return [{"kind": str(ReceptionLine.Kind.MEAL.label)}]
        return [
            {"key": f"l{row.pk}", "typed": "kind on place people budget", "kind": str(row.get_kind_display()), "on": row.on.isoformat(), "place": row.place,
             "people": str(row.people), "budget": f"{row.budget:.2f}"}
            for row in document.lines.all()
        ]  # fmt: skip

    def compute(self, form, lines):
        head, total, answer = getattr(form, "cleaned_data", {}), 0, Answer()
        everybody = (head.get("guest_count") or 0) + (head.get("companion_count") or 0)
        for line in lines:
            budget, people = line.values.get("budget") or 0, line.values.get("people")
            total += budget
            if head.get("dated_on") and not line.is_by_hand("on"):
                line.say("on", head["dated_on"].isoformat())
            if everybody and not line.is_by_hand("people"):
                line.say("people", str(everybody))
            line.say("kind_name", str(getattr(line.values.get("kind"), "label", "")))
            line.say("each", f"{budget / people:,.2f}" if budget and people else "")
        answer.totals = {"budget": f"{total:,.2f}"}
        return answer

    def save_lines(self, form, lines):
        items = [
            services.WantedItem(**{name: line.values[name] for name in ("kind", "on", "people", "budget", "place")})
            for line in lines
        ]
        return services.save_reception(
            self.object or Reception(),
            by=self.request.user,
            header=form.cleaned_data,
            lines=items,
            version=self.version,
        )
