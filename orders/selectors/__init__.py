"""Questions about orders: exposure, prices, progress, sales."""

from orders.selectors.credit import Exposed, exposure, exposure_at, needs_credit, why_held
from orders.selectors.prices import Price, Prices

__all__ = ["Exposed", "Price", "Prices", "exposure", "exposure_at", "needs_credit", "why_held"]
