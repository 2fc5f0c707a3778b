"""The only functions that write billing applications, invoices and payments."""

from invoices import topics  # noqa: F401  (declares what people are told)
from invoices.services.applications import (
    accept_application,
    bill_application,
    cancel_application,
    make_application,
    refuse_application,
    save_application,
    submit_application,
)
from invoices.services.invoicing import (
    cancel_invoice,
    issue_invoice,
    return_invoice,
    reverse_invoice,
    review_invoice,
    settle_invoice,
    submit_invoice,
    unsettle_invoice,
)
from invoices.services.payments import (
    allocate_payment,
    cancel_slip,
    confirm_payment,
    free_payment,
    refuse_payment,
    reverse_payment,
    save_payment,
    submit_slip,
    undo_allocation,
    use_up_payment,
)

__all__ = [
    "accept_application", "allocate_payment", "bill_application", "cancel_application", "cancel_invoice", "cancel_slip",
    "confirm_payment", "free_payment", "issue_invoice", "make_application", "refuse_application", "refuse_payment",
    "return_invoice", "reverse_invoice", "reverse_payment", "review_invoice", "save_application", "save_payment",
    "settle_invoice", "submit_application", "submit_invoice", "submit_slip", "undo_allocation", "unsettle_invoice",
    "use_up_payment",
]  # fmt: skip
