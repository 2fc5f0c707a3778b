"""The only functions that write shipments."""

from shipments.services.clearing import clear_shipment, release_papers, release_shipment
from shipments.services.making import make_shipment, save_shipment, ship_order
from shipments.services.opening import after_opening_shipments, take_over_shipments
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
    "after_opening_shipments", "cancel_shipment", "clear_shipment", "deliver_shipment", "dispatch_shipment", "make_shipment", "record_tracking",
    "record_tracking_numbers", "release_papers", "release_shipment", "return_shipment", "review_shipment", "save_shipment",
    "ship_order", "submit_shipment", "take_over_shipments",
]  # fmt: skip
