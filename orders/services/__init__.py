"""The only functions that write orders."""

from orders.services import telling  # noqa: F401  (tells after the steps)
from orders.services.counting import count_invoiced, count_returned, count_shipped
from orders.services.letting_go import let_go
from orders.services.saving import Wanted, copy_of, save_order
from orders.services.steps import (
    approve_order,
    cancel_order,
    close_order,
    finish_order,
    recheck_order,
    release_order,
    reopen_order,
    return_order,
    submit_order,
)

__all__ = [
    "Wanted", "approve_order", "cancel_order", "close_order", "copy_of", "count_invoiced", "count_returned", "count_shipped",
    "finish_order", "let_go", "recheck_order", "release_order", "reopen_order", "return_order", "save_order", "submit_order",
]  # fmt: skip
