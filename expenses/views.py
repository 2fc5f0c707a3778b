"""Pages of claims and commission."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from backoffice.lists.exports import export_sheets
from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act
from backoffice.pages.views import EVERYONE, Column, DetailPage, DocumentPage, EditPage, SheetPage
from customers.visits.lifecycle import CALLS
from customers.visits.models import Reception
from expenses import entry, forms, services
from expenses.models import Claim, CommissionPlan, CommissionSheet, ExpenseKind
from expenses.selectors.commission import lines_shown
from expenses.services.plans import KEEPS_PLANS
from expenses.services.sheets import COMPUTES, mail_title
from expenses.tables import SEES_SHEETS, ClaimList, KindList, MyCommissionList, PlanList, SheetList
from expenses.workbook import sheets_of


class ClaimListPage(ListPage):
    list = ClaimList


class SheetListPage(ListPage):
    list = SheetList


class MyCommissionPage(ListPage):
    list = MyCommissionList


class PlanListPage(ListPage):
    list = PlanList


class KindListPage(ListPage):
    list = KindList


class KindEdit(EditPage):
    """A kind of expense and its account."""

    roles = services.KEEPS_KINDS
    model, form_class = ExpenseKind, forms.KindForm
    crumbs = [(_("Kinds of expense"), "expenses:kinds")]

    def get_queryset(self):
        return ExpenseKind.objects.all()

    def save(self, form):
        services.save_kind(form.save(commit=False), by=self.request.user, version=self.version)
        return reverse("expenses:kinds")


# ── claims ─────────────────────────────────────────────────────────────────────────────────


class ClaimPage(DocumentPage):
    """Own claims; a manager's department; finance all."""

    roles = EVERYONE
    model = Claim
    crumbs = [(_("Expense claims"), "expenses:claims")]
    lines_template = "expenses/_claim_lines.html"

    def lines(self):
        return self.object.lines.select_related("kind", "customer")

    def facts(self):
        row = self.object
        return [
            (_("Purpose"), row.title),
            (_("Claimed by"), row.author),
            (_("Department"), row.author.department),
            (_("Paid on"), row.paid_on),
            *([(_("Reception"), row.reception)] if row.reception else []),
        ]

    def get_acts(self):
        reception = Reception.objects.visible_to(self.request.user).filter(pk=self.object.reception_id).first()
        its_own = [Act(_("Reception"), reception.get_absolute_url(), icon="people")] if reception else []
        return [*super().get_acts(), *its_own]

    def get_edit_url(self):
        return super().get_edit_url() if self.object.author_id == self.request.user.pk else ""


class ClaimEdit(SheetPage):
    """Purpose, then one line for each receipt."""

    roles = EVERYONE
    model, form_class, line_form = Claim, forms.ClaimForm, forms.ReceiptForm
    crumbs = [(_("Expense claims"), "expenses:claims")]
    columns = [
        Column("kind", _("Kind"), "lookup", "expense_kind", width="mid", also=("类别", "费用类别")),
        Column("kind_name", _("Kind of expense"), computed=True, width="mid"),
        Column("spent_on", _("Spent on"), "date", width="mid", also=("日期",)),
        Column("description", _("Description"), width="grow", also=("说明", "摘要")),
        Column("customer", _("Customer"), "lookup", "customer", width="mid", skip=True, also=("客户",)),
        Column("customer_name", _("Name"), computed=True, width="mid"),
        Column("amount", _("Amount"), "money", width="mid", also=("金额",)),
    ]
    totals = [("amount", _("Total"))]

    def get_queryset(self):
        return super().get_queryset().filter(author=self.request.user)

    def get_initial(self):
        claim = self.object
        return (
            {name: getattr(claim, name) for name in services.claims.HEADER}
            if claim
            else {"dated_on": timezone.localdate()}
        )

    def begun(self):
        return Claim()

    def start(self, document):
        return entry.claim_texts(document) if document else []

    def compute(self, form, lines):
        return entry.say_claim(form, lines)

    def save_lines(self, form, lines):
        receipts = [entry.receipt_of(line) for line in lines]
        return services.save_claim(
            self.object or self.begun(),
            by=self.request.user,
            header=form.cleaned_data,
            lines=receipts,
            version=self.version,
        )


class ClaimOfReception(ClaimEdit):
    """A claim made from a reception (C5): whom it was for, who was there and what each line cost stand in it already."""

    roles = CALLS

    @cached_property
    def reception(self):
        rows = Reception.objects.visible_to(self.request.user).unsettled().select_related("party", "host")
        return get_object_or_404(rows, pk=self.kwargs["reception"])

    def get_initial(self):
        return entry.head_of_reception(self.reception, on=timezone.localdate())

    def start(self, document):
        return entry.texts_of_reception(self.reception, on=timezone.localdate())

    def begun(self):
        return Claim(reception=self.reception)


