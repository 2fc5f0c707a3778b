"""The books' reports as sheets of a workbook: the same rows, typed."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from backoffice.ledger.models import Entry
from backoffice.ledger.selectors import AccountLedger, TrialRow, trial_totals
from backoffice.ledger.tables import record_words
from backoffice.lists.workbook import Plain, Sheet


def trial_sheet(rows: Sequence[TrialRow], *, title: Any) -> Sheet:
    """Accounts of every level; totals are of the first level, so that nothing counts twice."""
    columns = [Plain(_("Code"), width=10), Plain(_("Account name"), width=40)]
    heads = (
        _("Opening debit"),
        _("Opening credit"),
        _("Debit"),
        pgettext("books", "Credit"),
        _("Closing debit"),
        _("Closing credit"),
    )
    columns += [Plain(head, "money") for head in heads]
    values = [[row.code, row.name, *figures(row)] for row in rows]
    top = [figures(row) for row in rows if not row.level]
    totals = {i + 2: sum(row[i] for row in top) for i in range(6)}
    assert trial_totals(rows).debit == totals[4]
    return Sheet(str(title), columns, values, totals)


def figures(row: TrialRow) -> list[Any]:
    return [*row.sides(row.opening), row.debit, row.credit, *row.sides(row.closing)]


def account_sheet(ledger: AccountLedger, *, title: str) -> Sheet:
    """Opening, lines with their running balance, totals."""
    columns = [
        Plain(_("Date"), "date", 12), Plain(_("Entry"), width=10), Plain(_("Event"), width=20), Plain(pgettext("books", "Account"), width=10),
        Plain(_("Party"), width=28), Plain(_("Document"), width=26), Plain(_("Memo"), width=40),
        Plain(_("Debit"), "money"), Plain(pgettext("books", "Credit"), "money"), Plain(_("Balance"), "money"),
    ]  # fmt: skip
    events = dict(Entry._meta.get_field("event").choices)
    opening = [None, "", pgettext("books", "Opening"), "", "", "", "", None, None, ledger.opening]
    lines = [
        [
            line.posted_on, f"#{line.entry}", str(events.get(line.event, line.event)), line.account, line.party_name,
            record_words(line.kind, line.number), line.memo, line.debit or None, line.credit or None, line.running,
        ]
        for line in ledger.lines
    ]  # fmt: skip
    return Sheet(title, columns, [opening, *lines], {7: ledger.debit, 8: ledger.credit, 9: ledger.closing})
