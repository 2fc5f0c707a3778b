"""Questions about goods on their way: what is open, what it comes to, whether the money is there, what leaves today."""

from shipments.selectors.days import DayFigures, Dispatched, day_figures, dispatch_list
from shipments.selectors.money import MoneyGate, clearance_of, money_gate, why_held
from shipments.selectors.open_lines import OpenGroup, offer, open_groups, open_lines, stock_free, taken, underway

__all__ = [
    "DayFigures", "Dispatched", "MoneyGate", "OpenGroup", "clearance_of", "day_figures", "dispatch_list", "money_gate",
    "offer", "open_groups", "open_lines", "stock_free", "taken", "underway", "why_held",
]  # fmt: skip
