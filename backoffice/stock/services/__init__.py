"""The only functions that write products, their masters, and the book of goods."""

from backoffice.stock.services.masters import KEEPS, save_master, save_product
from backoffice.stock.services.moving import (
    Move,
    Wanted,
    lock_levels,
    move,
    release,
    reserve,
    reserve_many,
    take_over_stock,
)

__all__ = [
    "KEEPS", "Move", "Wanted", "lock_levels", "move", "release", "reserve", "reserve_many", "save_master", "save_product", "take_over_stock"
]  # fmt: skip
