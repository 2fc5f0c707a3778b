"""Pages of papers that go along, their kinds and the rules for them (K6)."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backoffice.documents.kinds import address_of, label_of
from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act, Page, may_open
from backoffice.pages.paper import PaperPage as OnPaper
from backoffice.pages.views import Column, DocumentPage, EditPage, SheetPage
from backoffice.refusals import Refused
from backoffice.register.models import Record
from backoffice.stock.models import Product
from contracts.models import Contract
from contracts.papers import services
from contracts.papers.forms import KindForm, PaperForm, RuleForm, TestForm
from contracts.papers.lifecycle import ISSUED, MAKES
from contracts.papers.models import Paper, PaperKind, PaperRule
from contracts.papers.selectors import goods_with
from contracts.papers.services.papers import say_names
from contracts.papers.tables import READS, KindList, PaperList, RuleList

CRUMBS = [(gettext_lazy("Papers to go along"), "papers:list")]
HEADER = ("party", "product", "batch", "quantity", "produced_on", "tested_on", "valid_until", "conclusion", "note")
REPORT = PaperKind.Made.REPORT


class PaperListPage(ListPage):
    list = PaperList

    def get_acts(self):
        acts = [Act(_("What must go along"), reverse("papers:rules"), "list")]
        return (
            [*acts, Act(_("Kinds of paper"), reverse("papers:kinds"), "gear")]
            if may_open(self.request.user, services.KEEPS)
            else acts
        )


class KindListPage(ListPage):
    list = KindList


class RuleListPage(ListPage):
    list = RuleList


class PaperPage(DocumentPage):
    """One paper: what it says, with what it goes."""

    roles = READS
    model = Paper
    crumbs = CRUMBS
    template_name = "papers/paper.html"

    def get_queryset(self):
        return super().get_queryset().select_related("paper_kind", "product__unit", "goes_with")

    def get_edit_url(self):
        name = "report" if self.object.paper_kind.made == REPORT else "paper"
        return reverse(f"papers:{name}-edit", args=[self.object.pk]) if self.object.is_editable else ""

    def get_acts(self):
        is_printed = self.object.paper_kind.made != PaperKind.Made.UPLOADED
        pdf = Act(_("Print (PDF)"), reverse("papers:paper-pdf", args=[self.object.pk]), "print", "F4")
        return [*super().get_acts(), *([pdf] if is_printed else [])]

    def facts(self):
        it = self.object
        return [
            (_("Kind of paper"), it.paper_kind), (_("Product"), it.product), (_("Batch"), it.batch), (_("Quantity"), quantity_of(it)),
            (_("Produced on"), it.produced_on), (_("Tested on"), it.tested_on), (_("Valid to"), it.valid_until), (_("Made by"), it.author),
        ]  # fmt: skip

    def get_context_data(self, **kwargs):
        it = self.object
        with_url = address_of(it.goes_with.kind, it.goes_with_id) if it.goes_with else ""
        return super().get_context_data(**kwargs) | {
            "with_url": with_url,
            "with_words": named(it.goes_with),
            "tests": it.lines.all(),
        }


def named(record):
    """The number of what it goes with; its kind while it has none."""
    return (record.number or label_of(record.kind)) if record else ""


def quantity_of(paper):
    unit = paper.unit or (paper.product.unit.name if paper.product else "")
    return f"{paper.quantity.normalize():f} {unit}".strip() if paper.quantity else None


class PaperPdf(OnPaper):
    """The paper as it goes along, in the company's language."""

    roles = READS
    model = Paper
    signs = (gettext_lazy("Tested by"), gettext_lazy("Approved by, with seal"))

    def get_queryset(self):
        return super().get_queryset().select_related("paper_kind", "product__unit").exclude(paper_kind__made="uploaded")

    @property
    def paper(self):
        return f"papers/{self.object.paper_kind.made}"

    @property
    def heading(self):
        return self.object.paper_kind.name

    def get_language(self):
        return settings.LANGUAGE_CODE

    def paper_context(self):
        it = self.object
        if it.is_editable:
            say_names(it)
        return {"tests": it.lines.all(), "quantity": quantity_of(it), "is_draft": it.get_state() != ISSUED}


