"""What people are told about claims and commission."""

from django.utils.translation import gettext_lazy as _

from backoffice.outbox.topics import topic

topic("claim_waiting", _("Expense claims to check"), _("%(by)s claims expenses (%(number)s): %(title)s."))
topic("claim_checked", _("Expense claims to approve"), _("Claim %(number)s of %(who)s was checked: %(title)s."))
topic("claim_returned", _("My expense claim was returned"), _("Your expense claim %(number)s came back: %(note)s"))
topic("claim_approved", _("My expense claim was approved"), _("Your expense claim %(number)s was approved."))
topic("claim_paid", _("My expense claim was paid"), _("Your expense claim %(number)s was paid out."))
topic("commission_waiting", _("Commission sheets to review"), _("The commission sheet of %(month)s waits for review."))
topic(
    "commission_returned",
    _("A commission sheet was returned"),
    _("The commission sheet of %(month)s came back: %(note)s"),
)
topic("commission_frozen", _("My commission of the month"), _("Your commission of %(month)s is fixed: %(amount)s."))
