"""States and steps of what two people change in the archive: billing data and credit (C8, C11), and customers that become one (C1)."""

from django.utils.translation import gettext_lazy as _

from backoffice.documents.lifecycle import Lifecycle, State, Step
from backoffice.people.models import Role

DRAFT = State("draft", _("Draft"), editable=True, initial=True)
SUBMITTED = State("submitted", _("Submitted"), tone="waiting")
APPLIED = State("applied", _("Applied"), tone="good", final=True)
CANCELLED = State("cancelled", _("Cancelled"), tone="done", final=True)

OFFICE = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER, Role.FINANCE)
DECIDES = (Role.MANAGER, Role.FINANCE, Role.GM)

SUBMIT = Step("submit_customer_change", _("Submit"), (DRAFT,), SUBMITTED, OFFICE, submits=True, tone="primary")
APPLY = Step(
    "apply_customer_change", _("Agree and apply"), (SUBMITTED,), APPLIED, DECIDES, reviewed=True, tone="primary",
    does=_("The customer's data change as shown."),
)  # fmt: skip
RETURN = Step("return_customer_change", _("Return"), (SUBMITTED,), DRAFT, DECIDES, needs_note=True)
CANCEL = Step("cancel_customer_change", _("Withdraw"), (DRAFT, SUBMITTED), CANCELLED, OFFICE, tone="danger")

CUSTOMER_CHANGE = Lifecycle(
    "customer_change",
    _("Change of customer data"),
    "CC",
    (DRAFT, SUBMITTED, APPLIED, CANCELLED),
    (SUBMIT, APPLY, RETURN, CANCEL),
)

MERGED = State("merged", _("Merged"), tone="good", final=True)

SUBMIT_MERGE = Step("submit_customer_merge", _("Submit"), (DRAFT,), SUBMITTED, OFFICE, submits=True, tone="primary")
MERGE = Step(
    "merge_customers", _("Agree and merge"), (SUBMITTED,), MERGED, DECIDES, reviewed=True, tone="primary",
    does=_("Everything of the other customer goes over to this one; the other leads here from now on. This is for good."),
)  # fmt: skip
RETURN_MERGE = Step("return_customer_merge", _("Return"), (SUBMITTED,), DRAFT, DECIDES, needs_note=True)
CANCEL_MERGE = Step("cancel_customer_merge", _("Withdraw"), (DRAFT, SUBMITTED), CANCELLED, OFFICE, tone="danger")

CUSTOMER_MERGE = Lifecycle(
    "customer_merge",
    _("Merging of customers"),
    "CM",
    (DRAFT, SUBMITTED, MERGED, CANCELLED),
    (SUBMIT_MERGE, MERGE, RETURN_MERGE, CANCEL_MERGE),
)
