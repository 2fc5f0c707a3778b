"""States and steps of a contract, and of an amendment that changes one (K1, K2)."""

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
AMENDING = State("amending", _("Being amended"), tone="waiting", editable=True)  # inside one transaction only
EFFECTIVE = State("effective", _("In force"), tone="good", final=True)

OFFICE = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER)
DRAFTS = (*OFFICE, Role.PURCHASING)  # purchasing has contracts of its own, and sees no others
DECIDES = (Role.MANAGER, Role.GM)

SUBMIT = Step("submit_contract", _("Submit"), (DRAFT,), SUBMITTED, DRAFTS, submits=True, tone="primary")
APPROVE = Step(
    "approve_contract", _("Approve"), (SUBMITTED,), APPROVED, DECIDES, reviewed=True, tone="primary",
    policy=((0, 1), (100_000, 2)), does=_("The contract gets its number and can be signed."),
)  # fmt: skip
RETURN = Step("return_contract", _("Return"), (SUBMITTED,), DRAFT, DECIDES, needs_note=True)
SIGN = Step("sign_contract", _("File the signed copy"), (APPROVED,), SIGNED, DRAFTS, tone="primary")
START = Step(
    "start_contract",
    _("Start"),
    (SIGNED,),
    RUNNING,
    DRAFTS,
    tone="primary",
    does=_("Orders can be called off from it."),
)
FULFIL = Step("fulfil_contract", _("Fulfilled"), (RUNNING,), FULFILLED, DRAFTS, automatic=True)
CLOSE = Step(
    "close_contract", _("Close"), (RUNNING, FULFILLED), CLOSED, DECIDES,
    does=_("Nothing is called off from it any more; what is left of it is given up."),
)  # fmt: skip
TERMINATE = Step(
    "terminate_contract",
    _("Terminate"),
    (APPROVED, SIGNED, RUNNING),
    TERMINATED,
    DECIDES,
    needs_note=True,
    tone="danger",
)
CANCEL = Step("cancel_contract", _("Discard"), (DRAFT, SUBMITTED), CANCELLED, DRAFTS, tone="danger")
# Content that was agreed changes by an amendment in force and by nothing else; both are taken by `sign_amendment`.
OPEN = Step(
    "open_contract", _("Open for its amendment"), (SIGNED, RUNNING, FULFILLED), AMENDING, DRAFTS, automatic=True
)
AMEND = Step("amend_contract", _("Amend"), (AMENDING,), RUNNING, DRAFTS, or_to=(SIGNED, FULFILLED), automatic=True)

CONTRACT = Lifecycle(
    "contract", _("Contract"), "HT",
    (DRAFT, SUBMITTED, APPROVED, SIGNED, RUNNING, FULFILLED, CLOSED, TERMINATED, CANCELLED, AMENDING),
    (SUBMIT, APPROVE, RETURN, SIGN, START, FULFIL, CLOSE, TERMINATE, CANCEL, OPEN, AMEND),
)  # fmt: skip

SUBMIT_AMENDMENT = Step("submit_amendment", _("Submit"), (DRAFT,), SUBMITTED, DRAFTS, submits=True, tone="primary")
APPROVE_AMENDMENT = Step(
    "approve_amendment", _("Approve"), (SUBMITTED,), APPROVED, DECIDES, reviewed=True, tone="primary",
    policy=((0, 1), (100_000, 2)), does=_("The amendment gets its number and can be signed."),
)  # fmt: skip
RETURN_AMENDMENT = Step("return_amendment", _("Return"), (SUBMITTED,), DRAFT, DECIDES, needs_note=True)
SIGN_AMENDMENT = Step(
    "sign_amendment", _("File the signed amendment"), (APPROVED,), EFFECTIVE, DRAFTS, tone="primary",
    does=_("The contract says from now on what the amendment says; the edition before stays readable."),
)  # fmt: skip
CANCEL_AMENDMENT = Step(
    "cancel_amendment", _("Discard"), (DRAFT, SUBMITTED, APPROVED), CANCELLED, DRAFTS, tone="danger", needs_note=True
)

AMENDMENT = Lifecycle(
    "amendment", _("Contract amendment"), "BG",
    (DRAFT, SUBMITTED, APPROVED, EFFECTIVE, CANCELLED),
    (SUBMIT_AMENDMENT, APPROVE_AMENDMENT, RETURN_AMENDMENT, SIGN_AMENDMENT, CANCEL_AMENDMENT),
)  # fmt: skip
