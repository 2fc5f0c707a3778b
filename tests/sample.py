"""The sample company that lies beside the project (../shared, or SHARED_DIR); a user's machine does not have it."""

import csv
import os
from pathlib import Path

import pytest
from django.conf import settings
from openpyxl import load_workbook

SHARED = Path(os.environ.get("SHARED_DIR", settings.BASE_DIR.parent / "shared"))
SAMPLE = SHARED / "data" / "classicmodels"

needs_sample = pytest.mark.skipif(
    not SAMPLE.exists(), reason="the sample company is not beside the project (../shared); the demo company serves"
)


def answers(name: str) -> list[dict[str, str]]:
    """The rows of one answer: figures computed independently of this program."""
    with (SAMPLE / "answers" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def workbook_rows(name: str) -> list[dict[str, object]]:
    """The rows of one workbook by their English headers."""
    head, *rows = load_workbook(SAMPLE / "xlsx" / name, read_only=True).active.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]
