"""The pages of templates."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act
from backoffice.pages.views import DetailPage, EditPage
from contracts.clauses import PLACES, places_marked
from contracts.forms import TemplateForm, categories_for
from contracts.lifecycle import DRAFTS
from contracts.models import ContractTemplate
from contracts.services import KEEPS_TEMPLATES, save_template
from contracts.tables import SEES, TemplateList


class TemplateListPage(ListPage):
    list = TemplateList


class TemplatePage(DetailPage):
    """The clauses with their places, and the terms that come with them."""

    roles = SEES
    model = ContractTemplate
    template_name = "contracts/template.html"
    crumbs = [(gettext_lazy("Contract templates"), "contracts:templates")]

    def get_edit_url(self):
        return super().get_edit_url() if self.request.user.has_role(*KEEPS_TEMPLATES) else ""

    def get_acts(self):
        row, person = self.object, self.request.user
        if not row.is_active or row.category not in dict(categories_for(person)) or not person.has_role(*DRAFTS):
            return []
        return [Act(_("Draft from it"), f"{reverse('contracts:contract-new')}?template={row.pk}", icon="plus", key="n")]

    def facts(self):
        row = self.object
        return [
            (_("Kind of contract"), row.get_category_display()), (_("Title of the contract"), row.title), (_("Payment term"), row.term or "—"),
            (_("Invoicing"), row.get_invoice_rule_display()), (_("Runs for (months)"), row.months), (_("Active"), _("yes") if row.is_active else _("no")),
        ]  # fmt: skip

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"clauses": places_marked(self.object.clauses), "places": PLACES}


class TemplateEdit(EditPage):
    """Kept by managers; contracts drafted from it before keep what they say."""

    roles = KEEPS_TEMPLATES
    model, form_class = ContractTemplate, TemplateForm
    template_name = "contracts/template_edit.html"
    crumbs = [(gettext_lazy("Contract templates"), "contracts:templates")]

    def save(self, form):
        return save_template(form.save(commit=False), by=self.request.user, version=self.version)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"places": PLACES}
