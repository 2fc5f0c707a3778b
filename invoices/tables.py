"""Lists of billing applications, invoices, payment slips and open items."""

from django.db.models import DecimalField, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.ledger.models import Item
from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.parties.models import Party
from backoffice.people.models import Role
from invoices.models import BillingApplication, Invoice, Payment

OFFICE = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER, Role.FINANCE, Role.GM)
ENTERS = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER)
MONEY = DecimalField(max_digits=18, decimal_places=2)


def open_amount(kind: str) -> Coalesce:
    """What is open of a document's items: charges of an invoice, credits of a payment."""
    items = Item.objects.filter(record_id=OuterRef("pk"), kind=kind, account__code__in=["1122.01", "2203.01"])
    total = items.order_by().values("record_id").annotate(left=Sum(F("amount") - F("allocated"))).values("left")
    return Coalesce(Subquery(total), 0, output_field=MONEY)


class ApplicationList(List):
    name = "billing_applications"
    title = _("Billing applications")
    model = BillingApplication
    columns = [
        c.Text("number", link=True),
        c.Date("dated_on"),
        c.State(),
        c.Party(link="party"),
        c.Person("salesperson"),
        c.Date("wanted_on"),
        c.Text("title"),
        c.Money("amount", total=True),
        c.Person("author"),
    ]
    filters = [
        f.Choice("state"),
        f.DateRange("dated_on"),
        f.PersonIs("salesperson"),
        f.Related("party", Party),
        f.AmountRange("amount"),
    ]
    search = ["number", "title", "party__search"]
    default_order = "-dated_on"
    views = [(_("For finance"), "state=submitted"), (_("Drafts"), "state=draft")]
    bulk = ["submit_application", "accept_application"]
    roles = OFFICE
    new = ("invoices:billing_application-new", _("New billing application"), ENTERS)
    empty = _("Ask finance to bill what was shipped: choose a customer, and the goods not yet invoiced are listed.")


class InvoiceList(List):
    name = "invoices"
    title = _("Invoices")
    model = Invoice
    columns = [
        c.Text("number", link=True),
        c.Date("dated_on"),
        c.State(),
        c.Party(link="party"),
        c.Text("tax_invoice_no"),
        c.Date("issued_on"),
        c.Date("due_on"),
        c.Money("net", total=True, hidden=True),
        c.Money("tax", total=True, hidden=True),
        c.Money("amount", total=True),
        c.Money("open", _("open"), total=True),
        c.Person("salesperson", hidden=True),
    ]
    filters = [
        f.Choice("state"), f.DateRange("issued_on"), f.DateRange("due_on"), f.PersonIs("salesperson"), f.Related("party", Party),
        f.AmountRange("amount"), f.Flag("overdue", _("Overdue"), lambda rows: rows.filter(state="issued", due_on__lt=timezone.localdate())),
    ]  # fmt: skip
    search = ["number", "tax_invoice_no", "party__search"]
    default_order = "-dated_on"
    views = [(_("To review"), "state=submitted"), (_("To issue"), "state=reviewed"), (_("Overdue"), "overdue=1")]
    paper = "invoices:invoice-pdf"
    bulk = ["submit_invoice"]
    roles = OFFICE
    empty = _("Finance accept a billing application, and its invoice appears here as a draft.")

    def rows(self, person):
        return super().rows(person).annotate(open=open_amount("charge"))

    def row_css(self, row):
        return "late" if row.state == "issued" and row.due_on and row.due_on < timezone.localdate() else ""


class PaymentList(List):
    name = "payments"
    title = _("Payment slips")
    model = Payment
    columns = [
        c.Text("number", link=True),
        c.Date("dated_on"),
        c.State(),
        c.Party(link="party"),
        c.Text("order", link="order"),
        c.Choice("method"),
        c.Text("external_number", _("reference")),
        c.Date("confirmed_on"),
        c.Money("amount", total=True),
        c.Money("open", _("not allocated"), total=True),
        c.Person("author", hidden=True),
    ]
    filters = [
        f.Choice("state"), f.DateRange("dated_on"), f.DateRange("confirmed_on"), f.Choice("method"), f.Related("party", Party),
        f.AmountRange("amount"),
    ]  # fmt: skip
    search = ["number", "external_number", "payer", "party__search"]
    default_order = "-dated_on"
    views = [(_("To confirm"), "state=waiting"), (_("To allocate"), "state=confirmed")]
    bulk = ["confirm_payment"]
    roles = OFFICE
    new = ("invoices:payment-new", _("New payment slip"), (*ENTERS, Role.FINANCE))
    empty = _("A slip says that a customer paid; finance confirm that the money is there.")

    def rows(self, person):
        return super().rows(person).annotate(open=open_amount("credit"))
