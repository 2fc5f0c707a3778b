"""The only functions that write bids, their documents, goods, competitors and deposits (K5)."""

from contracts.bids.services.bids import (
    HEADER,
    STILL_OPEN,
    WantedPaper,
    approve_bid,
    change_papers,
    drop_bid,
    hand_in_bid,
    lose_bid,
    move_deadline,
    return_bid,
    save_bid,
    save_competitor,
    submit_bid,
    tick_paper,
    win_bid,
)
from contracts.bids.services.deposits import expect_deposit, pay_deposit, settle_deposit
from contracts.bids.services.goods import Offered, change_goods, make_contract

__all__ = [
    "HEADER", "STILL_OPEN", "Offered", "WantedPaper", "approve_bid", "change_goods", "change_papers", "drop_bid", "expect_deposit",
    "hand_in_bid", "lose_bid", "make_contract", "move_deadline", "pay_deposit", "return_bid", "save_bid", "save_competitor",
    "settle_deposit", "submit_bid", "tick_paper", "win_bid",
]  # fmt: skip
