"""States and steps of claims and commission sheets (E1, E7)."""

from django.utils.translation import gettext_lazy as _

from backoffice.documents.lifecycle import Lifecycle, State, Step
from backoffice.people.models import Role

ANYBODY = tuple(Role.values)
DECIDES = (Role.MANAGER, Role.GM)

DRAFT = State("draft", _("Draft"), editable=True, initial=True)
SUBMITTED = State("submitted", _("Submitted"), tone="waiting")
CHECKED = State("checked", _("Checked"), tone="waiting")
APPROVED = State("approved", _("Approved"), tone="good")
PAID = State("paid", _("Paid"), tone="done", final=True)
CANCELLED = State("cancelled", _("Cancelled"), tone="done", final=True)

SUBMIT_CLAIM = Step("submit_claim", _("Submit"), (DRAFT,), SUBMITTED, ANYBODY, submits=True, tone="primary", key="F9")
CHECK_CLAIM = Step(
    "check_claim", _("Receipts are right"), (SUBMITTED,), CHECKED, (Role.FINANCE,), reviewed=True, tone="primary"
)
APPROVE_CLAIM = Step(
    "approve_claim", _("Approve"), (CHECKED,), APPROVED, DECIDES, reviewed=True, policy=((0, 1), (20_000, 2)), tone="primary",
    does=_("The expense is posted and owed to the claimant."),
)  # fmt: skip
RETURN_CLAIM = Step("return_claim", _("Return"), (SUBMITTED, CHECKED), DRAFT, (Role.FINANCE, *DECIDES), needs_note=True)
PAY_CLAIM = Step("pay_claim", _("Paid out"), (APPROVED,), PAID, (Role.FINANCE,), tone="primary")
CANCEL_CLAIM = Step("cancel_claim", _("Withdraw"), (DRAFT, SUBMITTED), CANCELLED, ANYBODY, tone="danger")

CLAIM = Lifecycle(
    "claim", _("Expense claim"), "EX", (DRAFT, SUBMITTED, CHECKED, APPROVED, PAID, CANCELLED),
    (SUBMIT_CLAIM, CHECK_CLAIM, APPROVE_CLAIM, RETURN_CLAIM, PAY_CLAIM, CANCEL_CLAIM),
)  # fmt: skip

COMPUTED = State("computed", _("Computed"), tone="waiting", editable=True, initial=True)
HANDED_IN = State("submitted", _("In review"), tone="waiting")
REVIEWED = State("reviewed", _("Reviewed"), tone="good")
FROZEN = State("frozen", _("Frozen"), tone="good")

SUBMIT_SHEET = Step(
    "submit_commission",
    _("Hand in for review"),
    (COMPUTED,),
    HANDED_IN,
    (Role.FINANCE, Role.MANAGER),
    submits=True,
    tone="primary",
)
REVIEW_SHEET = Step(
    "review_commission",
    _("Agree"),
    (HANDED_IN,),
    REVIEWED,
    (Role.MANAGER, Role.GM, Role.FINANCE),
    reviewed=True,
    tone="primary",
)
RETURN_SHEET = Step(
    "return_commission",
    _("Return"),
    (HANDED_IN, REVIEWED),
    COMPUTED,
    (Role.MANAGER, Role.GM, Role.FINANCE),
    needs_note=True,
)
FREEZE_SHEET = Step(
    "freeze_commission", _("Freeze"), (REVIEWED,), FROZEN, (Role.FINANCE, Role.GM), tone="primary",
    does=_("The sheet never changes again; it is posted and mailed to HR."),
)  # fmt: skip
PAY_SHEET = Step("pay_commission", _("Paid out"), (FROZEN,), PAID, (Role.FINANCE, Role.HR), tone="primary")

COMMISSION = Lifecycle(
    "commission_sheet", _("Commission sheet"), "CS", (COMPUTED, HANDED_IN, REVIEWED, FROZEN, PAID),
    (SUBMIT_SHEET, REVIEW_SHEET, RETURN_SHEET, FREEZE_SHEET, PAY_SHEET),
)  # fmt: skip
