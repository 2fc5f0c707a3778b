"""The pages of amendments, and of the editions that they made (K1)."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act
from backoffice.pages.paper import PaperPage
from backoffice.pages.templatetags.show import day
from backoffice.pages.views import DetailPage, DocumentPage, SheetPage
from contracts import entry
from contracts.clauses import filled
from contracts.comparison import compare, said
from contracts.content import Content
from contracts.forms import AmendmentForm, ContractLineForm
from contracts.lifecycle import DRAFTS
from contracts.models import Amendment, Contract
from contracts.selectors import content_of, edition, what_changed
from contracts.services import save_amendment
from contracts.services.amendments import HEADER
from contracts.tables import SEES, AmendmentList
from contracts.views.contracts import GOODS, TOTALS
from customers.models import PaymentTerm


class AmendmentListPage(ListPage):
    list = AmendmentList


def compared(amendment):
    return compare(Content.read(amendment.before), Content.read(amendment.after))


class AmendmentPage(DocumentPage):
    """Both editions beside each other."""

    roles = SEES
    model = Amendment
    template_name = "contracts/amendment.html"
    crumbs = [(gettext_lazy("Contracts"), "contracts:list")]

    def get_queryset(self):
        return super().get_queryset().select_related("contract__party")

    def get_crumbs(self):
        contract = self.object.contract
        return [*super().get_crumbs(), (str(contract), contract.get_absolute_url())]

    def facts(self):
        row = self.object
        return [
            (_("Contract"), row.contract), (_("Edition"), row.edition), (_("Why it is amended"), row.reason), (_("Signed on"), day(row.signed_on)),
            (_("Place in the archive"), row.archive_place or "—"),
        ]  # fmt: skip

    def get_acts(self):
        paper = Act(_("Amendment (PDF)"), reverse("contracts:amendment-pdf", args=[self.object.pk]), icon="print")
        return [*super().get_acts(), paper]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"comparison": compared(self.object)}


class AmendmentEdit(SheetPage):
    """The content as it stands, to be typed over; new under a contract, or one that is still a draft."""

    roles = DRAFTS
    model, form_class, line_form = Amendment, AmendmentForm, ContractLineForm
    template_name = "contracts/edit.html"
    crumbs = [(gettext_lazy("Contracts"), "contracts:list")]
    columns, totals = GOODS, TOTALS

    @cached_property
    def contract(self):
        if self.object:
            return self.object.contract
        return get_object_or_404(Contract.objects.visible_to(self.request.user), pk=self.kwargs["contract"])

    def get_title(self):
        return _("Amend %(contract)s") % {"contract": self.contract}

    def get_crumbs(self):
        return [*super().get_crumbs(), (str(self.contract), self.contract.get_absolute_url())]

    def get(self, request, *args, **kwargs):
        self.contract  # noqa: B018  (not found before anything else is said)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        self.contract  # noqa: B018
        return super().post(request, *args, **kwargs)

    @cached_property
    def content(self):
        return Content.read(self.object.after) if self.object else Content.of(self.contract)

    def get_initial(self):
        found = entry.initial_of_content(self.content, HEADER) | {"term": self.term, "dated_on": timezone.localdate()}
        return found | ({"reason": self.object.reason, "dated_on": self.object.dated_on} if self.object else {})

    @property
    def term(self):
        return PaymentTerm.objects.filter(code=self.content.term).values_list("pk", flat=True).first()

    def start(self, document):
        return entry.content_texts(self.content.lines)

    def needs_lines(self):
        return bool(self.content.lines)

    def compute(self, form, lines):
        return entry.say(form, lines, buying=self.contract.is_purchase)

    def save_lines(self, form, lines):
        given, includes_tax = form.cleaned_data, form.cleaned_data["includes_tax"]
        buying = self.contract.is_purchase
        goods = [
            part
            for line in lines
            for part in entry.with_key(line, entry.goods_of(line, includes_tax=includes_tax, buying=buying))
        ]
        return save_amendment(
            self.object or Amendment(contract=self.contract), by=self.request.user, header=form.header(), lines=goods,
            payment_plan=given["payment_plan"], reason=given["reason"], dated_on=given["dated_on"], version=self.version,
        )  # fmt: skip


class AmendmentPdf(PaperPage):
    """The supplementary agreement 补充协议: what reads otherwise, and that the rest stands."""

    roles = SEES
    model = Amendment
    paper = "amendment"
    heading = gettext_lazy("Supplementary agreement")

    def paper_context(self):
        row = self.object
        return {"contract": row.contract, "comparison": compared(row), "is_draft": row.number is None}


class EditionPage(DetailPage):
    """What a contract said in one edition, and what that one changed; older ones stay readable."""

    roles = SEES
    model = Contract
    template_name = "contracts/edition.html"
    has_timeline = False
    crumbs = [(gettext_lazy("Contracts"), "contracts:list")]

    @property
    def number(self):
        if not 1 <= self.kwargs["number"] <= self.object.edition:
            raise Http404
        return self.kwargs["number"]

    def get_title(self):
        return _("%(contract)s, edition %(number)d") % {"contract": self.object, "number": self.number}

    def get_crumbs(self):
        return [*super().get_crumbs(), (str(self.object), self.object.get_absolute_url())]

    def get_primary(self):
        paper = reverse("contracts:contract-pdf", args=[self.object.pk])
        return Act(_("Contract (PDF)"), f"{paper}?edition={self.number}", icon="print")

    def facts(self):
        return [(label, text) for label, text in said(content_of(self.object, self.number)) if text]

    def get_context_data(self, **kwargs):
        content = content_of(self.object, self.number)
        return super().get_context_data(**kwargs) | {
            "content": content, "clauses": filled(self.object, content), "number": self.number, "panels": [], "next_acts": [],
            "comparison": what_changed(self.object, self.number), "numbers": range(1, self.object.edition + 1),
            "edition": edition(self.object, self.number),
        }  # fmt: skip
