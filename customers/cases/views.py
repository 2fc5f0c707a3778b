"""The pages of cases: list, case, entry, figures, categories."""

import uuid

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act, Page, may_open
from backoffice.pages.views import DocumentPage, EditPage, ReportPage
from backoffice.parties.models import Party
from backoffice.refusals import Refused
from backoffice.stock.models import Product
from customers.cases import services
from customers.cases.figures import WAYS_IN_WORDS, figure_sheets, shown_figures
from customers.cases.forms import CaseForm, CategoryForm, EntryForm
from customers.cases.lifecycle import DRAFT, KEEPS, SEES, WORKS
from customers.cases.models import Case, Category, Nature
from customers.cases.selectors import concerned
from customers.cases.tables import CaseList, CategoryList

CRUMBS = [(gettext_lazy("Cases"), "cases:list")]


class CaseListPage(ListPage):
    list = CaseList

    def get_acts(self):
        figures = Act(_("Figures of cases"), reverse("cases:figures"), "chart")
        kept = [Act(_("Categories of cases"), reverse("cases:categories"), "list")]
        return [figures, *(kept if may_open(self.request.user, KEEPS) else [])]


class CasePage(DocumentPage):
    """One case on one page: what was reported, by when it has to be solved, what was done, how it ended (C4, C12)."""

    roles = SEES
    model = Case
    crumbs = CRUMBS
    template_name = "cases/case.html"

    def get_queryset(self):
        return super().get_queryset().select_related("category", "owner", "about__party", "product", "carrier")

    def get_acts(self):
        return super().get_acts() if may_open(self.request.user, WORKS) else []

    def get_context_data(self, **kwargs):
        case, person, today = self.object, self.request.user, timezone.localdate()
        return super().get_context_data(**kwargs) | {
            "case": case, "is_late": case.is_late(today), "left": (case.due_on - today).days if case.due_on else None,
            "entries": case.entries.select_related("written_by"), "entry_form": EntryForm(person=person), "once": uuid.uuid4(),
            "may_write": may_open(person, WORKS) and not case.get_state().final and case.state != str(DRAFT),
        }  # fmt: skip


class EditCase(EditPage):
    """A case as it is told on the telephone; one key registers it (C4)."""

    roles = WORKS
    model, form_class = Case, CaseForm
    crumbs = CRUMBS
    template_name = "cases/edit.html"
    wide = True

    @property
    def save_label(self):
        return _("Register") if not self.object or self.object.state == str(DRAFT) else _("Save")

    def get_form(self, fields=None, files=None):
        form = super().get_form(fields, files)
        if self.object and self.object.number:  # handing on is a step of its own
            del form.fields["owner"]
        return form

    def get_initial(self):
        if self.object:
            names = ("party", "category", "owner", "about", "product", "carrier")
            return vars(self.object) | {name: getattr(self.object, f"{name}_id") for name in names}
        return {"dated_on": timezone.localdate(), **self.asked()}

    def asked(self) -> dict:
        """What the address says already: the customer on the telephone, the order or shipment it is about."""
        given, person = self.request.GET, self.request.user
        ids = {name: given[name] for name in ("party", "about", "product", "carrier") if given.get(name, "").isdigit()}
        about = concerned(None, person=person).filter(pk=ids.get("about", 0)).first()
        party = Party.objects.visible_to(person).filter(pk=about.party_id if about else ids.get("party", 0)).first()
        found = {
            "about": about,
            "party": party,
            "contact": party.contact if party else "",
            "phone": party.phone if party else "",
        }
        found["product"] = Product.objects.filter(pk=ids.get("product", 0)).first()
        found["carrier"] = Party.objects.filter(pk=ids.get("carrier", 0), is_carrier=True).first()
        return found

    def save(self, form):
        case = self.object or Case()
        case = services.save_case(case, by=self.request.user, given=form.cleaned_data, version=self.version)
        if case.state == str(DRAFT) and "draft" not in self.request.POST:
            case = services.open_case(case, by=self.request.user)
        return case


class NewEntry(Page):
    """What was done about a case; back to the case."""

    roles = WORKS

    def post(self, request, *args, **kwargs):
        case = get_object_or_404(Case.objects.visible_to(request.user), pk=kwargs["pk"])
        form = EntryForm(request.POST, person=request.user)
        try:
            if form.is_valid():
                services.write_entry(case, by=request.user, **form.cleaned_data)
            else:
                messages.error(request, "; ".join(text for texts in form.errors.values() for text in texts))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(case.get_absolute_url())


class CaseFigures(ReportPage):
    """Cases of a time by kind, product, carrier, customer, person responsible: how many, solved in time, how satisfied (C4)."""

    roles = SEES
    title = gettext_lazy("Figures of cases")
    template_name = "cases/figures.html"
    crumbs = CRUMBS
    period_kinds = ("month", "quarter", "year")
    default_period = "quarter"

    def asked(self):
        by, nature = self.request.GET.get("by", ""), self.request.GET.get("nature", "")
        return by if by in WAYS_IN_WORDS else "category", nature if nature in Nature.values else ""

    def report(self, period, given):
        by, nature = self.asked()
        shown = shown_figures(period, by=by, nature=nature, person=self.request.user)
        return shown | {
            "by": by,
            "nature": nature,
            "ways": WAYS_IN_WORDS.items(),
            "natures": [("", _("All")), *Nature.choices],
        }

    def sheets(self, period, given):
        return figure_sheets(period, nature=self.asked()[1], person=self.request.user)


class CategoryListPage(ListPage):
    list = CategoryList


class EditCategory(EditPage):
    roles = KEEPS
    model, form_class = Category, CategoryForm
    crumbs = [*CRUMBS, (gettext_lazy("Categories of cases"), "cases:categories")]

    def save(self, form):
        return services.save_category(form.save(commit=False), by=self.request.user, version=self.version)

    def address_after(self, saved):
        return reverse("cases:categories")
