"""States and steps of an order (O1, O2, C2, C11): the page to read first."""

from django.utils.translation import gettext_lazy as _

from backoffice.documents.lifecycle import Lifecycle, State, Step
from backoffice.people.models import Role

DRAFT = State("draft", _("Draft"), editable=True, initial=True)
SUBMITTED = State("submitted", _("Submitted"), tone="waiting")
HELD = State("held", _("Held"), tone="bad")
APPROVED = State("approved", _("Approved"), tone="good")
DONE = State("done", _("Done"), tone="done")
CLOSED = State("closed", _("Closed short"), tone="done")
CANCELLED = State("cancelled", _("Cancelled"), tone="done", final=True)

OFFICE = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER)
REVIEWS = (Role.ASSISTANT, Role.MANAGER)
DECIDES = (Role.MANAGER, Role.GM)

SUBMIT = Step(
    "submit_order", _("Submit"), (DRAFT,), SUBMITTED, OFFICE, submits=True, or_to=(HELD,), tone="primary", key="F9",
    does=_("The order goes to review; over the credit limit or without a required licence it is held."),
)  # fmt: skip
RELEASE = Step(
    "release_order", _("Release"), (HELD,), SUBMITTED, DECIDES, needs_note=True, tone="primary",
    does=_("The order goes on to review in spite of what held it; your reason is kept."),
)  # fmt: skip
RECHECK = Step(
    "recheck_order", _("Check again"), (HELD,), SUBMITTED, (*OFFICE, Role.FINANCE), or_to=(HELD,), unattended=True,
    does=_("Credit and licences are looked at anew; when nothing holds the order any more it goes on to review."),
)  # fmt: skip
APPROVE = Step(
    "approve_order", _("Approve"), (SUBMITTED,), APPROVED, REVIEWS, reviewed=True, or_to=(HELD,), tone="primary",
    does=_("The order gets its number, its goods are reserved and finance is told."),
)  # fmt: skip
RETURN = Step("return_order", _("Return"), (SUBMITTED, HELD), DRAFT, (*REVIEWS, Role.GM), needs_note=True)
FINISH = Step("finish_order", _("Everything shipped"), (APPROVED,), DONE, (), automatic=True)
CANCEL = Step(
    "cancel_order", _("Cancel"), (DRAFT, SUBMITTED, HELD, APPROVED), CANCELLED, OFFICE, needs_note=True, tone="danger"
)
CLOSE = Step(
    "close_order", _("Close short"), (APPROVED,), CLOSED, DECIDES, needs_note=True, tone="danger",
    does=_("What is not shipped yet is given up and given back to stock and contract."),
)  # fmt: skip
REOPEN = Step(
    "reopen_order", _("Reopen"), (CLOSED,), APPROVED, DECIDES, needs_note=True, does=_("The rest can be shipped again.")
)

ORDER = Lifecycle(
    "order", _("Order"), "SO", (DRAFT, SUBMITTED, HELD, APPROVED, DONE, CLOSED, CANCELLED),
    (SUBMIT, RELEASE, RECHECK, APPROVE, RETURN, FINISH, CANCEL, CLOSE, REOPEN),
)  # fmt: skip
