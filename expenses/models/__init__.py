"""Commission plans and sheets; what people claim."""

from expenses.models.claims import Claim, ClaimLine, ExpenseKind
from expenses.models.commission import CommissionLine, CommissionPlan, CommissionSheet, PlanLine, Share, Tier

__all__ = [
    "Claim", "ClaimLine", "CommissionLine", "CommissionPlan", "CommissionSheet", "ExpenseKind", "PlanLine", "Share", "Tier",
]  # fmt: skip
