"""The only functions that write claims, commission plans and commission sheets."""

from expenses import topics  # noqa: F401  (declares what people are told)
from expenses.services.claims import (
    WantedReceipt,
    approve_claim,
    cancel_claim,
    check_claim,
    pay_claim,
    return_claim,
    save_claim,
    submit_claim,
)
from expenses.services.kinds import KEEPS_KINDS, save_kind
from expenses.services.plans import WantedLine, save_plan, set_personal_rates
from expenses.services.sheets import (
    compute_sheet,
    freeze_commission,
    pay_commission,
    return_commission,
    review_commission,
    submit_commission,
)

__all__ = [
    "KEEPS_KINDS", "WantedLine", "WantedReceipt", "approve_claim", "cancel_claim", "check_claim", "compute_sheet", "freeze_commission", "pay_claim",
    "pay_commission", "return_claim", "return_commission", "review_commission", "save_claim", "save_kind", "save_plan", "set_personal_rates",
    "submit_claim", "submit_commission",
]  # fmt: skip
