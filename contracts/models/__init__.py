"""Contracts, what is planned in them, the templates they are drafted from, and the amendments that change them."""

from contracts.models.amendment import Amendment
from contracts.models.contract import WARNED_BEFORE, Contract, ContractLine, ContractQuerySet, PlannedPayment
from contracts.models.template import Category, ContractTemplate, InvoiceRule

__all__ = [
    "WARNED_BEFORE",
    "Amendment",
    "Category",
    "Contract",
    "ContractLine",
    "ContractQuerySet",
    "ContractTemplate",
    "InvoiceRule",
    "PlannedPayment",
]  # fmt: skip
