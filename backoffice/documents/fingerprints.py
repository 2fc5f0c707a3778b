"""The fingerprint of a document: SHA-256 over a canonical form of all that goes on paper or moves goods or money."""

import hashlib
import json
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import DecimalField, Field, JSONField, Model

from backoffice.audit.models import Event
from backoffice.documents.models import Document
from backoffice.files.models import File

MERGES = "merge_customers"  # the one act by which a document changes hands after its content is fixed


def content(document: Document) -> dict[str, Any]:
    """What a reviewer agrees to: the document's own columns, its lines and files, and the submission round."""
    left_out = {*document.BOOKKEEPING, *document.movable}
    files = File.objects.filter(record_id=document.pk).order_by("sha256").values_list("sha256", flat=True)
    return {
        "kind": document.lifecycle.kind,
        "round": document.round,
        "columns": columns(document, left_out) | parties_as_fixed(document),
        "lines": lines_of(document, "lines"),
        **{name: lines_of(document, name) for name in document.more_lines},
        "files": list(files),
    }


def lines_of(document: Document, name: str) -> list[dict[str, str]]:
    """One list of lines in its order; a document without lines has none."""
    manager = getattr(document, name, None)
    rows = sorted(manager.all(), key=lambda line: (line.position, line.pk)) if manager is not None else []
    return [columns(line, {*line.COUNTERS, "id"}) for line in rows]


def columns(row: Model, left_out: set[str]) -> dict[str, str]:
    """Column name → value as text."""
    return {
        f.attname: as_kept(f, getattr(row, f.attname)) for f in row._meta.concrete_fields if f.attname not in left_out
    }


def as_kept(field: Field, value: Any) -> str:
    """A value as the database would give it back: in the scale of its column, so that 1.5 and 1.500 are one value."""
    if value is None:
        return ""
    if isinstance(field, JSONField):
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    if isinstance(value, datetime):
        return str(value.astimezone(UTC))
    if isinstance(field, DecimalField):
        return str(Decimal(value).quantize(Decimal(1).scaleb(-field.decimal_places), ROUND_HALF_UP))
    return str(value)


def parties_as_fixed(document: Document) -> dict[str, str]:
    """Columns that lead to a party, where it was merged into another since: whom the paper names, as the history tells."""
    moves = Event.objects.filter(record_id=document.pk, table=document._meta.db_table, step=MERGES).order_by("-pk")
    found: dict[str, str] = {}
    for changed in moves.values_list("changed", flat=True):
        for name, (before, after) in changed.items():
            if name in document.party_columns() and after == found.get(name, str(getattr(document, name))):
                found[name] = before
    return found


def fingerprint(document: Document) -> str:
    """The SHA-256 of the content, hexadecimal."""
    canonical = json.dumps(content(document), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
