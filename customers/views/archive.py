"""Pages of the customer archive."""

import uuid

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Page, back_from, may_open
from backoffice.pages.registry import panels_for
from backoffice.pages.templatetags.show import day
from backoffice.pages.views import DetailPage, DocumentPage, EditPage
from backoffice.parties.models import Party
from backoffice.people.models import Role
from customers import services
from customers.acts import acts_for, acts_of_the_list
from customers.changes import differences, open_customer, request_change, submit_customer_change
from customers.credit import credit_of
from customers.figures import money_figures, usual_figures
from customers.forms import (
    AddressForm,
    ChangeForm,
    ContactForm,
    EditCustomerForm,
    NewCustomerForm,
    NoteForm,
)
from customers.handing import HANDS_OVER
from customers.lifecycle import OFFICE
from customers.models import Address, Contact, Customer, CustomerChange, Note
from customers.selectors import ageing_bar, alikes, files_of, hand_overs_waiting, serving
from customers.sheets import Customers
from customers.tables import READS, ChangeList, CustomerList, NoteList
from customers.timeline import timeline_of, told_by

CRUMBS = [(gettext_lazy("Customers"), "customers:list")]


class CustomerListPage(ListPage):
    list = CustomerList

    def get_acts(self):
        return acts_of_the_list(self.request.user, imports=Customers.by)


class ChangeListPage(ListPage):
    list = ChangeList


class NoteListPage(ListPage):
    list = NoteList


class CustomerPage(DetailPage):
    """The page that answers a telephone call (C1)."""

    roles = READS
    model = Customer
    crumbs = CRUMBS
    template_name = "customers/customer.html"
    has_timeline = False
    wide = True

    def get_queryset(self):
        rows = Customer.objects.filter(party__in=Party.objects.visible_to(self.request.user))
        return rows.select_related("party__owner", "party__region__parent", "term")

    def get(self, request, *args, **kwargs):
        """Who was merged into another is found there."""
        if self.object.party.merged_into_id:
            return HttpResponseRedirect(self.object.party.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def get_title(self):
        return self.object.party.name

    def facts(self):
        customer, party = self.object, self.object.party
        place = " ".join(filter(None, [party.country, party.state, party.city, party.address, party.postal_code]))
        return [
            (_("Address"), place or "—"), (_("E-mail"), party.email or "—"), (_("Customer since"), day(customer.since)),
            (_("Source"), customer.source or "—"),
        ]  # fmt: skip

    def figures(self):
        party, person = self.object.party, self.request.user
        return [
            *money_figures(self.object, self.credit, person),
            *usual_figures(party, person, on=timezone.localdate()),
        ]

    @cached_property
    def credit(self):
        return credit_of(self.object, on=timezone.localdate())

    def get_context_data(self, **kwargs):
        customer, person, today = self.object, self.request.user, timezone.localdate()
        party, acts = customer.party, acts_for(customer, person)
        panels = {str(panel.title): panel for model in (Party, Customer) for panel in panels_for(model, person)}
        return super().get_context_data(**kwargs) | {
            "customer": customer, "party": party, "credit": self.credit, "buckets": ageing_bar(party, on=today), "today": today,
            "contacts": party.contacts.all(), "addresses": party.addresses.all(), "tags": customer.tag_list,
            "open_change": CustomerChange.objects.in_state("draft", "submitted").filter(party=party).first(),
            "serving": serving(party), "hand_over": hand_overs_waiting(party), "former": party.former(),
            "due_notes": Note.objects.filter(party=party).open().select_related("due_for").order_by("due_on")[:5],
            "panels": sorted(panels.values(), key=lambda panel: (panel.order, panel.name)), "buttons": acts[:3], "acts": acts[3:],
            "stretch": timeline_of(party, person=person), "sources": told_by(), "note_form": NoteForm(person=person), "once": uuid.uuid4(),
            "may_write": may_open(person, OFFICE), "may_hand_over": may_open(person, HANDS_OVER),
        }  # fmt: skip


class TimelinePage(Page):
    """Further entries of a customer's timeline, asked for as one scrolls."""

    roles = READS
    title = gettext_lazy("Everything, newest first")
    template_name = "customers/timeline.html"

    @property
    def fragment_name(self):
        """Further rows beyond a place, else the whole card with another choice of sources."""
        return "customers/_timeline.html" if self.request.GET.get("after") else "customers/_told.html"

    def get(self, request, *args, **kwargs):
        customer = get_object_or_404(Customer.objects.visible_to(request.user).select_related("party"), pk=kwargs["pk"])
        asked = {name: request.GET.get(name, "") for name in ("after", "only")}
        stretch = timeline_of(customer.party, person=request.user, **asked)
        crumbs = [(_("Customers"), reverse("customers:list")), (str(customer), customer.get_absolute_url())]
        return self.render(customer=customer, stretch=stretch, sources=told_by(), crumbs=crumbs)


class AlikePage(Page):
    """Who is in the archive already, while a new customer is typed."""

    roles = OFFICE
    template_name = "customers/_alike.html"

    def get(self, request, *args, **kwargs):
        typed = {name: request.GET.get(name, "")[:200] for name in ("name", "tax_no", "phone")}
        return self.render(alikes=alikes(person=request.user, **typed))


class NewCustomer(EditPage):
    roles = OFFICE
    model = Customer
    form_class = NewCustomerForm
    crumbs = CRUMBS
    template_name = "customers/edit.html"
    wide = True

    def get_initial(self):
        person = self.request.user
        return {"since": timezone.localdate(), "owner": person if person.has_role(Role.SALESPERSON) else None}

    def save(self, form):
        return open_customer(by=self.request.user, given=form.cleaned_data)


class EditCustomer(EditPage):
    roles = OFFICE
    model = Customer
    form_class = EditCustomerForm
    template_name = "customers/edit.html"
    wide = True

    def get_crumbs(self):
        return [*super().get_crumbs(), (str(self.object), self.object.get_absolute_url())]

    def get_initial(self):
        whole = {**vars(self.object.party), **vars(self.object)}
        return whole | {"owner": self.object.party.owner, "region": self.object.party.region}

    def version_now(self):
        return Party.objects.values_list("version", flat=True).get(pk=self.object.party_id)

    def save(self, form):
        return services.save_customer(self.object, by=self.request.user, given=form.cleaned_data, version=self.version)


class OfCustomer(EditPage):
    """A form about something of one customer, whose id is `customer` in the address."""

    roles = OFFICE

    @cached_property
    def customer(self):
        rows = Customer.objects.visible_to(self.request.user).select_related("party", "term")
        return get_object_or_404(rows, pk=self.kwargs["customer"])

    def get_crumbs(self):
        return [(_("Customers"), reverse("customers:list")), (str(self.customer), self.customer.get_absolute_url())]

    def address_after(self, saved):
        return self.customer.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "object": self.object or self.customer,
            "back": self.customer.get_absolute_url(),
        }


