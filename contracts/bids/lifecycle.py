"""States and steps of a bid (K5): whether we bid is decided by somebody else than who found it; what is handed in is complete."""

from django.utils.translation import gettext_lazy as _

from backoffice.documents.lifecycle import Lifecycle, State, Step
from backoffice.people.models import Role

OFFICE = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER)
DECIDES = (Role.MANAGER, Role.GM)

DRAFT = State("draft", _("Draft"), editable=True, initial=True)
SUBMITTED = State("submitted", _("To be decided"), tone="waiting")
PREPARING = State("preparing", _("Being prepared"), tone="waiting")
HANDED_IN = State("handed_in", _("Bid handed in"), tone="waiting")
WON = State("won", _("Won"), tone="good")
LOST = State("lost", _("Lost"), tone="bad", final=True)
DROPPED = State("dropped", _("Not pursued"), tone="done", final=True)

SUBMIT = Step(
    "submit_bid", _("Ask whether we bid"), (DRAFT,), SUBMITTED, OFFICE, submits=True, tone="primary", key="F9"
)
APPROVE = Step(
    "approve_bid", _("We bid"), (SUBMITTED,), PREPARING, DECIDES, reviewed=True, tone="primary",
    does=_("The bid gets its number; its documents are prepared and finance may pay the deposit."),
)  # fmt: skip
RETURN = Step("return_bid", _("Return"), (SUBMITTED,), DRAFT, DECIDES, needs_note=True)
HAND_IN = Step(
    "hand_in_bid", _("Bid handed in"), (PREPARING,), HANDED_IN, OFFICE, tone="primary", key="F9",
    does=_("Every document of the list is ready and the deposit is there; the price is fixed."),
)  # fmt: skip
WIN = Step("win_bid", _("Won"), (HANDED_IN,), WON, OFFICE, tone="primary", does=_("A contract can be made from it."))
LOSE = Step("lose_bid", _("Lost"), (HANDED_IN,), LOST, OFFICE, needs_note=True)
DROP = Step(
    "drop_bid",
    _("Do not pursue"),
    (DRAFT, SUBMITTED, PREPARING, HANDED_IN),
    DROPPED,
    OFFICE,
    needs_note=True,
    tone="danger",
)

BID = Lifecycle(
    "bid", _("Bid"), "TB", (DRAFT, SUBMITTED, PREPARING, HANDED_IN, WON, LOST, DROPPED),
    (SUBMIT, APPROVE, RETURN, HAND_IN, WIN, LOSE, DROP),
)  # fmt: skip
