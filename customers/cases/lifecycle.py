"""States and steps of a case: complaints and enquiries (C4) go one way, losses (C12) one of their own; both end solved."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.documents.lifecycle import Lifecycle, State, Step
from backoffice.people.models import Role

WORKS = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER)
SEES = (*WORKS, Role.FINANCE, Role.GM)
KEEPS = (Role.MANAGER, Role.GM)  # who says which categories there are and how long each may take

DRAFT = State("draft", _("Draft"), editable=True, initial=True)
OPEN = State("open", pgettext_lazy("case", "Open"), tone="waiting", editable=True)
WORKING = State("working", _("In hand"), tone="waiting", editable=True)
REPORTED = State("reported", _("Loss reported"), tone="warn", editable=True)
BARRED = State("barred", _("Barred"), tone="waiting")
REPLACED = State("replaced", _("Replaced"), tone="waiting")
SOLVED = State("solved", _("Solved"), tone="good")
CLOSED = State("closed", _("Closed"), tone="done", final=True)
CANCELLED = State("cancelled", _("Withdrawn"), tone="done", final=True)

UNSOLVED = (OPEN, WORKING, REPORTED, BARRED, REPLACED)
OF_LOSSES = (REPORTED, BARRED, REPLACED)

OPEN_CASE = Step(
    "open_case", _("Register"), (DRAFT,), OPEN, WORKS, or_to=(REPORTED,), tone="primary", key="F9",
    does=_("The case gets its number and its deadline."),
)  # fmt: skip
TAKE = Step(
    "take_case", _("Take in hand"), (OPEN,), WORKING, WORKS, tone="primary", key="F9",
    does=_("The case is yours from now on."),
)  # fmt: skip
HAND_ON = Step(
    "hand_on_case", _("Hand on"), (OPEN, WORKING, REPORTED), OPEN, WORKS, or_to=(REPORTED,), needs_note=True, unattended=True
)  # fmt: skip
BAR = Step(
    "bar_lost_paper", _("Bar what was lost"), (REPORTED,), BARRED, WORKS, tone="primary", key="F9",
    does=_("What was lost is void from this day; the customer's signed report is on file."),
)  # fmt: skip
REPLACE = Step("replace_lost_paper", _("Issue the replacement"), (BARRED,), REPLACED, WORKS, tone="primary", key="F9")
SOLVE = Step("solve_case", _("Solved"), (WORKING, REPLACED), SOLVED, WORKS, tone="primary", key="F9")
CLOSE = Step(
    "close_case", _("Close"), (SOLVED,), CLOSED, WORKS, tone="primary", key="F9",
    does=_("The customer has been asked whether they are satisfied; nothing changes any more."),
)  # fmt: skip
REOPEN = Step(
    "reopen_case", _("Take up again"), (SOLVED,), WORKING, WORKS, or_to=(REPLACED,), needs_note=True,
    does=_("The case is open again, with a new deadline."),
)  # fmt: skip
CANCEL = Step(
    "cancel_case", _("Withdraw"), (DRAFT, OPEN, WORKING, REPORTED), CANCELLED, WORKS, needs_note=True, tone="danger"
)

CASE = Lifecycle(
    "case", _("Case"), "FB", (DRAFT, OPEN, WORKING, REPORTED, BARRED, REPLACED, SOLVED, CLOSED, CANCELLED),
    (OPEN_CASE, TAKE, HAND_ON, BAR, REPLACE, SOLVE, CLOSE, REOPEN, CANCEL),
)  # fmt: skip