class EditContact(OfCustomer):
    model, form_class = Contact, ContactForm

    def get_queryset(self):
        return Contact.objects.filter(party=self.customer.pk)

    def save(self, form):
        contact = form.save(commit=False)
        contact.party_id = self.customer.pk
        return services.save_contact(contact, by=self.request.user)


class EditAddress(OfCustomer):
    model, form_class = Address, AddressForm

    def get_queryset(self):
        return Address.objects.filter(party=self.customer.pk)

    def save(self, form):
        address = form.save(commit=False)
        address.party_id = self.customer.pk
        return services.save_address(address, by=self.request.user)


class RemoveRow(Page):
    """Take a contact or an address away; back to the customer, with a word that it is done."""

    roles = OFFICE
    model: type = Contact

    def post(self, request, *args, **kwargs):
        customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=kwargs["customer"])
        row = get_object_or_404(self.model, party=customer.pk, pk=kwargs["pk"])
        services.remove_row(row, by=request.user)
        messages.success(request, _("«%(what)s» is taken out of the archive; the history keeps it.") % {"what": row})
        return HttpResponseRedirect(customer.get_absolute_url())


class NewNote(OfCustomer):
    model, form_class = Note, NoteForm
    saved_message = gettext_lazy("The note is kept.")

    def save(self, form):
        return services.write_note(self.customer.party, by=self.request.user, **form.cleaned_data)


class FinishNote(Page):
    """A follow-up is done; back to where one was."""

    roles = READS

    def post(self, request, *args, **kwargs):
        note = get_object_or_404(Note.objects.visible_to(request.user), pk=kwargs["pk"])
        services.finish_note(note, by=request.user)
        return HttpResponseRedirect(back_from(request, note.party.get_absolute_url()))


class EditChange(OfCustomer):
    """Billing data and credit as somebody wants them; a second person decides (C8, C11)."""

    model, form_class = CustomerChange, ChangeForm
    template_name = "customers/change_edit.html"
    save_label = gettext_lazy("Submit for agreement")
    wide = True

    @cached_property
    def customer(self):
        rows = Customer.objects.visible_to(self.request.user).select_related("party", "term")
        return get_object_or_404(rows, pk=self.object.party_id if self.object else self.kwargs["customer"])

    def get_title(self):
        return _("Change billing data and credit of %(what)s") % {"what": self.customer}

    def get_initial(self):
        given = {**vars(self.customer.party), **vars(self.customer), "term": self.customer.term}
        for key, (_before, after) in (self.object.changes if self.object else {}).items():
            name = key.partition(".")[2]
            given["term" if name == "term_id" else name] = after
        return given | {"reason": self.object.reason if self.object else ""}

    def save(self, form):
        given, by = dict(form.cleaned_data), self.request.user
        change = request_change(
            self.customer, by=by, reason=given.pop("reason"), wanted=given, change=self.object, version=self.version
        )
        if "draft" not in self.request.POST:
            change = submit_customer_change(change, by=by)
        return change

    def address_after(self, saved):
        return saved.get_absolute_url()


class ChangePage(DocumentPage):
    """A change of customer data, with what stands there and what is to stand there."""

    roles = READS
    model = CustomerChange
    crumbs = [(gettext_lazy("Changes of customer data"), "customers:change-list")]
    template_name = "customers/change.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        raw = str(CustomerChange._meta.get_field("changes").verbose_name)  # shown as a table above
        for entry in context["timeline"]:
            entry.changes = [change for change in entry.changes if change[0] != raw]
        return context | {"differences": differences(self.object)}


class FilesPage(Page):
    """Everything on file with a customer's documents."""

    roles = READS
    title = gettext_lazy("Files")
    template_name = "customers/files.html"

    def get_context_data(self, **kwargs):
        customer = get_object_or_404(
            Customer.objects.visible_to(self.request.user).select_related("party"), pk=self.kwargs["pk"]
        )
        crumbs = [(_("Customers"), reverse("customers:list")), (str(customer), customer.get_absolute_url())]
        files = files_of(customer.party, person=self.request.user)[:200]
        return super().get_context_data(**kwargs) | {"crumbs": crumbs, "customer": customer, "files": files}
