"""Workbooks that go back to whoever mends them: the sheet as it came with its wrong cells marked, and empty templates."""

import io
from collections import defaultdict

from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.lists.workbook import open_book, put
from backoffice.sheets.declared import Problem, Sheet
from backoffice.sheets.fields import Field
from backoffice.sheets.models import Batch
from backoffice.sheets.passing import table_of
from backoffice.sheets.reading import ERRORS_COLUMN
from backoffice.sheets.recognising import columns_of

WRONG = {"bg_color": "#FCE8E6", "font_color": "#B3261E"}


def marked(batch: Batch, *, only_wrong: bool) -> bytes:
    """All rows, or only those to mend, with the wrong cells in red and a first column «errors»; can be uploaded again as it is."""
    table = table_of(batch, screened=True)
    heading = table.heading(batch.heading_at)
    places = columns_of(batch.mapping, heading)
    problems: dict[int, list[Problem]] = defaultdict(list)
    for problem in batch.problems:
        problems[problem.row].append(problem)
    file = io.BytesIO()
    with open_book(file) as book:
        page = book.add_worksheet(table.name[:31] or "Sheet1")
        bold, wrong = book.add_format({"bold": True}), book.add_format(WRONG)
        styles = {
            True: (wrong, book.add_format({**WRONG, "num_format": "yyyy-mm-dd"})),
            False: (None, book.add_format({"num_format": "yyyy-mm-dd"})),
        }
        for at, text in enumerate([ERRORS_COLUMN, *heading]):
            page.write_string(0, at, text, bold)
        page.set_column(0, 0, 60)
        page.set_column(1, len(heading), 16)
        page.freeze_panes(1, 1)
        line = 0
        for number, cells in table.rows(batch.heading_at):
            found = problems.get(number, [])
            if only_wrong and not found:
                continue
            line += 1
            put(page, line, 0, "; ".join(problem.in_words() for problem in found), wrong)
            bad = {places.get(problem.field) for problem in found}
            for at, value in enumerate(cells[: len(heading)]):
                plain, dated = styles[at in bad]
                if value in ("", None) and at in bad:
                    page.write_blank(line, at + 1, None, wrong)
                put(page, line, at + 1, value, dated if hasattr(value, "year") else plain)
    return file.getvalue()


def template(sheet: type[Sheet]) -> bytes:
    """An empty workbook for this kind: headings, and a second sheet that says what each column is for."""
    file = io.BytesIO()
    with open_book(file) as book:
        bold, must, wrap = (
            book.add_format({"bold": True}),
            book.add_format({"bold": True, "font_color": "#B3261E"}),
            book.add_format({"text_wrap": True}),
        )
        page = book.add_worksheet(str(sheet.title)[:31])
        text_format = book.add_format({"num_format": "@"})
        for at, field in enumerate(sheet.fields):
            page.set_column(at, at, max(14, 2 * len(str(field.label))), text_format if field.kind == "text" else None)
            page.write_string(0, at, str(field.label or field.name), must if field.required else bold)
        page.freeze_panes(1, 0)
        notes = book.add_worksheet(_("Columns"))
        notes.set_column(0, 5, 24, wrap)
        rows = [
            [_("Column"), _("Required"), _("Content"), _("Example"), _("Also recognised as"), _("What it is for")],
            *(explained(field) for field in sheet.fields),
        ]
        for number, row in enumerate(rows):
            for at, text in enumerate(row):
                notes.write_string(number, at, text, bold if number == 0 else wrap)
    return file.getvalue()


def explained(field: Field) -> list[str]:
    """What a column is for, in words."""
    content = "、".join(field.choices) if field.kind == "choice" else str(kind_words()[field.kind])
    example = (
        field.example
        or EXAMPLES.get(field.kind, "")
        or (next(iter(field.choices), "") if field.kind == "choice" else "")
    )
    return [
        str(field.label or field.name),
        _("yes") if field.required else "",
        content,
        str(example),
        "、".join(field.headers),
        str(field.help),
    ]


EXAMPLES = {
    "date": f"{timezone.now():%Y}-05-01",
    "money": "1580.00",
    "price": "35.29",
    "quantity": "12.5",
    "int": "30",
    "rate": "13%",
    "points": "2.5",
}


def kind_words() -> dict[str, str]:
    return {
        "text": _("text"), "date": _("date"), "money": _("amount, two decimals"), "price": _("price, up to six decimals"),
        "quantity": _("quantity, up to three decimals"), "decimal": _("any number"), "int": _("whole number"), "rate": _("rate: 13% or 0.13"),
        "points": _("percent: 2.5 is 2.5 %"), "bool": _("yes or no"), "choice": "",
    }  # fmt: skip
