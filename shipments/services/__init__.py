"""The only functions that write shipments."""

from shipments.services.clearing import clear_shipment, release_shipment
from shipments.services.making import make_shipment, save_shipment, ship_order
from shipments.services.steps import (
    cancel_shipment,
    deliver_shipment,
    dispatch_shipment,
    return_shipment,
    review_shipment,
    submit_shipment,
)
from shipments.services.tracking import record_tracking, record_tracking_numbers

__all__ = [
    "cancel_shipment", "clear_shipment", "deliver_shipment", "dispatch_shipment", "make_shipment", "record_tracking",
    "record_tracking_numbers", "release_shipment", "return_shipment", "review_shipment", "save_shipment", "ship_order",
    "submit_shipment",
]  # fmt: skip
