"""The pages of shipments."""

import uuid

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.pages.list_page import ListPage
from backoffice.pages.paper import PaperPage
from backoffice.pages.views import Act, DocumentPage, EditPage, Page
from backoffice.refusals import Refused
from orders.models import Order
from shipments import selectors, services
from shipments.forms import PastedTrackingForm, QuantitiesForm, ReleaseForm, ShipmentForm, TrackingForm
from shipments.lifecycle import DELIVER, DISPATCH, OFFICE
from shipments.models import Shipment
from shipments.selectors.papers import papers_missing
from shipments.services.clearing import CLEARS, RELEASES
from shipments.services.tracking import TRACKED, TRACKS
from shipments.tables import SEES, ShipmentList

CRUMBS = [(gettext_lazy("Shipments"), "shipments:list")]
MOST_GROUPS = 20


class ShipmentListPage(ListPage):
    list = ShipmentList


class ShipmentPage(DocumentPage):
    """One shipment: its goods beside the orders, its money, where it is."""

    roles = SEES
    model = Shipment
    crumbs = CRUMBS
    template_name = "shipments/shipment.html"
    lines_template = "shipments/_lines.html"

    def get_queryset(self):
        return super().get_queryset().select_related("carrier", "warehouse")

    def facts(self):
        it = self.object
        return [
            (_("Deliver to"), " ".join(filter(None, [it.party_name or str(it.party), it.delivery_address, it.delivery_contact, it.delivery_phone]))),
            (_("Warehouse"), it.warehouse), (_("Wanted by"), it.required_on), (_("Carrier"), it.carrier),
            (_("Tracking number"), it.tracking_number or None), (_("Dispatched on"), it.dispatched_on),
            (_("Delivered on"), it.delivered_on), (_("Received by"), it.received_by or None),
        ]  # fmt: skip

    def get_acts(self):
        paper = reverse("shipments:delivery-note", args=[self.object.pk])
        return [
            *super().get_acts(),
            Act(_("Delivery note (PDF)"), paper, icon="print", key="F4"),
            Act(_("Delivery note with prices"), f"{paper}?prices=1", icon="print"),
        ]

    def get_context_data(self, **kwargs):
        it, person = self.object, self.request.user
        waits = it.state == "reviewed"
        return super().get_context_data(**kwargs) | {
            "comparison": selectors.compared(it),
            "gate": selectors.money_gate(it) if waits else None,
            "clearance": selectors.clearance_of(it),
            "may_clear": waits and person.has_role(*CLEARS),
            "may_release": waits and person.has_role(*RELEASES),
            "may_track": it.state in TRACKED and person.has_role(*TRACKS),
            "once": uuid.uuid4(),
        }


class ShipmentNew(Page):
    """Open lines by what may leave together; quantities are proposed, one key makes the shipment (S1)."""

    roles = OFFICE
    title = gettext_lazy("New shipment")
    crumbs = CRUMBS
    template_name = "shipments/new.html"
    wide = True

    def rows(self):
        given, person = self.request.GET, self.request.user
        order = (
            get_object_or_404(Order.objects.visible_to(person), pk=given["order"])
            if given.get("order", "").isdigit()
            else None
        )
        rows = selectors.open_lines(visible_to=person, order=order)
        return rows.filter(order__party=int(given["party"])) if given.get("party", "").isdigit() else rows

    def groups(self, fields=None):
        """The first groups, each with its form; what was typed stands in all of them."""
        groups = selectors.open_groups(self.rows())
        for group in groups[:MOST_GROUPS]:
            group.form = QuantitiesForm(fields, person=self.request.user, lines=group.lines)
        return groups

    def get(self, request, *args, **kwargs):
        return self.show(self.groups())

    def show(self, groups, status=200, **context):
        return self.render(
            groups=groups[:MOST_GROUPS],
            more=max(0, len(groups) - MOST_GROUPS),
            once=uuid.uuid4(),
            status=status,
            **context,
        )

    def post(self, request, *args, **kwargs):
        groups = self.groups(request.POST)
        group = next((g for g in groups[:MOST_GROUPS] if f"line_{g.lines[0].pk}" in request.POST), None)
        if group is None or not group.form.is_valid():
            return self.show(groups, status=422)
        try:
            address = self.make(group)
        except Refused as refusal:
            group.form.add_error(refusal.field if refusal.field in group.form.fields else None, str(refusal))
            return self.show(groups, status=422)
        return HttpResponseRedirect(address)

    def make(self, group):
        return services.make_shipment(group.form.quantities(), by=self.request.user).get_absolute_url()


