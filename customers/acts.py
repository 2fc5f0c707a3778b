"""The quick acts of a customer's page: begin a document, write a note, change the archive."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.pages.page import Act, may_open, offered
from backoffice.pages.registry import acts_for as made_next
from backoffice.people.models import Person
from customers.handing import HANDS_OVER
from customers.lifecycle import OFFICE
from customers.models import Customer

# pages of higher apps that begin a document: `?party=` says for whom; what is not there is not offered
BEGINS = (
    ("orders:order-new", gettext_lazy("New order"), "order", "F4"),
    ("contracts:contract-new", gettext_lazy("New contract"), "contract", ""),
    ("invoices:payment-new", gettext_lazy("New payment slip"), "cash", ""),
    ("cases:case-new", gettext_lazy("New case"), "flag", ""),
)
CHANGES = (
    ("customers:note-new", gettext_lazy("New note"), "pen", "F6"),
    ("customers:customer-edit", gettext_lazy("Edit"), "pencil", "F2"),
    ("customers:customer_change-new", gettext_lazy("Change billing data or credit"), "shield", ""),
    ("customers:contact-new", gettext_lazy("New contact"), "person", ""),
    ("customers:address-new", gettext_lazy("New address"), "building", ""),
    ("customers:merge-other", gettext_lazy("Merge another customer into it"), "copy", ""),
)


def acts_for(customer: Customer, person: Person) -> list[Act]:
    """What this person may begin from here, the most usual first."""
    found = []
    if may_open(person, OFFICE):
        found += [
            Act(label, begins(name, customer), icon, key) for name, label, icon, key in BEGINS if begins(name, customer)
        ]
        found += made_next(customer, person)
        found += [Act(label, reverse(name, args=[customer.pk]), icon, key) for name, label, icon, key in CHANGES]
    if may_open(person, HANDS_OVER):
        found.append(Act(_("Hand over"), reverse("customers:hand-over", args=[customer.pk]), "people"))
    return [*offered(person, found), Act(_("Files"), reverse("customers:files", args=[customer.pk]), "files")]


def begins(url_name: str, customer: Customer) -> str:
    """The address at which a document for this customer is begun; empty where there is no such page."""
    try:
        return f"{reverse(url_name)}?party={customer.pk}"
    except NoReverseMatch:
        return ""


def acts_of_the_list(person: Person, *, imports: tuple[str, ...]) -> list[Act]:
    """What the list of customers leads to besides."""
    found = []
    if may_open(person, imports):
        found.append(Act(_("Import from Excel"), reverse("sheets:overview"), "upload"))
    found += [
        Act(_("Possible duplicates"), reverse("customers:duplicate-list") + "?open=1", "copy"),
        Act(_("Mergings of customers"), reverse("customers:merge-list"), "link"),
        Act(_("Hand-overs"), reverse("customers:hand-over-list"), "people"),
    ]
    if may_open(person, HANDS_OVER):
        found.append(Act(_("Hand over many customers"), reverse("customers:hand-over-many"), "people"))
    return found
