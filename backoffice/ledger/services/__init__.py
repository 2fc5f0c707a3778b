"""The only functions that write to the books of money."""

from backoffice.ledger.services.allocating import (
    Match,
    allocate,
    allocate_history,
    allocate_many,
    suggest,
    take_over,
    unallocate,
)
from backoffice.ledger.services.carrying import carry_over
from backoffice.ledger.services.closing import ask_to_close, ask_to_reopen, close, refuse_request, reopen
from backoffice.ledger.services.posting import Line, Posting, bulk_post, post, reverse
from backoffice.ledger.services.sealing import chain_head, seal, verify_chain

__all__ = [
    "Line", "Match", "Posting", "allocate", "allocate_history", "allocate_many", "ask_to_close", "ask_to_reopen",
    "bulk_post", "carry_over", "chain_head", "close", "post", "refuse_request", "reopen", "reverse", "seal", "suggest", "take_over", "unallocate",
    "verify_chain",
]  # fmt: skip