class ShipOrder(Page):
    """«Ship» on an order: a draft of all that is open and lies there, by one key."""

    roles = OFFICE
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        order = get_object_or_404(Order.objects.visible_to(request.user), pk=self.kwargs["pk"])
        try:
            shipment = services.ship_order(order, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(order.get_absolute_url())
        messages.success(request, _("A draft with everything that is open and lies in the warehouse."))
        return HttpResponseRedirect(shipment.get_absolute_url())


class ShipmentEdit(EditPage):
    """A draft: where it goes, and how much of each open line goes along."""

    roles = OFFICE
    model, form_class = Shipment, ShipmentForm
    template_name = "shipments/edit.html"
    crumbs = CRUMBS
    wide = True
    HEADER = (*ShipmentForm.HEADER, "carrier")

    def lines(self):
        """The lines of the draft, and what else of the customer may leave with them; those first come first."""
        it = self.object
        rows = selectors.open_lines(visible_to=self.request.user, party=it.party, warehouse=it.warehouse, besides=it)
        mine = selectors.quantities_of(it)
        here = it.lines.select_related("order_line__order").first()
        rows = rows.filter(order__delivery_address=here.order_line.order.delivery_address) if here else rows
        lines = list(rows.select_related("order", "product").order_by("order__dated_on", "order_id", "position"))
        for line in lines:
            line.offer = mine.get(line.pk)
        return sorted(lines, key=lambda line: line.pk not in mine)

    def get_form(self, fields=None, files=None):
        initial = {name: getattr(self.object, name) for name in self.HEADER}
        return ShipmentForm(fields, files, person=self.request.user, initial=initial, lines=self.lines())

    def save(self, form):
        saved = services.save_shipment(
            self.object, form.quantities(), by=self.request.user, version=self.version, **form.header()
        )
        return (
            services.submit_shipment(saved, by=self.request.user)
            if self.request.POST.get("then") == "submit"
            else saved
        )


class DeliveryNote(PaperPage):
    """送货单: without prices unless asked for; in the recipient's language."""

    roles = SEES
    model = Shipment
    paper = "delivery_note"
    heading = gettext_lazy("Delivery note")
    signs = [
        gettext_lazy("Issued by"),
        gettext_lazy("Warehouse"),
        gettext_lazy("Driver"),
        gettext_lazy("Received by (signature and seal)"),
    ]

    def get_language(self):
        asked = self.request.GET.get("language", "")
        return asked if asked in ("en", "zh-hans") else selectors.language_of(self.object.party)

    def paper_context(self):
        it = self.object
        lines = list(it.lines.select_related("order_line__order", "product"))
        return {
            "lines": lines, "with_prices": "prices" in self.request.GET,
            "orders": list({line.order_line.order_id: line.order_line.order for line in lines}.values()),
            "quantities": selectors.quantities_by_unit(lines), "is_draft": it.state in ("draft", "submitted", "cancelled"),
        }  # fmt: skip


class DayPage(Page):
    """The warehouse's day: what leaves, what waits and for what, what left, what is late (S6, S7)."""

    roles = SEES
    title = gettext_lazy("Shipping today")
    template_name = "shipments/day.html"
    wide = True

    def get_primary(self):
        return (
            Act(_("Tracking numbers"), reverse("shipments:tracking"), icon="clip", key="F6")
            if self.request.user.has_role(*TRACKS)
            else None
        )

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        return super().get_context_data(**kwargs) | selectors.day_of(on=today, visible_to=self.request.user) | {
            "today": today, "may_track": self.request.user.has_role(*TRACKS), "may_dispatch": self.request.user.has_role(*DISPATCH.by),
            "may_deliver": self.request.user.has_role(*DELIVER.by), "once": uuid.uuid4(),
        }  # fmt: skip


class TrackingPage(Page):
    """Tracking numbers pasted for many shipments at once."""

    roles = TRACKS
    title = gettext_lazy("Tracking numbers")
    crumbs = CRUMBS
    template_name = "shipments/tracking.html"

    def get(self, request, *args, **kwargs):
        return self.render(form=PastedTrackingForm(person=request.user))

    def post(self, request, *args, **kwargs):
        form = PastedTrackingForm(request.POST, person=request.user)
        if not form.is_valid():
            return self.render(form=form, status=422)
        told = services.record_tracking_numbers(form.pairs(), by=request.user, carrier=form.cleaned_data["carrier"])
        if not told:
            form.add_error("pasted", _("No line holds two numbers."))
        return self.render(form=form, told=told, refused=sum(bool(reason) for _number, _tracking, reason in told))


class OfShipment(Page):
    """An act on one shipment that answers with the page one came from."""

    def shipment(self):
        return get_object_or_404(Shipment.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def back(self, shipment):
        asked = self.request.POST.get("back", "")
        inside = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/")
        return HttpResponseRedirect(asked if inside else shipment.get_absolute_url())

    def seen(self):
        """What the person saw when they decided."""
        version = self.request.POST.get("version", "")
        return {
            "version": int(version) if version.isdigit() else None,
            "fingerprint": self.request.POST.get("fingerprint") or None,
        }


class TrackOne(OfShipment):
    """A tracking number typed beside its shipment."""

    roles = TRACKS
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        shipment, form = self.shipment(), TrackingForm(request.POST, person=request.user)
        try:
            if form.is_valid():
                services.record_tracking(
                    shipment, by=request.user, tracking_number=form.cleaned_data["tracking_number"]
                )
                messages.success(request, _("%(shipment)s: tracking number kept.") % {"shipment": shipment})
        except Refused as refusal:
            messages.error(request, str(refusal))
        return self.back(shipment)


class MoneyPage(Page):
    """Money before dispatch: what is reviewed and waits, what is wanted and what is there (S5)."""

    roles = (*CLEARS, *RELEASES)
    title = gettext_lazy("Money before dispatch")
    template_name = "shipments/money.html"
    wide = True

    def get_context_data(self, **kwargs):
        person = self.request.user
        rows = selectors.money_queue(visible_to=person)
        return super().get_context_data(**kwargs) | {
            "rows": rows, "first_ready": next((row.shipment.pk for row in rows if row.gate.ok), None), "may_clear": person.has_role(*CLEARS),
            "may_release": person.has_role(*RELEASES), "once": uuid.uuid4(),
        }  # fmt: skip


class ClearShipment(OfShipment):
    """Finance's confirmation of one shipment's money."""

    roles = CLEARS
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        shipment = self.shipment()
        try:
            services.clear_shipment(shipment, by=request.user, **self.seen())
            messages.success(request, _("%(shipment)s may leave.") % {"shipment": shipment})
        except Refused as refusal:
            messages.error(request, str(refusal))
        return self.back(shipment)


class ReleaseShipment(OfShipment):
    """A manager lets goods leave although the money is not there: with a reason that is kept."""

    roles = RELEASES
    title = gettext_lazy("Release without the money")
    template_name = "shipments/release.html"
    crumbs = CRUMBS
    release = staticmethod(services.release_shipment)

    def get(self, request, *args, **kwargs):
        return self.show(ReleaseForm(person=request.user))

    def show(self, form, status=200):
        shipment = self.shipment()
        return self.render(form=form, document=shipment, once=uuid.uuid4(), status=status, **self.what_holds(shipment))

    def what_holds(self, shipment):
        return {"gate": selectors.money_gate(shipment)}

    def post(self, request, *args, **kwargs):
        shipment, form = self.shipment(), ReleaseForm(request.POST, person=request.user)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            self.release(shipment, by=request.user, note=form.cleaned_data["note"], **self.seen())
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form, status=409)
        messages.success(request, _("%(shipment)s may leave.") % {"shipment": shipment})
        return HttpResponseRedirect(shipment.get_absolute_url())


class ReleasePapers(ReleaseShipment):
    """A manager lets goods leave although papers are missing: with a reason that is kept (K6)."""

    title = gettext_lazy("Release without its papers")
    template_name = "shipments/release_papers.html"
    release = staticmethod(services.release_papers)

    def what_holds(self, shipment):
        return {"missing": papers_missing(shipment, on=timezone.localdate())}

    def seen(self):
        return super().seen() | {"seen": self.request.POST.getlist("paper")}
