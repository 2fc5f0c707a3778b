"""Keeping files and taking them away again."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit.acting import acting
from backoffice.people.models import Person
from backoffice.refusals import Refused

from .models import File
from .screening import MOST_BYTES, clean_name, screen, too_large

DRAFT = "draft"


def keep_upload(upload: Any, *, by: Any, record: Any = None, label: str = File.Label.OTHER) -> File:
    """Screen what a person sent and keep it; Refused in words when it is none of what we take."""
    if upload.size and upload.size > MOST_BYTES:  # before any of it is read
        raise too_large(upload.name or "")
    screened = screen(upload.name or "", upload.read())
    return keep(screened.name, screened.content, screened.content_type, by=by, record=record, label=label)


def keep(
    name: str, content: bytes, content_type: str, *, by: Any = None, record: Any = None, label: str = File.Label.ISSUED
) -> File:
    """Keep bytes that the program made itself (a PDF, a workbook), or that were screened."""
    by = by or Person.objects.system()
    with transaction.atomic(), acting(by, step="keep_file"):
        file = File(
            original_name=clean_name(name), content_type=content_type, size=len(content),
            sha256=hashlib.sha256(content).hexdigest(), label=label, record_id=getattr(record, "pk", record), uploaded_by=by,
        )  # fmt: skip
        write_whole(file.path, content)
        file.save(force_insert=True)
    return file


def may_remove(file: File, person: Any) -> bool:
    """Its owner or the author of the document, as long as the document is a draft."""
    if file.record is None:
        return bool(file.uploaded_by_id == person.pk)
    return file.record.state == DRAFT and person.pk in (file.uploaded_by_id, file.record.author_id)


def remove_file(file: File, *, by: Any) -> None:
    """Take a file away from a draft; PostgreSQL refuses it for anything else."""
    if not may_remove(file, by):
        raise Refused(_("What is on file for a document that is no draft any more stays on file."))
    path = file.path
    try:
        with transaction.atomic(), acting(by, step="remove_file"):
            file.delete()
    except ProtectedError:
        raise Refused(_("This file is used elsewhere (a mail or a report) and stays on file.")) from None
    transaction.on_commit(lambda: path.unlink(missing_ok=True), robust=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write beside, then rename: a reader finds all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(beside).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(beside).unlink()
        raise


def remove_orphans(older_than: timedelta = timedelta(days=1)) -> int:
    """Delete bytes whose row was never committed; how many."""
    before = (timezone.now() - older_than).timestamp()
    old = [path for path in _stored() if path.stat().st_mtime < before]
    known = set(File.objects.filter(stored_name__in=[path.name for path in old]).values_list("stored_name", flat=True))
    lost = [path for path in old if path.name not in known]
    for path in lost:
        path.unlink(missing_ok=True)
    return len(lost)


def _stored() -> Iterator[Path]:
    return (path for path in (Path(settings.MEDIA_ROOT) / "files").glob("??/*") if path.is_file())
