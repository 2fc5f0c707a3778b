"""States and steps of a contract (K1, K2)."""

from django.utils.translation import gettext_lazy as _

from backoffice.documents.lifecycle import Lifecycle, State, Step
from backoffice.people.models import Role

DRAFT = State("draft", _("Draft"), editable=True, initial=True)
SUBMITTED = State("submitted", _("Submitted"), tone="waiting")
APPROVED = State("approved", _("Approved"), tone="waiting")
SIGNED = State("signed", _("Signed"), tone="good")
RUNNING = State("running", _("Running"), tone="good")
FULFILLED = State("fulfilled", _("Fulfilled"), tone="done")
CLOSED = State("closed", _("Closed"), tone="done", final=True)
TERMINATED = State("terminated", _("Terminated"), tone="bad", final=True)
CANCELLED = State("cancelled", _("Cancelled"), tone="done", final=True)

OFFICE = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER)
DECIDES = (Role.MANAGER, Role.GM)

SUBMIT = Step("submit_contract", _("Submit"), (DRAFT,), SUBMITTED, OFFICE, submits=True, tone="primary")
APPROVE = Step(
    "approve_contract", _("Approve"), (SUBMITTED,), APPROVED, DECIDES, reviewed=True, tone="primary",
    policy=((0, 1), (100_000, 2)), does=_("The contract gets its number and can be signed."),
)  # fmt: skip
RETURN = Step("return_contract", _("Return"), (SUBMITTED,), DRAFT, DECIDES, needs_note=True)
SIGN = Step("sign_contract", _("File the signed copy"), (APPROVED,), SIGNED, OFFICE, tone="primary")
START = Step(
    "start_contract",
    _("Start"),
    (SIGNED,),
    RUNNING,
    OFFICE,
    tone="primary",
    does=_("Orders can be called off from it."),
)
FULFIL = Step("fulfil_contract", _("Fulfilled"), (RUNNING,), FULFILLED, OFFICE, automatic=True)
CLOSE = Step("close_contract", _("Close"), (RUNNING, FULFILLED), CLOSED, DECIDES, needs_note=True)
TERMINATE = Step(
    "terminate_contract",
    _("Terminate"),
    (APPROVED, SIGNED, RUNNING),
    TERMINATED,
    DECIDES,
    needs_note=True,
    tone="danger",
)
CANCEL = Step("cancel_contract", _("Discard"), (DRAFT, SUBMITTED), CANCELLED, OFFICE, tone="danger")

CONTRACT = Lifecycle(
    "contract", _("Contract"), "HT",
    (DRAFT, SUBMITTED, APPROVED, SIGNED, RUNNING, FULFILLED, CLOSED, TERMINATED, CANCELLED),
    (SUBMIT, APPROVE, RETURN, SIGN, START, FULFIL, CLOSE, TERMINATE, CANCEL),
)  # fmt: skip
