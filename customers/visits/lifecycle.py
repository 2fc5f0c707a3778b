"""States and steps of a reception 客户接待 (C5); what may become of a call or visit (C3), which is no document."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.documents.lifecycle import Lifecycle, State, Step
from backoffice.people.models import Role

CALLS = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER)
READS = (*CALLS, Role.FINANCE, Role.GM)
LEADS = (Role.MANAGER, Role.GM)

DRAFT = State("draft", _("Draft"), editable=True, initial=True)
SUBMITTED = State("submitted", _("Submitted"), tone="waiting")
APPROVED = State("approved", _("Approved"), tone="good")
HOSTED = State("hosted", _("Took place"), tone="good")
SETTLED = State("settled", pgettext_lazy("expense", "Settled"), tone="done")
CANCELLED = State("cancelled", _("Cancelled"), tone="done", final=True)

SUBMIT = Step(
    "submit_reception", _("Submit"), (DRAFT,), SUBMITTED, CALLS, submits=True, tone="primary", key="F9",
)  # fmt: skip
APPROVE = Step(
    "approve_reception", _("Approve"), (SUBMITTED,), APPROVED, LEADS, reviewed=True, tone="primary", policy=((0, 1), (10_000, 2)),
    does=_("The guests may be invited; the budget is what was planned."),
)  # fmt: skip
RETURN = Step("return_reception", _("Return"), (SUBMITTED,), DRAFT, LEADS, needs_note=True)
HOST = Step(
    "host_reception", _("It took place"), (APPROVED,), HOSTED, CALLS, tone="primary", key="F9",
    does=_("What it cost and what came of it are written down."),
)  # fmt: skip
SETTLE = Step(
    "settle_reception", pgettext_lazy("expense", "Settle"), (HOSTED,), SETTLED, (*CALLS, Role.FINANCE), tone="primary", unattended=True,
    does=_("It is tied to the expense claim that pays for it."),
)  # fmt: skip
REOPEN = Step("reopen_reception", _("Its claim was withdrawn"), (SETTLED,), HOSTED, (), automatic=True)
CANCEL = Step(
    "cancel_reception", pgettext_lazy("reception", "Call off"), (DRAFT, SUBMITTED, APPROVED), CANCELLED, CALLS, needs_note=True, tone="danger",
)  # fmt: skip

RECEPTION = Lifecycle(
    "reception", _("Reception"), "RC", (DRAFT, SUBMITTED, APPROVED, HOSTED, SETTLED, CANCELLED),
    (SUBMIT, APPROVE, RETURN, HOST, SETTLE, REOPEN, CANCEL),
)  # fmt: skip
