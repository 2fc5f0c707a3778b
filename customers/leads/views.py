"""The pages of leads and offers inside the house."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act, Page, back_from, may_open
from backoffice.pages.views import DetailPage, EditPage, ReportPage
from backoffice.people.models import Role
from backoffice.refusals import Refused
from customers.leads import services
from customers.leads.figures import WAYS_IN_WORDS, figure_sheets, shown_figures
from customers.leads.forms import CallForm, GiveUpForm, HandForm, LeadForm, OfferForm, WinForm
from customers.leads.models import Lead, Offer
from customers.leads.selectors import board, known_already, twins
from customers.leads.stages import PUBLISHES, SEES, UNDERWAY, WORKS
from customers.leads.tables import LeadList, OfferList

CRUMBS = [(gettext_lazy("Leads"), "leads:list")]
OFFERS = [(gettext_lazy("Offers to dealers"), "leads:offers")]


def places():
    """The three ways to look at leads, and the offers they come from."""
    return [
        Act(_("Board"), reverse("leads:board"), "columns"), Act(_("List"), reverse("leads:list"), "list"),
        Act(_("Figures of leads"), reverse("leads:figures"), "chart"), Act(_("Offers to dealers"), reverse("leads:offers"), "flag"),
    ]  # fmt: skip


class LeadListPage(ListPage):
    list = LeadList

    def get_acts(self):
        return places()


class Board(Page):
    """The leads under way, a lane for each stage, those to be called next on top (C6)."""

    roles = SEES
    title = gettext_lazy("Leads: board")
    crumbs = CRUMBS
    template_name = "leads/board.html"
    wide = True

    def get_primary(self):
        may = may_open(self.request.user, WORKS)
        return Act(_("New lead"), reverse("leads:lead-new"), "plus", key="n", tone="primary") if may else None

    def get_acts(self):
        return places()

    def get_context_data(self, **kwargs):
        person, mine = self.request.user, self.request.GET.get("owner") == "me"
        rows = Lead.objects.visible_to(person).underway()
        shown = board(rows.filter(owner=person) if mine else rows)
        lanes = zip(shown, (None, *UNDERWAY), (*UNDERWAY[1:], None), strict=False)
        return super().get_context_data(**kwargs) | {
            "lanes": list(lanes), "mine": mine, "today": timezone.localdate(), "may_write": may_open(person, WORKS),
        }  # fmt: skip


class LeadPage(DetailPage):
    """One lead: who, from where, what was said, and one key to make them a customer (C6)."""

    roles = SEES
    model = Lead
    crumbs = CRUMBS
    template_name = "leads/lead.html"

    def get_queryset(self):
        return super().get_queryset().select_related("owner", "offer", "region", "customer__party")

    def get_primary(self):
        lead = self.object
        if lead.customer_id or not may_open(self.request.user, WORKS):
            return None
        return Act(
            _("Won: make them a customer"), reverse("leads:lead-win", args=[lead.pk]), "check", key="F9", method="post"
        )

    def get_acts(self):
        lead, may = self.object, may_open(self.request.user, WORKS)
        if not may:
            return []
        acts = [
            Act(_("Edit"), reverse("leads:lead-edit", args=[lead.pk]), "pencil", key="F2"),
            Act(_("Hand on"), reverse("leads:lead-hand", args=[lead.pk]), "people"),
        ]
        return [*acts, Act(_("Give up"), reverse("leads:lead-lost", args=[lead.pk]), "x")] if lead.is_underway else acts

    def facts(self):
        lead = self.object
        return [
            (_("Contact person"), lead.contact), (_("Telephone"), lead.phone), (_("E-mail"), lead.email), (_("City"), lead.city),
            (_("Region"), lead.region), (_("What they do"), lead.business), (_("Source"), lead.get_source_display()), (_("Offer to dealers"), lead.offer),
            (_("Responsible"), lead.owner), (_("Came to us on"), lead.came_on), (_("First called on"), lead.first_call_on), (_("Next call on"), lead.next_on),
            *([(_("Agreed to be called at"), lead.consented_at), (_("What they agreed to"), lead.consent)] if lead.consented_at else []),
        ]  # fmt: skip

    def get_context_data(self, **kwargs):
        lead, person = self.object, self.request.user
        may = may_open(person, WORKS)
        return super().get_context_data(**kwargs) | {
            "lead": lead, "calls": lead.calls.select_related("written_by"), "stages": UNDERWAY, "may_write": may and lead.is_underway,
            "may_move": may and not lead.customer_id, "call_form": CallForm(person=person), "once": uuid.uuid4(),
            "alikes": known_already(lead, person=person) if lead.is_underway else [],
            "twins": twins(lead, person=person) if lead.is_underway else [],
        }  # fmt: skip


class EditLead(EditPage):
    """A lead by hand; where an open one is alike it is shown, and asked whether this is another one (C6)."""

    roles = WORKS
    model, form_class = Lead, LeadForm
    crumbs = CRUMBS
    template_name = "leads/edit.html"
    wide = True
    twins: list = []

    def get_initial(self):
        if self.object:
            return vars(self.object) | {
                name: getattr(self.object, f"{name}_id") for name in ("region", "offer", "owner")
            }
        person = self.request.user
        return {"came_on": timezone.localdate(), "owner": person if person.has_role(Role.SALESPERSON) else None}

    def save(self, form):
        given = {name: value for name, value in form.cleaned_data.items() if name in services.FIELDS}
        is_new = form.cleaned_data["is_new"]
        return services.save_lead(
            self.object or Lead(), by=self.request.user, given=given, version=self.version, is_new=is_new
        )

    def tell(self, form, refusal):
        super().tell(form, refusal)
        if refusal.code == "alike":
            typed = {name: form.cleaned_data[name] for name in ("name", "phone", "email")}
            self.twins = twins(Lead(pk=self.kwargs.get("pk"), **typed), person=self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"twins": self.twins}


class OfLead(EditPage):
    """A form about what is done with one lead."""

    roles = WORKS
    model = Lead
    crumbs = CRUMBS

    def get_crumbs(self):
        return [*super().get_crumbs(), (str(self.object), self.object.get_absolute_url())]

    def address_after(self, saved):
        seen = Lead.objects.visible_to(self.request.user).filter(pk=self.object.pk).exists()
        return self.object.get_absolute_url() if seen else reverse("leads:list")


class GiveUp(OfLead):
    form_class = GiveUpForm
    save_label = gettext_lazy("Give up")

    def get_title(self):
        return _("Give up %(what)s") % {"what": self.object}

    def save(self, form):
        return services.give_up_lead(self.object, by=self.request.user, **form.cleaned_data)


class Hand(OfLead):
    form_class = HandForm
    save_label = gettext_lazy("Hand on")

    def get_title(self):
        return _("Hand on %(what)s") % {"what": self.object}

    def save(self, form):
        return services.hand_lead(self.object, by=self.request.user, **form.cleaned_data)


class Win(OfLead):
    """One press makes the lead a customer; only where the archive holds somebody alike it asks first (C6)."""

    form_class = WinForm
    template_name = "leads/win.html"
    save_label = gettext_lazy("Make them a customer")
    saved_message = gettext_lazy("Won. What was said stands on the customer's timeline.")

    def get_title(self):
        return _("Won: %(what)s") % {"what": self.object}

    def save(self, form):
        return services.win_lead(self.object, by=self.request.user, **form.cleaned_data)

    def address_after(self, saved):
        return saved.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"alikes": known_already(self.object, person=self.request.user)}


class WithLead(Page):
    """An act on one lead, back to where one was."""

    roles = WORKS

    def act(self, lead):
        raise NotImplementedError

    def post(self, request, *args, **kwargs):
        lead = get_object_or_404(Lead.objects.visible_to(request.user), pk=kwargs["pk"])
        try:
            self.act(lead)
        except Refused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(back_from(request, lead.get_absolute_url()))


class NewCall(WithLead):
    def act(self, lead):
        form = CallForm(self.request.POST, person=self.request.user)
        if not form.is_valid():
            raise Refused("; ".join(str(text) for texts in form.errors.values() for text in texts))
        services.log_call(lead, by=self.request.user, **form.cleaned_data)


class Move(WithLead):
    def act(self, lead):
        services.move_lead(lead, by=self.request.user, stage=self.request.POST.get("stage", ""))


class LeadFigures(ReportPage):
    """Leads of a time by source, offer, person, region: how many, at which stage, won, how soon they were called (C6)."""

    roles = SEES
    title = gettext_lazy("Figures of leads")
    template_name = "leads/figures.html"
    crumbs = CRUMBS
    period_kinds = ("month", "quarter", "year")
    default_period = "year"

    def report(self, period, given):
        by = self.request.GET.get("by", "")
        by = by if by in WAYS_IN_WORDS else "source"
        return shown_figures(period, by=by, person=self.request.user) | {"by": by, "ways": WAYS_IN_WORDS.items()}

    def sheets(self, period, given):
        return figure_sheets(period, person=self.request.user)


# ── offers ──────────────────────────────────────────────────────────────────────────────────
class OfferListPage(ListPage):
    list = OfferList

    def get_acts(self):
        return places()


class OfferPage(DetailPage):
    """An offer as it is written, with the address at which everybody reads it."""

    roles = SEES
    model = Offer
    crumbs = OFFERS
    template_name = "leads/offer.html"

    def get_primary(self):
        offer = self.object
        if not may_open(self.request.user, PUBLISHES):
            return None
        label = _("Take it off") if offer.is_published else _("Publish")
        return Act(label, reverse("leads:offer-publish", args=[offer.pk]), "globe", key="F9", method="post")

    def get_acts(self):
        may = may_open(self.request.user, WORKS)
        return [Act(_("Edit"), reverse("leads:offer-edit", args=[self.object.pk]), "pencil", key="F2")] if may else []

    def facts(self):
        offer = self.object
        return [
            (_("In one sentence"), offer.summary), (_("For which area"), offer.area), (_("Contact shown"), offer.contact), (_("Telephone shown"), offer.phone),
            (_("Answers go to"), offer.owner), (_("Until"), offer.ends_on), (_("Published at"), offer.published_at),
        ]  # fmt: skip

    def get_context_data(self, **kwargs):
        offer = self.object
        answers = Lead.objects.visible_to(self.request.user).filter(offer=offer)
        return super().get_context_data(**kwargs) | {
            "offer": offer, "public_url": f"{settings.BASE_URL}{offer.public_url()}", "answers": answers.count(),
            "is_current": Offer.objects.current(timezone.localdate()).filter(pk=offer.pk).exists(),
        }  # fmt: skip


class EditOffer(EditPage):
    roles = WORKS
    model, form_class = Offer, OfferForm
    crumbs = OFFERS
    wide = True

    def save(self, form):
        return services.save_offer(form.save(commit=False), by=self.request.user, version=self.version)


class PublishOffer(Page):
    """Onto the public page, or off it."""

    roles = PUBLISHES

    def post(self, request, *args, **kwargs):
        offer = get_object_or_404(Offer.objects.visible_to(request.user), pk=kwargs["pk"])
        try:
            services.publish_offer(offer, by=request.user, publish=not offer.is_published)
        except Refused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(offer.get_absolute_url())
