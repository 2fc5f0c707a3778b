"""Questions about what is to be billed, what was billed, and what was paid."""

from invoices.selectors.billing import Billable, billable, parts_of, pending_quantities
from invoices.selectors.comparison import Compared, compare, differences

__all__ = ["Billable", "Compared", "billable", "compare", "differences", "parts_of", "pending_quantities"]
