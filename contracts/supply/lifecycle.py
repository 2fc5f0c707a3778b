"""States and steps of a supply request (K8): the page to read first."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.documents.lifecycle import Lifecycle, State, Step
from backoffice.people.models import Role

DRAFT = State("draft", _("Draft"), editable=True, initial=True)
ASKED = State("asked", _("Waits for an answer"), tone="waiting")
PROMISED = State("promised", pgettext_lazy("supply", "Promised"), tone="good")
PART = State("part", _("Supplied in part"), tone="good")
SUPPLIED = State("supplied", _("Supplied"), tone="done", final=True)
REFUSED = State("refused", _("Refused"), tone="bad", final=True)
CLOSED = State("closed", _("Closed short"), tone="done", final=True)
CANCELLED = State("cancelled", _("Cancelled"), tone="done", final=True)

OFFICE = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER)
ANSWERS = (Role.PURCHASING, Role.WAREHOUSE)  # the warehouse what is asked of production, purchasing all
RECEIVES = (Role.PURCHASING, Role.WAREHOUSE)

SUBMIT = Step(
    "submit_supply", _("Ask for supply"), (DRAFT,), ASKED, OFFICE, submits=True, tone="primary", key="F9",
    does=_("Purchasing and production see it and are asked for dates."),
)  # fmt: skip
ANSWER = Step(
    "answer_supply", _("Answer with dates"), (ASKED, PROMISED, PART), PROMISED, ANSWERS, or_to=(PART,), tone="primary",
    does=_("Whoever asked is told, and the order shows the day of each product."),
)  # fmt: skip
ASK_BACK = Step("ask_back_supply", _("Ask back"), (ASKED,), DRAFT, ANSWERS, needs_note=True)
REFUSE = Step("refuse_supply", _("Refuse"), (ASKED,), REFUSED, ANSWERS, needs_note=True, tone="danger")
RECEIVE = Step(
    "receive_supply", _("Goods are there"), (PROMISED, PART), SUPPLIED, RECEIVES, or_to=(PART,), tone="primary",
    does=_("What came is counted; whoever asked is told that it can be shipped."),
)  # fmt: skip
CLOSE = Step("close_supply", _("Close short"), (PART,), CLOSED, OFFICE, needs_note=True)
CANCEL = Step("cancel_supply", _("Cancel"), (DRAFT, ASKED, PROMISED), CANCELLED, OFFICE, needs_note=True, tone="danger")

SUPPLY_REQUEST = Lifecycle(
    "supply_request", _("Supply request"), "SR", (DRAFT, ASKED, PROMISED, PART, SUPPLIED, REFUSED, CLOSED, CANCELLED),
    (SUBMIT, ANSWER, RECEIVE, ASK_BACK, REFUSE, CLOSE, CANCEL),
)  # fmt: skip
LIVE = (ASKED, PROMISED, PART)
