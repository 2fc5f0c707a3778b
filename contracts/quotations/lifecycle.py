"""States and steps of a quotation (O7): an enquiry is answered by a paper that holds until a day, and comes to an end that is counted."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.documents.lifecycle import Lifecycle, State, Step
from backoffice.people.models import Role

OFFICE = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER)
DECIDES = (Role.MANAGER, Role.GM)
SEES = (*OFFICE, Role.GM, Role.FINANCE)

ENQUIRY = State("enquiry", pgettext_lazy("quotation", "Enquiry"), tone="waiting", editable=True, initial=True)
SUBMITTED = State("submitted", _("Prices to be agreed to"), tone="waiting")
QUOTED = State("quoted", _("Quoted"), tone="good")
WON = State("won", pgettext_lazy("quotation", "Won"), tone="good")
LOST = State("lost", pgettext_lazy("quotation", "Lost"), tone="bad")
EXPIRED = State("expired", pgettext_lazy("quotation", "Expired"), tone="done")
REPLACED = State("replaced", _("Replaced by a new version"), tone="done", final=True)
CANCELLED = State("cancelled", _("Cancelled"), tone="done", final=True)

SEND = Step(
    "send_quotation", pgettext_lazy("quotation", "Quote"), (ENQUIRY,), QUOTED, OFFICE, tone="primary", key="F9",
    does=_("The quotation gets its number and is fixed; its PDF goes to the customer. It holds until its day."),
)  # fmt: skip
SUBMIT = Step(
    "submit_quotation", _("Ask for agreement to the prices"), (ENQUIRY,), SUBMITTED, OFFICE, submits=True,
    does=_("A manager looks at the prices below those that may be quoted; with their word it is quoted."),
)  # fmt: skip
APPROVE = Step(
    "approve_quotation", _("Agree to the prices"), (SUBMITTED,), QUOTED, DECIDES, reviewed=True, tone="primary",
    does=_("The quotation gets its number and can go to the customer."),
)  # fmt: skip
RETURN = Step("return_quotation", _("Return"), (SUBMITTED,), ENQUIRY, DECIDES, needs_note=True)
LOSE = Step("lose_quotation", pgettext_lazy("quotation", "Lost"), (ENQUIRY, SUBMITTED, QUOTED, EXPIRED), LOST, OFFICE)
CANCEL = Step(
    "cancel_quotation", _("Entered by mistake"), (ENQUIRY, SUBMITTED), CANCELLED, OFFICE, needs_note=True, tone="danger",
    does=_("It is not counted as an enquiry."),
)  # fmt: skip
# Taken by what comes of it: a contract signed, an order approved or cancelled, a newer version, the day it held until.
WIN = Step("win_quotation", pgettext_lazy("quotation", "Won"), (QUOTED, EXPIRED), WON, OFFICE, automatic=True)
REOPEN = Step("reopen_quotation", pgettext_lazy("quotation", "Open again"), (WON,), QUOTED, OFFICE, automatic=True)
REPLACE = Step(
    "replace_quotation", _("Replaced by a new version"), (QUOTED, EXPIRED, LOST), REPLACED, OFFICE, automatic=True
)
EXPIRE = Step("expire_quotation", pgettext_lazy("quotation", "Expired"), (QUOTED,), EXPIRED, (), automatic=True)

QUOTATION = Lifecycle(
    "quotation", _("Quotation"), "BJ", (ENQUIRY, SUBMITTED, QUOTED, WON, LOST, EXPIRED, REPLACED, CANCELLED),
    (SEND, SUBMIT, APPROVE, RETURN, LOSE, CANCEL, WIN, REOPEN, REPLACE, EXPIRE),
)  # fmt: skip
RENEWED = REPLACE.sources