class Begun:
    """What a new paper begins with: `?kind=` which, `?with=` the delivery or contract it goes with, `?product=`."""

    @cached_property
    def kind(self):
        if self.object:
            return self.object.paper_kind
        given = self.request.GET.get("kind", "")
        rows = PaperKind.objects.filter(is_active=True)
        return get_object_or_404(rows, pk=given) if given.isdigit() else None

    @cached_property
    def goes_with(self):
        if self.object:
            return self.object.goes_with
        given = self.request.GET.get("with", "")
        rows = Record.objects.visible_to(self.request.user).select_related("party")
        return get_object_or_404(rows, pk=given) if given.isdigit() else None

    def get_form(self, fields=None, files=None):
        return PaperForm(
            fields,
            files,
            person=self.request.user,
            initial=self.get_initial(),
            kind=self.kind,
            is_bound_to=self.goes_with,
        )

    def get_initial(self):
        if self.object:
            return {name: getattr(self.object, name) for name in HEADER}
        given = self.request.GET.get("product", "")
        product = Product.objects.filter(pk=given).first() if given.isdigit() else None
        return {"product": product, "quantity": self.quantity_leaving(product)}

    def quantity_leaving(self, product):
        leaving = goods_with(self.goes_with.kind, self.goes_with.pk) if self.goes_with and product else None
        return sum(one.quantity for one in leaving.goods if one.product_id == product.pk) or None if leaving else None

    def write(self, form, tests=()):
        header = form.header() | ({} if self.object else {"paper_kind": self.kind, "goes_with": self.goes_with})
        saved = services.save_paper(
            self.object or Paper(), by=self.request.user, header=header, tests=tests,
            scan=form.cleaned_data.get("scan"), version=self.version,
        )  # fmt: skip
        return saved if "draft" in self.request.POST else services.issue_paper(saved, by=self.request.user)

    def address_after(self, saved):
        """Back to the delivery that waits for it."""
        with_it = self.goes_with
        return address_of(with_it.kind, with_it.pk) if with_it else saved.get_absolute_url()

    def get_title(self):
        return super().get_title() if self.object else _("New paper: %(kind)s") % {"kind": self.kind}

    def get_context_data(self, **kwargs):
        with_url = address_of(self.goes_with.kind, self.goes_with.pk) if self.goes_with else ""
        return super().get_context_data(**kwargs) | {
            "goes_with": self.goes_with,
            "with_url": with_url,
            "with_words": named(self.goes_with),
        }


class EditPaper(Begun, EditPage):
    """A certificate, or a paper put on file as it came; without a kind the kinds are offered."""

    roles = MAKES
    model = Paper
    crumbs = CRUMBS
    template_name = "papers/edit.html"
    save_label = gettext_lazy("Issue")
    form_class = PaperForm

    def get(self, request, *args, **kwargs):
        if self.kind is None:
            self.template_name = "papers/kinds.html"
            kinds = PaperKind.objects.filter(is_active=True)
            return self.render_to_response(Page.get_context_data(self, title=_("New paper"), kinds=kinds))
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if self.kind is None:
            raise Http404
        return super().post(request, *args, **kwargs)

    def save(self, form):
        return self.write(form)


class EditReport(Begun, SheetPage):
    """A report of tests: the head, and a line for each test with what was found."""

    roles = MAKES
    model = Paper
    crumbs = CRUMBS
    template_name = "papers/report.html"
    save_label = gettext_lazy("Issue")
    form_class, line_form = PaperForm, TestForm
    columns = [
        Column("what", gettext_lazy("What is tested"), width="wide", also=("检验项目", "项目")),
        Column("required", gettext_lazy("Requirement"), width="grow", also=("标准要求", "技术要求")),
        Column("found", gettext_lazy("Found"), width="grow", also=("检验结果", "结果")),
    ]

    def get(self, request, *args, **kwargs):
        if self.kind is None:
            return HttpResponseRedirect(reverse("papers:paper-new"))
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if self.kind is None:
            raise Http404
        return super().post(request, *args, **kwargs)

    def start(self, document):
        if document:
            return [{"what": row.what, "required": row.required, "found": row.found} for row in document.lines.all()]
        return [{"what": what, "required": required, "found": ""} for what, required in self.kind.tests]

    def save_lines(self, form, lines):
        tests = [(line.values["what"], line.values["required"], line.values["found"]) for line in lines]
        return self.write(form, tests)


class MakeCertificates(Page):
    """All certificates that are missing with one delivery, by one key."""

    roles = MAKES
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        record = get_object_or_404(Record.objects.visible_to(request.user), pk=kwargs["record"])
        try:
            made = services.make_certificates(record, by=request.user)
            messages.success(
                request,
                ngettext("%(n)d certificate is issued.", "%(n)d certificates are issued.", len(made))
                % {"n": len(made)},
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(f"{address_of(record.kind, record.pk)}?tab=papers_of_shipment")


class EditKind(EditPage):
    """A kind of paper and its wording."""

    roles = services.KEEPS
    model, form_class = PaperKind, KindForm
    crumbs = [*CRUMBS, (gettext_lazy("Kinds of paper"), "papers:kinds")]
    wide = True

    def get_queryset(self):
        return PaperKind.objects.all()

    def save(self, form):
        services.save_kind(form.save(commit=False), by=self.request.user, version=self.version)
        return reverse("papers:kinds")


class EditRule(EditPage):
    """What must go along; `?contract=` begins with that contract."""

    roles = services.KEEPS
    model, form_class = PaperRule, RuleForm
    crumbs = [*CRUMBS, (gettext_lazy("What must go along"), "papers:rules")]
    template_name = "papers/rule.html"

    def get_initial(self):
        given = self.request.GET.get("contract", "")
        if self.object or not given.isdigit():
            return {}
        return {"contract": get_object_or_404(Contract.objects.visible_to(self.request.user), pk=given)}

    def save(self, form):
        rule = services.save_rule(form.save(commit=False), by=self.request.user, version=self.version)
        return rule.contract.get_absolute_url() if rule.contract else reverse("papers:rules")


class RemoveRule(Page):
    """It is not asked for any more."""

    roles = services.KEEPS
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        rule = get_object_or_404(PaperRule.objects.visible_to(request.user), pk=kwargs["pk"])
        services.remove_rule(rule, by=request.user)
        messages.success(request, _("It is not asked for any more; the history keeps that it was."))
        return HttpResponseRedirect(reverse("papers:rules"))
