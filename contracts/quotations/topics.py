"""What people are told about quotations."""

from django.utils.translation import gettext_lazy as _

from backoffice.outbox.models import MailWish
from backoffice.outbox.topics import topic

ASKED = topic("quotation_asked", _("Prices of quotations to agree to"), _("%(by)s asks for prices for %(party)s."))
AGREED = topic(
    "quotation_agreed", _("My quotation was agreed to"), _("%(number)s for %(party)s can go to the customer.")
)
RETURNED = topic(
    "quotation_returned", _("My quotation was returned"), _("%(by)s returned the quotation for %(party)s: %(note)s")
)
RUNS_OUT = topic(
    "quotation_runs_out", _("Quotations that run out"), _("%(number)s for %(party)s holds until %(day)s."), MailWish.DAILY
)  # fmt: skip
