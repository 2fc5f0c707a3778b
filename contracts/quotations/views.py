"""Pages of enquiries and quotations: asked on the telephone, quoted, won or lost, counted (O7)."""

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act
from backoffice.pages.paper import PaperPage
from backoffice.pages.views import DocumentPage, ReportPage, SheetPage
from contracts.entry import line_texts
from contracts.forms import ContractLineForm
from contracts.quotations import entry, services
from contracts.quotations.figures import sheets_of, shown_figures
from contracts.quotations.forms import QuotationForm
from contracts.quotations.lifecycle import OFFICE, QUOTED, RENEWED, SEES
from contracts.quotations.models import Quotation
from contracts.quotations.selectors import versions
from contracts.quotations.tables import QuotationList
from contracts.views.contracts import GOODS, TOTALS

CRUMBS = [(gettext_lazy("Quotations"), "quotations:list")]


class QuotationListPage(ListPage):
    list = QuotationList

    def get_acts(self):
        return [Act(_("Figures of quotations"), reverse("quotations:figures"), "chart")]


class QuotationPage(DocumentPage):
    """What was asked, what we quote until when, and what can be made of it."""

    roles = SEES
    model = Quotation
    crumbs = CRUMBS
    template_name = "quotations/quotation.html"
    lines_template = "quotations/_lines.html"

    def get_queryset(self):
        return super().get_queryset().select_related("term", "previous", "won_by")

    def facts(self):
        row = self.object
        found = [
            (_("Asked on"), row.asked_on), (_("Contact person"), " ".join(filter(None, [row.contact, row.phone]))), (_("Answer by"), row.answer_by),
            (_("Quoted on"), row.quoted_on), (_("Valid until"), row.valid_until), (_("Payment term"), row.term),
            (_("Prices"), _("tax included") if row.includes_tax else _("tax on top")),
        ]  # fmt: skip
        if row.lost_reason:
            found.append((_("Why lost"), " · ".join(filter(None, [row.get_lost_reason_display(), row.lost_words]))))
        return found

    def get_primary(self):
        """The customer says yes on the telephone: the order, at these prices."""
        row = self.object
        if not (row.holds_on(timezone.localdate()) and self.request.user.has_role(*OFFICE)):
            return None
        return Act(
            pgettext("quotation", "Order from it"),
            f"{reverse('orders:order-new')}?quotation={row.pk}",
            icon="order",
            key="F4",
        )

    def get_acts(self):
        row, acts = self.object, super().get_acts()
        if self.request.user.has_role(*OFFICE):
            if row.get_state() == QUOTED:
                draft = f"{reverse('contracts:contract-new')}?origin={row.pk}"
                acts.append(Act(_("Draft the contract"), draft, icon="contract", key="F7"))
            if row.get_state() in RENEWED and row.quoted_on:
                acts.append(Act(_("New version"), reverse("quotations:version-new", args=[row.pk]), icon="copy"))
        return [*acts, Act(_("Quotation (PDF)"), reverse("quotations:quotation-pdf", args=[row.pk]), icon="print")]

    def lines(self):
        return self.object.lines.select_related("product")

    def get_context_data(self, **kwargs):
        row = self.object
        return super().get_context_data(**kwargs) | {
            "versions": versions(row) if row.previous_id or row.next_versions.exists() else [],
            "today": timezone.localdate(),
        }


class QuotationEdit(SheetPage):
    """An enquiry (`?party=`), its answer, or the next version of what went out."""

    roles = OFFICE
    model, form_class, line_form = Quotation, QuotationForm, ContractLineForm
    template_name = "quotations/edit.html"
    crumbs = CRUMBS
    columns = [column for column in GOODS if column.name != "parts"]
    totals = TOTALS

    @cached_property
    def source(self):
        given = self.kwargs
        return get_object_or_404(self.get_queryset(), pk=given["previous"]) if "previous" in given else None

    def get_title(self):
        if self.object:
            return super().get_title()
        return _("New version of %(what)s") % {"what": self.source} if self.source else _("New enquiry")

    def get_initial(self):
        if self.object:
            return entry.initial_of(self.object)
        if self.source:
            return entry.initial_of(self.source, entry.COPIED)
        return entry.start_of_new(self.request.user, self.request.GET.get("party", ""))

    def start(self, document):
        if document:
            return line_texts(document.lines.select_related("product"))
        return entry.line_texts(self.source) if self.source else []

    def needs_lines(self):
        """An enquiry is written down before anybody knows what the goods are called."""
        return False

    def compute(self, form, lines):
        return entry.say(form, lines)

    def save_lines(self, form, lines):
        new = services.new_version_of(self.source) if self.source else Quotation()
        goods = entry.goods_in(lines, includes_tax=form.cleaned_data["includes_tax"])
        person, header = self.request.user, form.cleaned_data
        saved = services.save_quotation(self.object or new, by=person, header=header, lines=goods, version=self.version)
        return services.hand_out(saved, by=person) if self.request.POST.get("then") == "quote" else saved


class QuotationPdf(PaperPage):
    """The quotation as the customer gets it 报价单, in Chinese unless `?language=` says otherwise."""

    roles = SEES
    model = Quotation
    paper = "quotation"
    heading = gettext_lazy("Quotation")
    signs = (gettext_lazy("For us, with seal"),)

    def get_language(self):
        asked = self.request.GET.get("language", "")
        return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    def paper_context(self):
        return {"lines": self.object.lines.all(), "for_customer": True}


class QuotationFigures(ReportPage):
    """Enquiries of a time by salesperson and month: quoted, won, lost and why (O7)."""

    roles = SEES
    title = gettext_lazy("Figures of quotations")
    template_name = "quotations/figures.html"
    crumbs = CRUMBS
    period_kinds = ("month", "quarter", "year")
    default_period = "year"

    def report(self, period, given):
        return shown_figures(period, person=self.request.user, language=get_language() or "en")

    def sheets(self, period, given):
        return sheets_of(period, person=self.request.user)
