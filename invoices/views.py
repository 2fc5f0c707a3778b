"""Pages of billing, money and receivables."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from backoffice.ledger.models import Allocation, Item
from backoffice.ledger.selectors import ageing, ageing_labels, open_items, party_balances, statement
from backoffice.ledger.services.allocating import suggest
from backoffice.money import amount_in_words
from backoffice.pages import charts
from backoffice.pages.list_page import ListPage
from backoffice.pages.paper import PaperPage
from backoffice.pages.views import DocumentPage, EditPage, ReportPage
from backoffice.parties.models import Party
from backoffice.people.models import Role
from customers.models import Customer, Settlement
from invoices import forms, services
from invoices.models import BillingApplication, Invoice, Payment
from invoices.selectors import billable, compare
from invoices.selectors.receivables import ageing_sheet, reconciliation, statement_sheet, ties
from invoices.tables import ENTERS, OFFICE, ApplicationList, InvoiceList, PaymentList

FINANCE = (Role.FINANCE,)
READS = (Role.FINANCE, Role.GM, Role.MANAGER, Role.ASSISTANT, Role.SALESPERSON)


class ApplicationListPage(ListPage):
    list = ApplicationList


class InvoiceListPage(ListPage):
    list = InvoiceList


class PaymentListPage(ListPage):
    list = PaymentList


# ── billing applications ───────────────────────────────────────────────────────────────────


class ApplicationPage(DocumentPage):
    roles = OFFICE
    model = BillingApplication
    crumbs = [(_("Billing applications"), "invoices:applications")]
    lines_template = "invoices/_lines.html"

    def facts(self):
        row = self.object
        return [(_("Invoice title"), row.title), (_("Tax number"), row.tax_no), (_("Wanted by"), row.wanted_on)]


class ApplicationNew(EditPage):
    """First the customer, then what of theirs is open to bill."""

    roles = ENTERS
    model = BillingApplication
    form_class = forms.ApplicationForm
    template_name = "invoices/application_new.html"
    wide = True

    @cached_property
    def party(self):
        pk = self.request.GET.get("party", "")
        return (
            get_object_or_404(Party.objects.customers().visible_to(self.request.user), pk=pk) if pk.isdigit() else None
        )

    def get(self, request, *args, **kwargs):
        chosen = forms.WhoseForm(request.GET if "party-text" in request.GET else None, person=request.user)
        if chosen.is_bound and chosen.is_valid():
            return HttpResponseRedirect(f"{request.path}?party={chosen.cleaned_data['party'].pk}")
        return super().get(request, *args, **kwargs) if self.party else self.render(whose=chosen)

    def post(self, request, *args, **kwargs):
        nobody = forms.WhoseForm({}, person=request.user)
        return super().post(request, *args, **kwargs) if self.party else self.render(whose=nobody, status=422)

    def get_initial(self):
        return {
            "dated_on": timezone.localdate(),
            "title": self.party.invoice_title or self.party.name,
            "tax_no": self.party.tax_no,
        }

    def get_form(self, fields=None, files=None):
        order = self.request.GET.get("order", "")
        rows = billable(
            party=self.party, visible_to=self.request.user, order_id=int(order) if order.isdigit() else None
        )
        return forms.ApplicationForm(fields, files, person=self.request.user, initial=self.get_initial(), rows=rows)

    def save(self, form):
        given = form.cleaned_data
        head = {name: given[name] for name in ("wanted_on", "note")}
        made = services.make_application(
            self.party, by=self.request.user, on=given["dated_on"], quantities=form.quantities, **head
        )
        made.title, made.tax_no = given["title"], given["tax_no"]
        return services.save_application(made, by=self.request.user)


class ApplicationEdit(EditPage):
    roles = ENTERS
    model = BillingApplication
    form_class = forms.ApplicationHeadForm

    def save(self, form):
        return services.save_application(form.save(commit=False), by=self.request.user, version=self.version)


# ── invoices ───────────────────────────────────────────────────────────────────────────────


class InvoicePage(DocumentPage):
    roles = OFFICE
    model = Invoice
    crumbs = [(_("Invoices"), "invoices:list")]
    template_name = "invoices/invoice.html"
    lines_template = "invoices/_compared.html"

    def lines(self):
        return compare(self.object)

    def facts(self):
        row = self.object
        return [
            (_("Invoice title"), row.title), (_("Tax number"), row.tax_no), (_("Number of the tax invoice"), row.tax_invoice_no),
            (_("Issued on"), row.issued_on), (_("Due on"), row.due_on), (_("Billing application"), row.application),
        ]  # fmt: skip

    def get_context_data(self, **kwargs):
        items = Item.objects.filter(record_id=self.object.pk, account__code="1122.01", kind=Item.Kind.CHARGE)
        paid = Allocation.objects.filter(charge__in=items).select_related("credit__record").order_by("pk")
        return super().get_context_data(**kwargs) | {"items": items, "paid": paid}


class InvoicePdf(PaperPage):
    roles = OFFICE
    model = Invoice
    paper = "invoice"
    heading = _("Invoice")
    signs = (_("Drawn by"), _("Reviewed by"), _("Seal"))

    def paper_context(self):
        return {"lines": self.object.lines.all()}


# ── payment slips ──────────────────────────────────────────────────────────────────────────


class PaymentPage(DocumentPage):
    roles = OFFICE
    model = Payment
    crumbs = [(_("Payment slips"), "invoices:payments")]
    template_name = "invoices/payment.html"

    def facts(self):
        row = self.object
        return [
            (_("For the order"), row.order), (_("Way of payment"), row.get_method_display()), (_("Bank"), row.bank), (_("Payer"), row.payer),
            (_("Reference"), row.external_number), (_("Paid on"), row.dated_on), (_("Received on"), row.confirmed_on),
        ]  # fmt: skip

    def get_context_data(self, **kwargs):
        credits = Item.objects.filter(record_id=self.object.pk, account__code="2203.01", kind=Item.Kind.CREDIT)
        used = (
            Allocation.objects.filter(credit__in=credits)
            .select_related("charge__record", "by", "reversed_by")
            .order_by("pk")
        )
        left = sum(item.open_amount for item in credits)
        return super().get_context_data(**kwargs) | {
            "used": used,
            "left": left,
            "may_allocate": self.request.user.has_role(Role.FINANCE),
        }


class PaymentEdit(EditPage):
    roles = (*ENTERS, Role.FINANCE)
    model = Payment
    form_class = forms.PaymentForm

    def get_initial(self):
        given = {
            name: self.request.GET[name] for name in ("party", "order") if self.request.GET.get(name, "").isdigit()
        }
        if self.object is not None:
            return given
        customers = Customer.objects.visible_to(self.request.user).filter(pk=given.get("party"))
        agreed = customers.values_list("settlement", flat=True).first() if "party" in given else None
        return {"dated_on": timezone.localdate(), "method": agreed or Settlement.TRANSFER} | given

    def save(self, form):
        return services.save_payment(form.slip, by=self.request.user, version=self.version)


class AllocatePage(EditPage):
    """A confirmed payment beside everything the customer owes; the suggestion is filled in."""

    roles = FINANCE
    model = Payment
    form_class = forms.AllocationForm
    template_name = "invoices/allocate.html"
    save_label = _("Allocate")

    def get_title(self):
        return _("Allocate %(number)s") % {"number": self.object}

    @cached_property
    def credits(self):
        return list(Item.objects.open().credits().filter(record_id=self.object.pk).select_related("account"))

    def get_form(self, fields=None, files=None):
        charges = (
            Item.objects.open()
            .charges()
            .receivable()
            .filter(party=self.object.party, account__code="1122.01")
            .oldest_first()
        )
        suggested = {match.charge: match.amount for credit in self.credits for match in suggest(credit)}
        return forms.AllocationForm(
            fields, files, person=self.request.user, charges=charges.select_related("record"), suggested=suggested
        )

    def save(self, form):
        services.allocate_payment(self.object, form.shares, on=form.cleaned_data["on"], by=self.request.user)
        return self.object

    def get_context_data(self, **kwargs):
        left = sum(credit.open_amount for credit in self.credits)
        return super().get_context_data(**kwargs) | {"left": left}


class UndoAllocation(EditPage):
    """Undo one allocation by a counter-row, with date and reason."""

    roles = FINANCE
    model = Allocation
    form_class = forms.UndoForm
    save_label = _("Undo the allocation")

    def get_queryset(self):
        return Allocation.objects.filter(charge__in=Item.objects.visible_to(self.request.user)).select_related(
            "charge", "credit"
        )

    def get_title(self):
        return _("Undo: %(what)s") % {"what": self.object}

    def save(self, form):
        services.undo_allocation(self.object, by=self.request.user, **form.cleaned_data)
        return reverse("invoices:payment", args=[self.object.credit.record_id])


# ── receivables ────────────────────────────────────────────────────────────────────────────


ROWS_OF_AGEING = 200  # on the page; the workbook has all of them
MOVED = ("opening", "charges", "receipts", "closing")


def largest(aged):
    """All by code where one can read them all, else those who owe most that is overdue."""
    if len(aged.rows) <= ROWS_OF_AGEING:
        return aged.rows
    return sorted(aged.rows, key=lambda row: (-row.overdue, -row.total))[:ROWS_OF_AGEING]


class AgeingPage(ReportPage):
    """Who owes how much since when, as of any day (I4)."""

    roles = READS
    title = _("Receivables by age")
    template_name = "invoices/ageing.html"
    period_kinds = ("day", "month", "quarter", "year")
    default_period = "day"

    def aged(self, period):
        return ageing(on=period.last, visible_to=self.request.user)

    def report(self, period, given):
        aged, labels = self.aged(period), ageing_labels()
        return {
            "on": period.last,
            "aged": aged,
            "labels": labels,
            "rows": [(row, list(zip(labels, row.amounts, strict=True))) for row in largest(aged)],
            "left_out": max(0, len(aged.rows) - ROWS_OF_AGEING),
            "totals": list(zip(labels, aged.totals.amounts, strict=True)),
            "chart": charts.bars(
                _("Receivables by age"), labels, aged.totals.amounts, label=_("Amount"), head=_("Days past due")
            ),
        }

    def sheets(self, period, given):
        return [ageing_sheet(self.aged(period))]


class ReconciliationPage(ReportPage):
    """The month for finance: balances that tie to the ledger to the cent (I6)."""

    roles = (Role.FINANCE, Role.GM)
    title = _("Reconciliation of receivables")
    template_name = "invoices/reconciliation.html"
    period_kinds = ("month", "quarter", "year")

    def report(self, period, given):
        rows = party_balances(period=period, visible_to=self.request.user)
        return {
            "rows": rows,
            "total": {name: sum(getattr(row, name) for row in rows) for name in MOVED},
            "ties": ties(period=period, rows=rows, aged=ageing(on=period.last, visible_to=self.request.user)),
        }

    def sheets(self, period, given):
        return reconciliation(period=period, by=self.request.user)


class AccountPage(ReportPage):
    """One customer's account 往来明细: opening, charges, receipts, closing, by document, at any past time (I4)."""

    roles = READS
    template_name = "invoices/account.html"
    paper = "statement"
    period_kinds = ("month", "quarter", "year")
    default_period = "year"

    @cached_property
    def party(self):
        return get_object_or_404(Party.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_title(self):
        return _("Account of %(party)s") % {"party": self.party}

    def report(self, period, given):
        on = min(period.last, timezone.localdate())
        items = open_items(on=on, party=self.party)
        return {"party": self.party, "on": on, "statement": statement(self.party, period=period), "items": items}

    def sheets(self, period, given):
        return [statement_sheet(statement(self.party, period=period))]

    def on_paper(self, period, given):
        """The statement letter 对账单 (I6), in the customer's name and the company's language."""
        found = self.report(period, given)
        return found | {
            "heading": _("Statement of account"),
            "paper_number": f"{self.party.code}-{period}",
            "in_words": amount_in_words(found["statement"].closing),
            "company_name": settings.COMPANY_NAME or _("Your company"),
            "signs": [_("For us, with seal"), _("Agreed by the customer, with seal and date")],
        }

    def paper_language(self):
        return settings.LANGUAGE_CODE
