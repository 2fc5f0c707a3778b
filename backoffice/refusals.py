"""Why something is not done, in words for the person who asked."""

from typing import Any

from django.utils.functional import Promise


class Refused(Exception):
    """A rule of the business says no. The message says why and what to do next; nothing was changed."""

    def __init__(self, message: str | Promise, *, code: str = "refused", field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class Stale(Refused):
    """Somebody else changed the document since it was opened; `changes` are the audit events in between."""

    def __init__(self, message: str | Promise, *, changes: Any = ()) -> None:
        super().__init__(message, code="stale")
        self.changes = list(changes)
