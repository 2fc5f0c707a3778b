"""Questions about commission and claims."""

from expenses.selectors.commission import Earned, commission, sheet_rows
from expenses.selectors.earning import Row, earn
from expenses.selectors.sources import Source, sources

__all__ = ["Earned", "Row", "Source", "commission", "earn", "sheet_rows", "sources"]
