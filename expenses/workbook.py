"""A commission sheet as a workbook: totals by person, then every row with its reason."""

from django.utils.translation import gettext as _

from backoffice.lists.workbook import Plain, Sheet, write_workbook
from backoffice.people.models import Person
from expenses.models import CommissionSheet
from expenses.selectors.commission import by_person

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheets_of(sheet: CommissionSheet) -> list[Sheet]:
    """Two sheets: one row a person, and the rows of the sheet."""
    lines = list(sheet.lines.select_related("person", "party", "record", "plan"))
    people = [
        (person.employee_no if person else "", person.name if person else _("nobody"), len(rows), total)
        for person, rows, total in by_person(lines)
    ]
    sums = [
        Plain(_("Employee number"), "text", 16), Plain(_("Salesperson"), "text", 20), Plain(_("Rows"), "integer", 8),
        Plain(_("Commission"), "money", 16),
    ]  # fmt: skip
    columns = [
        Plain("#", "integer", 6), Plain(_("Salesperson"), "text", 18), Plain(_("Date"), "date", 12), Plain(_("Document"), "text", 18),
        Plain(_("What happened"), "text", 16), Plain(_("Customer"), "text", 28), Plain(_("Base"), "money", 16), Plain(_("Commission rate"), "percent", 10),
        Plain(_("Share"), "percent", 10), Plain(_("Commission"), "money", 14), Plain(_("Why"), "text", 48),
    ]  # fmt: skip
    rows = [
        (
            line.position, line.person.name if line.person else "", line.happened_on, str(line.record or ""), line.happening,
            line.party.name if line.party else "", line.base, None if line.formula == "unit" else line.rate, line.share, line.commission, line.why,
        )
        for line in lines
    ]  # fmt: skip
    notes = [
        (_("Commission sheet"), sheet.number),
        (_("Month"), f"{sheet.month:%Y-%m}"),
        (_("State"), str(sheet.get_state_display())),
    ]
    return [
        Sheet(_("By salesperson"), sums, people, {3: sheet.amount}, notes),
        Sheet(_("Row by row"), columns, rows, {9: sheet.amount}),
    ]


def sheet_workbook(sheet: CommissionSheet, *, by: Person | None) -> bytes:
    return write_workbook(sheets_of(sheet), by=by, title=_("Commission %(month)s") % {"month": f"{sheet.month:%Y-%m}"})
