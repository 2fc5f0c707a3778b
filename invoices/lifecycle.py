"""States and steps of billing applications, invoices and payment slips (I1, I2, I9, O4)."""

from django.utils.translation import gettext_lazy as _

from backoffice.documents.lifecycle import Lifecycle, State, Step
from backoffice.people.models import Role

OFFICE = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER)
FINANCE = (Role.FINANCE,)

DRAFT = State("draft", _("Draft"), editable=True, initial=True)
SUBMITTED = State("submitted", _("Submitted"), tone="waiting")
CANCELLED = State("cancelled", _("Cancelled"), tone="done", final=True)
REFUSED = State("refused", _("Refused"), tone="bad", final=True)

# ── billing application 开票申请 ────────────────────────────────────────────────────────────
ACCEPTED = State("accepted", _("Accepted"), tone="good")
BILLED = State("invoiced", _("Invoiced"), tone="done", final=True)

SUBMIT_APPLICATION = Step(
    "submit_application", _("Hand to finance"), (DRAFT,), SUBMITTED, OFFICE, submits=True, tone="primary", key="F9"
)
ACCEPT_APPLICATION = Step(
    "accept_application", _("Accept"), (SUBMITTED,), ACCEPTED, FINANCE, reviewed=True, tone="primary",
    does=_("An invoice is drafted from it."),
)  # fmt: skip
REFUSE_APPLICATION = Step(
    "refuse_application", _("Refuse"), (SUBMITTED,), REFUSED, FINANCE, needs_note=True, tone="danger"
)
BILL_APPLICATION = Step("bill_application", _("Invoiced"), (ACCEPTED,), BILLED, FINANCE, automatic=True)
CANCEL_APPLICATION = Step("cancel_application", _("Withdraw"), (DRAFT, SUBMITTED), CANCELLED, OFFICE, tone="danger")

APPLICATION = Lifecycle(
    "billing_application", _("Billing application"), "BA", (DRAFT, SUBMITTED, ACCEPTED, BILLED, REFUSED, CANCELLED),
    (SUBMIT_APPLICATION, ACCEPT_APPLICATION, REFUSE_APPLICATION, BILL_APPLICATION, CANCEL_APPLICATION),
)  # fmt: skip

# ── invoice 发票 ────────────────────────────────────────────────────────────────────────────
REVIEWED = State("reviewed", _("Reviewed"), tone="waiting")
ISSUED = State("issued", _("Issued"), tone="good")
SETTLED = State("settled", _("Settled"), tone="done")
REVERSED = State("reversed", _("Reversed"), tone="bad", final=True)
INVOICE_REVIEWERS = (Role.FINANCE, Role.ASSISTANT, Role.MANAGER)

SUBMIT_INVOICE = Step(
    "submit_invoice", _("Submit"), (DRAFT,), SUBMITTED, (Role.FINANCE, *OFFICE), submits=True, tone="primary", key="F9"
)
REVIEW_INVOICE = Step(
    "review_invoice", _("Agree"), (SUBMITTED,), REVIEWED, INVOICE_REVIEWERS, reviewed=True, policy=((0, 2),), tone="primary",
    does=_("Variety, unit price and quantity agree with the order. Two people have to agree."),
)  # fmt: skip
RETURN_INVOICE = Step("return_invoice", _("Return"), (SUBMITTED, REVIEWED), DRAFT, INVOICE_REVIEWERS, needs_note=True)
ISSUE_INVOICE = Step(
    "issue_invoice", _("Issue"), (REVIEWED,), ISSUED, FINANCE, tone="primary", key="F9",
    does=_("The number of the tax invoice is recorded and the receivable is posted."),
)  # fmt: skip
SETTLE_INVOICE = Step("settle_invoice", _("Settled"), (ISSUED,), SETTLED, FINANCE, automatic=True)
UNSETTLE_INVOICE = Step("unsettle_invoice", _("Open again"), (SETTLED,), ISSUED, FINANCE, automatic=True)
REVERSE_INVOICE = Step(
    "reverse_invoice", _("Reverse by a red-letter invoice"), (ISSUED,), REVERSED, FINANCE, needs_note=True, tone="danger",
    does=_("The posting is reversed and the goods can be invoiced again."),
)  # fmt: skip
CANCEL_INVOICE = Step(
    "cancel_invoice",
    _("Discard"),
    (DRAFT, SUBMITTED, REVIEWED),
    CANCELLED,
    (Role.FINANCE, *OFFICE),
    needs_note=True,
    tone="danger",
)

INVOICE = Lifecycle(
    "invoice", _("Invoice"), "IN", (DRAFT, SUBMITTED, REVIEWED, ISSUED, SETTLED, REVERSED, CANCELLED),
    (SUBMIT_INVOICE, REVIEW_INVOICE, RETURN_INVOICE, ISSUE_INVOICE, SETTLE_INVOICE, UNSETTLE_INVOICE, REVERSE_INVOICE, CANCEL_INVOICE),
)  # fmt: skip

# ── payment slip 缴款单 ─────────────────────────────────────────────────────────────────────
ENTERED = State("entered", _("Entered"), editable=True, initial=True)
WAITING = State("waiting", _("Waits for finance"), tone="waiting")
CONFIRMED = State("confirmed", _("Confirmed"), tone="good")
ALLOCATED = State("allocated", _("Allocated"), tone="done")

SUBMIT_SLIP = Step(
    "submit_slip",
    _("Hand to finance"),
    (ENTERED,),
    WAITING,
    (Role.FINANCE, *OFFICE),
    submits=True,
    tone="primary",
    key="F9",
)
CONFIRM_PAYMENT = Step(
    "confirm_payment", _("Money is there"), (WAITING,), CONFIRMED, FINANCE, reviewed=True, tone="primary",
    does=_("The money is posted as the customer's advance."),
)  # fmt: skip
REFUSE_PAYMENT = Step("refuse_payment", _("Not received"), (WAITING,), REFUSED, FINANCE, needs_note=True, tone="danger")
USE_UP = Step("use_up_payment", _("Allocated in full"), (CONFIRMED,), ALLOCATED, FINANCE, automatic=True)
GIVE_BACK = Step("free_payment", _("Not all allocated"), (ALLOCATED,), CONFIRMED, FINANCE, automatic=True)
REVERSE_PAYMENT = Step(
    "reverse_payment", _("Reverse"), (CONFIRMED,), REVERSED, FINANCE, needs_note=True, tone="danger",
    does=_("The posting is reversed, for instance when a cheque bounced."),
)  # fmt: skip
CANCEL_SLIP = Step("cancel_slip", _("Withdraw"), (ENTERED, WAITING), CANCELLED, (Role.FINANCE, *OFFICE), tone="danger")

PAYMENT = Lifecycle(
    "payment", _("Payment slip"), "PS", (ENTERED, WAITING, CONFIRMED, ALLOCATED, REFUSED, REVERSED, CANCELLED),
    (SUBMIT_SLIP, CONFIRM_PAYMENT, REFUSE_PAYMENT, USE_UP, GIVE_BACK, REVERSE_PAYMENT, CANCEL_SLIP),
)  # fmt: skip
