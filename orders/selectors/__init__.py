"""Questions about orders: exposure, prices, progress, sales."""

from orders.selectors.credit import Exposed, exposure, exposure_at, needs_credit, why_held
from orders.selectors.prices import Price, Prices
from orders.selectors.sales import By, Fulfilment, Per, Sales, booked_sales, fulfilment

__all__ = [
    "By", "Exposed", "Fulfilment", "Per", "Price", "Prices", "Sales", "booked_sales", "exposure", "exposure_at", "fulfilment", "needs_credit",
    "why_held",
]  # fmt: skip
