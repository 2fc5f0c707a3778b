"""Pages of formalities and of the checklists they come from (K7)."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from backoffice.pages.list_page import ListPage
from backoffice.pages.page import EVERYONE, Act, may_open
from backoffice.pages.views import EditPage
from contracts.models import Contract
from contracts.papers import services
from contracts.papers.forms import FinishForm, FormalityForm, StepForm
from contracts.papers.models import Formality, FormalityStep
from contracts.papers.services.formalities import ARRANGES, KEEPS_STEPS, WAIVES
from contracts.papers.tables import FormalityList, StepList

CRUMBS = [(gettext_lazy("Formalities"), "papers:formalities")]


class FormalityListPage(ListPage):
    list = FormalityList

    def get_acts(self):
        steps = Act(_("Checklists of contracts"), reverse("papers:steps"), "list")
        return [steps] if may_open(self.request.user, KEEPS_STEPS) else []


class StepListPage(ListPage):
    list = StepList


class OfContract(EditPage):
    """A form about formalities of one contract."""

    model = Formality
    crumbs = CRUMBS

    @cached_property
    def contract(self):
        if self.object:
            return self.object.contract
        given = self.request.GET.get("contract", "")
        rows = Contract.objects.visible_to(self.request.user)
        return get_object_or_404(rows, pk=given) if given.isdigit() else None

    def get_queryset(self):
        return super().get_queryset().select_related("contract__party", "owner")

    def get_crumbs(self):
        above = [(str(self.contract), self.contract.get_absolute_url())] if self.contract else []
        return [*super().get_crumbs(), *above]

    def address_after(self, saved):
        seen = Contract.objects.visible_to(self.request.user).filter(pk=saved.contract_id).exists()
        return (
            f"{saved.contract.get_absolute_url()}?tab=formalities_of_contract"
            if seen
            else reverse("papers:formalities")
        )


class NewFormality(OfContract):
    """Something that only this contract asks for: `?contract=` which."""

    roles = ARRANGES
    form_class = FormalityForm

    def get_initial(self):
        return {"owner": self.request.user, "due_on": timezone.localdate(), "needs_proof": True}

    def save(self, form):
        if self.contract is None:
            raise Http404
        formality = form.save(commit=False)
        formality.contract = self.contract
        return services.add_formality(formality, by=self.request.user)


class EditFormality(OfContract):
    """Who sees it through until when; one that is done is shown only."""

    roles = (*ARRANGES, *WAIVES)
    form_class = FormalityForm
    template_name = "papers/formality.html"

    def save(self, form):
        return services.change_formality(
            self.object, by=self.request.user, given=form.cleaned_data, version=self.version
        )

    def get_primary(self):
        if not self.object.is_open:
            return None
        return Act(_("Done …"), reverse("papers:formality-finish", args=[self.object.pk]), "check", "F9")


class FinishFormality(OfContract):
    """Done, with its proof; or waived, with the reason."""

    roles = EVERYONE
    form_class = FinishForm
    template_name = "papers/finish.html"
    save_label = pgettext_lazy("act", "Done")
    saved_message = gettext_lazy("It is settled.")

    def get_title(self):
        return self.object.name

    def get_form(self, fields=None, files=None):
        return FinishForm(fields, files, person=self.request.user, formality=self.object)

    def save(self, form):
        by, given = self.request.user, form.cleaned_data
        if "waive" in self.request.POST:
            return services.waive_formality(self.object, by=by, outcome=given["outcome"])
        return services.finish_formality(self.object, by=by, outcome=given["outcome"], proof=given["proof"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"may_waive": may_open(self.request.user, WAIVES)}


class EditStep(EditPage):
    """A line of the checklist for contracts to come."""

    roles = KEEPS_STEPS
    model, form_class = FormalityStep, StepForm
    crumbs = [*CRUMBS, (gettext_lazy("Checklists of contracts"), "papers:steps")]

    def get_queryset(self):
        return FormalityStep.objects.all()

    def save(self, form):
        services.save_step(form.save(commit=False), by=self.request.user, version=self.version)
        return reverse("papers:steps")