# ── commission sheets ──────────────────────────────────────────────────────────────────────


class CommissionPage(DocumentPage):
    """The month by salesperson, each row with its reason."""

    roles = SEES_SHEETS
    model = CommissionSheet
    crumbs = [(_("Commission sheets"), "expenses:sheets")]
    lines_template = "expenses/_sheet_lines.html"

    def facts(self):
        row = self.object
        return [
            (_("Month"), f"{row.month:%Y-%m}"),
            (_("Handed in by"), row.submitted_by),
            (_("Rows"), row.lines.count()),
        ]

    def lines(self):
        return lines_shown(self.object, self.request.user)

    def get_acts(self):
        acts = [
            Act(_("Excel"), reverse("expenses:commission_sheet-excel", args=[self.object.pk]), icon="download", key="e")
        ]
        if self.object.is_editable and self.request.user.has_role(*COMPUTES):
            url = f"{reverse('expenses:compute')}?period={self.object.month:%Y-%m}"
            acts.append(Act(_("Compute again"), url, icon="refresh"))
        return acts


class CommissionExcel(DetailPage):
    """The same rows as a workbook, with its line in the export log."""

    roles = SEES_SHEETS
    model = CommissionSheet

    def get(self, request, *args, **kwargs):
        sheet = self.object
        log, file = export_sheets(
            sheets_of(sheet), person=request.user, name="commission_sheet", title=mail_title(sheet), words=str(sheet)
        )
        return FileResponse(file, as_attachment=True, filename=f"{mail_title(sheet)} {log.watermark}.xlsx")


class ComputePage(EditPage):
    """Compute a month; one that is in review or frozen stays as it is."""

    roles = COMPUTES
    model = CommissionSheet
    form_class = forms.MonthForm
    title = _("Compute commission")
    save_label = _("Compute")
    saved_message = _("This is the sheet of the month.")
    crumbs = [(_("Commission sheets"), "expenses:sheets")]

    def get_title(self):
        return self.title

    def get_initial(self):
        given = self.request.GET.get("period", "")
        return {"period": given} if given else {}

    def save(self, form):
        return services.compute_sheet(form.cleaned_data["period"], by=self.request.user)


# ── plans ──────────────────────────────────────────────────────────────────────────────────


class PlanPage(DetailPage):
    roles = SEES_SHEETS
    model = CommissionPlan
    template_name = "expenses/plan.html"
    crumbs = [(_("Commission plans"), "expenses:plans")]

    def get_edit_url(self):
        return super().get_edit_url() if self.request.user.has_role(*KEEPS_PLANS) else ""

    def facts(self):
        row = self.object
        dates = f"{row.valid_from or '…'} – {row.valid_to or '…'}"
        return [
            (_("Basis"), row.get_basis_display()), (_("Rounded"), row.get_rounding_display()), (_("Valid"), dates),
            (_("Active"), _("yes") if row.is_active else _("no")), (_("Remarks"), row.note),
        ]  # fmt: skip

    def get_context_data(self, **kwargs):
        lines = self.object.lines.select_related("salesperson", "product", "category", "region")
        return super().get_context_data(**kwargs) | {"lines": lines.prefetch_related("tiers", "shares__person")}


class PlanEdit(SheetPage):
    """Head and ordered lines; what somebody was paid by is continued from a later day instead of changed."""

    roles = KEEPS_PLANS
    model, form_class, line_form = CommissionPlan, forms.PlanForm, forms.PlanLineForm
    crumbs = [(_("Commission plans"), "expenses:plans")]
    columns = [
        Column("salesperson", _("Salesperson"), "lookup", "salesperson", width="narrow"),
        Column("product", _("Product"), "lookup", "product", width="narrow"),
        Column("category", _("Product line"), "lookup", "category", width="narrow"),
        Column("grade", _("Grade"), width="tiny"),
        Column("region", _("Region"), "lookup", "region", width="narrow"),
        Column("formula", _("Formula"), width="mid", help=_("net, gross, margin, unit, whole or slice")),
        Column("rate", _("Commission rate"), "percent", width="narrow"),
        Column("per_unit", _("Per unit"), "price", width="narrow", skip=True),
        Column("tiers", _("Tiers"), width="mid", skip=True, help=forms.SAMPLES["tiers"]),
        Column("shares", _("Shares"), width="mid", skip=True, help=forms.SAMPLES["shares"]),
    ]

    def start(self, document):
        return entry.plan_texts(document) if document else []

    def compute(self, form, lines):
        return entry.say_plan(lines)

    def save_lines(self, form, lines):
        return services.save_plan(
            form.save(commit=False), lines=[entry.wanted_of(line) for line in lines], by=self.request.user, version=self.version,
            starts_on=form.cleaned_data["starts_on"],
        )  # fmt: skip
