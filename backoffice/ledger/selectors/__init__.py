"""Questions to the books of money. Every figure of any past day comes from dated rows, never from counters."""

from backoffice.ledger.selectors.balances import (
    AccountLedger,
    LedgerLine,
    TrialRow,
    account_ledger,
    balance,
    trial_balance,
    trial_totals,
)
from backoffice.ledger.selectors.deals import Deal, Instalment, Receipt, deal, instalments, receipts
from backoffice.ledger.selectors.items import (
    Ageing,
    AgeingRow,
    OpenItem,
    age,
    ageing,
    ageing_labels,
    open_items,
    paid_for,
    paid_for_each,
)
from backoffice.ledger.selectors.statements import PartyBalance, Statement, StatementRow, party_balances, statement

__all__ = [
    "AccountLedger", "Ageing", "AgeingRow", "Deal", "Instalment", "LedgerLine", "OpenItem", "PartyBalance", "Receipt", "Statement", "StatementRow",
    "TrialRow", "account_ledger", "age", "ageing", "ageing_labels", "balance", "deal", "instalments", "open_items", "paid_for", "paid_for_each", "party_balances", "receipts",
    "statement", "trial_balance", "trial_totals",
]  # fmt: skip
