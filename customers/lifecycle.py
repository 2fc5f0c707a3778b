"""States and steps of a change to a customer's billing data or credit (C8, C11)."""

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
