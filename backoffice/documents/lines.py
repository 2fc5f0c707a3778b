"""A line of a document. Frozen by trigger once the document is fixed; only counters move on."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentLine(models.Model):
    """The columns every line has. `document_field` names the foreign key to the document, `COUNTERS` what steps move.

    `UNTOLD` are counters that another book keeps already: their moves are no line of the document's history.
    """

    document_field: ClassVar[str] = "document"
    COUNTERS: ClassVar[tuple[str, ...]] = ()
    UNTOLD: ClassVar[tuple[str, ...]] = ()

    position = models.PositiveIntegerField(_("position"))

    class Meta:
        abstract = True
        ordering = ["position", "pk"]
