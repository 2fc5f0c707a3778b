"""The only functions that write contracts, their amendments and templates."""

from contracts.services import telling  # noqa: F401  (tells after the steps)
from contracts.services.amendments import (
    approve_amendment,
    cancel_amendment,
    return_amendment,
    save_amendment,
    sign_amendment,
    submit_amendment,
)
from contracts.services.contracts import (
    HEADER,
    approve_contract,
    cancel_contract,
    close_contract,
    count_called_off,
    fulfil_contract,
    left_of,
    lock_contract,
    move_in_archive,
    return_contract,
    save_contract,
    sign_contract,
    start_contract,
    submit_contract,
    terminate_contract,
)
from contracts.services.templates import KEEPS_TEMPLATES, save_template

__all__ = [
    "HEADER", "KEEPS_TEMPLATES", "approve_amendment", "approve_contract", "cancel_amendment", "cancel_contract", "close_contract",
    "count_called_off", "fulfil_contract", "left_of", "lock_contract", "move_in_archive", "return_amendment", "return_contract", "save_amendment", "save_contract",
    "save_template", "sign_amendment", "sign_contract", "start_contract", "submit_amendment", "submit_contract", "terminate_contract",
]  # fmt: skip
