"""Who changed what, when and why: one append-only book of changes, written by triggers."""

from backoffice.audit.acting import acting
from backoffice.audit.tracking import tracked

__all__ = ["acting", "tracked"]
