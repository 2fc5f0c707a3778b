"""Keeping a report as it was issued: figures, workbook and paper, hash and seal; a correction is a revision beside it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from backoffice.files.models import File
from backoffice.files.pdf import render_pdf
from backoffice.files.services import keep
from backoffice.ledger.services.sealing import chain_head
from backoffice.lists.workbook import Sheet, write_workbook
from backoffice.people.models import Person
from reports.models import Issued

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is to be kept. `person` is whose part of the company it is of; None for the whole of it."""

    kind: str
    period: str
    at: datetime
    figures: dict[str, Any]
    name: str
    sheets: Sequence[Sheet]
    paper: str
    context: dict[str, Any]
    person: Person | None = None
    changes: list[dict[str, str]] = field(default_factory=list)


def last_issued(kind: str, period: str, person: Person | None = None) -> Issued | None:
    return Issued.objects.filter(kind=kind, period=period, person=person).order_by("-revision").first()


def keep_issued(report: Report, *, revision: int = 0, is_late: bool = False) -> Issued:
    """Write it down in the company's language, with the hash of its figures and the head of the chain of the books."""
    digest = hashlib.sha256(json.dumps(report.figures, sort_keys=True).encode()).hexdigest()
    with translation.override(settings.LANGUAGE_CODE):
        book = write_workbook(report.sheets, by=None, title=report.name, watermark=digest[:10].upper())
        paper = render_pdf(report.paper, report.context, settings.LANGUAGE_CODE)
    return Issued.objects.create(
        kind=report.kind, period=report.period, person=report.person, revision=revision, watermark=report.at, is_late=is_late,
        figures=report.figures, changes=report.changes, sha256=digest, chain_head=chain_head()[1],
        workbook=keep(f"{report.name}.xlsx", book, XLSX, label=File.Label.ISSUED),
        pdf=keep(f"{report.name}.pdf", paper, "application/pdf", label=File.Label.ISSUED),
    )  # fmt: skip
