"""Questions about goods on their way: what is open, what it comes to, whether the money is there, what leaves today."""

from shipments.selectors.comparison import Comparison, compared
from shipments.selectors.days import (
    DayFigures,
    Dispatched,
    day_figures,
    day_of,
    dispatch_list,
    language_of,
    quantities_by_unit,
)
from shipments.selectors.money import MoneyGate, Waiting, clearance_of, money_gate, money_queue, why_held
from shipments.selectors.open_lines import (
    OpenGroup,
    offer,
    open_groups,
    open_lines,
    quantities_of,
    stock_free,
    taken,
    underway,
)

__all__ = [
    "Comparison", "DayFigures", "Dispatched", "MoneyGate", "OpenGroup", "Waiting", "clearance_of", "compared", "day_figures",
    "day_of", "dispatch_list", "language_of", "money_gate", "money_queue", "offer", "open_groups", "open_lines",
    "quantities_by_unit", "quantities_of", "stock_free", "taken", "underway", "why_held",
]  # fmt: skip
