"""Pages of telephone-sales plans: what is sold, whom we call, and how far everybody has come (C3)."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localdate as today
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act, Page
from backoffice.pages.templatetags.show import short_money
from backoffice.pages.views import DetailPage, EditPage
from backoffice.refusals import Refused
from customers.visits import forms, services
from customers.visits.lifecycle import CALLS, READS
from customers.visits.models import CallPlan
from customers.visits.selectors import audience, plan_by_person
from customers.visits.tables import CallPlanList

PLANS = [(gettext_lazy("Telephone-sales plans"), "visits:call_plan-list")]


class PlanListPage(ListPage):
    list = CallPlanList


class PlanPage(DetailPage):
    """One plan with the figures of everybody who calls for it."""

    roles = READS
    model = CallPlan
    crumbs = PLANS
    template_name = "visits/call_plan.html"

    def get_queryset(self):
        return super().get_queryset().select_related("product", "author")

    @cached_property
    def rows(self):
        return plan_by_person(self.object, on=today(), visible_to=self.request.user)

    @property
    def may_change(self):
        return not self.object.is_closed and self.request.user.has_role(*CALLS)

    def get_edit_url(self):
        return super().get_edit_url() if self.may_change else ""

    def get_primary(self):
        if not self.may_change:
            return None
        return Act(_("Add customers"), reverse("visits:plan-add", args=[self.object.pk]), "plus", "F4")

    def get_acts(self):
        plan = self.object
        acts = [Act(_("Its calls"), f"{reverse('visits:list')}?plan={plan.pk}", "list")]
        if self.may_change:
            close = reverse("visits:plan-close", args=[plan.pk])
            acts += [
                Act(_("Edit"), self.get_edit_url(), "pencil", "F2"),
                Act(_("Close the plan"), close, "archive", method="post"),
            ]
        return acts

    def facts(self):
        row = self.object
        closed = [(_("Closed at"), row.closed_at)] if row.is_closed else []
        return [
            (pgettext("date", "From"), row.starts_on),
            (_("Until"), row.ends_on),
            (_("Product"), row.product),
            (_("Author"), row.author),
            *closed,
        ]

    def figures(self):
        plan, rows, calls = self.object, self.rows, f"{reverse('visits:list')}?plan={self.object.pk}"
        customers, spoken = sum(row.customers for row in rows), sum(row.spoken for row in rows)
        amount = sum(row.amount for row in rows)
        goal = plan.goal * len(rows) if plan.goal and rows else None
        return [
            {"label": pgettext("number", "Customers"), "value": customers, "url": calls, "note": _("%(left)d still to call") % {"left": sum(row.left for row in rows)}},
            {"label": pgettext("number", "Talked with"), "value": spoken, "url": f"{calls}&spoken=1", "note": f"{spoken / customers:.0%}" if customers else ""},
            {"label": _("They order"), "value": sum(row.buyers for row in rows), "url": f"{calls}&outcome=ordered"},
            {"label": _("Orders since the call"), "value": short_money(amount), "note": _("%(share)s of the goal") % {"share": f"{amount / goal:.0%}"} if goal else ""},
        ]  # fmt: skip

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"plan": self.object, "rows": self.rows}


class PlanEdit(EditPage):
    roles = CALLS
    model, form_class = CallPlan, forms.CallPlanForm
    crumbs = PLANS
    wide = True

    def get_queryset(self):
        return super().get_queryset().filter(closed_at=None)

    def get_initial(self):
        plan = self.object
        return {name: getattr(plan, name) for name in services.plans.HEADER} if plan else {"starts_on": today()}

    def save(self, form):
        return services.save_plan(
            self.object or CallPlan(), by=self.request.user, given=form.cleaned_data, version=self.version
        )


class AddCustomers(EditPage):
    """Whom a plan calls: by grade, kind, region, salesperson, and how long ago they last ordered."""

    roles = CALLS
    model, form_class = CallPlan, forms.AudienceForm
    save_label = gettext_lazy("Add them to the plan")
    wide = True
    saved = 0

    @property
    def plan(self):
        return self.object

    def get_crumbs(self):
        return [
            (_("Telephone-sales plans"), reverse("visits:call_plan-list")),
            (str(self.plan), self.plan.get_absolute_url()),
        ]

    def get_title(self):
        return _("Add customers: %(plan)s") % {"plan": self.plan}

    @property
    def saved_message(self):
        number = self.saved
        return ngettext("%(number)d customer was added.", "%(number)d customers were added.", number) % {
            "number": number
        }

    def save(self, form):
        given = dict(form.cleaned_data)
        caller, person = given.pop("caller"), self.request.user
        chosen = audience(person=person, on=today(), given=given)
        self.saved = services.add_to_plan(self.plan, chosen, by=person, person=caller)
        return self.plan


class ClosePlan(Page):
    """No more calls for it."""

    roles = CALLS

    def post(self, request, *args, **kwargs):
        plan = get_object_or_404(CallPlan.objects.visible_to(request.user), pk=kwargs["pk"])
        try:
            services.close_plan(plan, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(plan.get_absolute_url())
