"""What people are told about billing and money."""

from django.utils.translation import gettext_lazy as _

from backoffice.outbox.topics import topic

topic("application_submitted", _("Billing applications for finance"), _("%(by)s asks to bill %(party)s (%(number)s)."))
topic(
    "application_accepted",
    _("My billing application was accepted"),
    _("Billing application %(number)s of %(party)s was accepted."),
)
topic(
    "application_refused",
    _("My billing application was refused"),
    _("Billing application %(number)s of %(party)s was refused: %(note)s"),
)
topic("invoice_returned", _("My invoice was returned"), _("The invoice of %(party)s came back: %(note)s"))
topic("invoice_issued", _("Invoices issued to my customers"), _("Invoice %(number)s was issued to %(party)s."))
topic("payment_waiting", _("Money to confirm"), _("%(by)s entered a payment slip of %(party)s."))
topic("money_confirmed", _("Money of my customers arrived"), _("Finance confirmed payment %(number)s of %(party)s."))
topic("payment_refused", _("My payment slip was refused"), _("Finance found no such money of %(party)s: %(note)s"))
