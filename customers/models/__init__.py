"""The archive of customers: who they are, what they may owe, whom we talk to there, what was said; and what two people change."""

from customers.models.archive import (
    GUARDED,
    Address,
    Contact,
    Customer,
    CustomerChange,
    Note,
    PaymentTerm,
    Settlement,
    owed_by,
)
from customers.models.merging import CustomerMerge, Duplicate, HandOver

__all__ = [
    "GUARDED", "Address", "Contact", "Customer", "CustomerChange", "CustomerMerge", "Duplicate", "HandOver", "Note", "PaymentTerm",
    "Settlement", "owed_by",
]  # fmt: skip
