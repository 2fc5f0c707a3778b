"""States and steps of a shipment (S1, S4, S5)."""

from django.utils.translation import gettext_lazy as _

from backoffice.documents.lifecycle import Lifecycle, State, Step
from backoffice.people.models import Role

DRAFT = State("draft", _("Draft"), editable=True, initial=True)
SUBMITTED = State("submitted", _("Submitted"), tone="waiting")
REVIEWED = State("reviewed", _("Reviewed"), tone="waiting")
DISPATCHED = State("dispatched", _("Dispatched"), tone="good")
DELIVERED = State("delivered", _("Delivered"), tone="done", final=True)
CANCELLED = State("cancelled", _("Cancelled"), tone="done", final=True)

OFFICE = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER, Role.WAREHOUSE)
REVIEWS = (Role.ASSISTANT, Role.MANAGER, Role.WAREHOUSE)

SUBMIT = Step("submit_shipment", _("Submit"), (DRAFT,), SUBMITTED, OFFICE, submits=True, tone="primary", key="F9")
REVIEW = Step(
    "review_shipment", _("Agree"), (SUBMITTED,), REVIEWED, REVIEWS, reviewed=True, policy=((0, 2),), tone="primary",
    does=_("Goods, quantities and address are right. Two people have to agree."),
)  # fmt: skip
RETURN = Step("return_shipment", _("Return"), (SUBMITTED, REVIEWED), DRAFT, REVIEWS, needs_note=True)
DISPATCH = Step(
    "dispatch_shipment", _("Dispatch"), (REVIEWED,), DISPATCHED, (Role.WAREHOUSE, Role.ASSISTANT), tone="primary", key="F9",
    does=_("The goods leave: stock goes down, the amount is fixed and posted."),
)  # fmt: skip
DELIVER = Step("deliver_shipment", _("Delivered"), (DISPATCHED,), DELIVERED, OFFICE, tone="primary")
CANCEL = Step(
    "cancel_shipment", _("Cancel"), (DRAFT, SUBMITTED, REVIEWED), CANCELLED, OFFICE, needs_note=True, tone="danger"
)

SHIPMENT = Lifecycle(
    "shipment", _("Shipment"), "SH", (DRAFT, SUBMITTED, REVIEWED, DISPATCHED, DELIVERED, CANCELLED),
    (SUBMIT, REVIEW, RETURN, DISPATCH, DELIVER, CANCEL),
)  # fmt: skip
