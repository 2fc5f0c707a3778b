"""Pages of the customer archive."""

from customers.views.archive import CRUMBS, OfCustomer

__all__ = ["CRUMBS", "OfCustomer"]
