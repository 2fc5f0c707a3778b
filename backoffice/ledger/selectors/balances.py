"""What the accounts stand at: balances, the trial balance, the ledger of one account (I8)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import connection
from django.utils.translation import get_language

from backoffice.ledger.selectors.query import Row, Where, fetch
from backoffice.money import ZERO
from backoffice.people.models import Person
from backoffice.periods import Period


def balance(
    accounts: str | Sequence[str],
    *,
    on: date,
    party: Row = None,
    person: Row = None,
    dossier: Row = None,
    record: Row = None,
) -> Decimal:
    """Debit − credit of these accounts (and what is below them) at the end of a day, in the accounting currency."""
    where = Where().accounts([accounts] if isinstance(accounts, str) else accounts)
    where.equal(party=party, person=person, dossier=dossier, record=record).add("l.posted_on <= %s", on)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(sum(l.debit - l.credit), 0) FROM ledger_entryline l WHERE {where}", where.values
        )
        return Decimal(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One account over a period, what is below it included. Opening and closing are debit − credit."""

    code: str
    name: str
    kind: str
    opening: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def closing(self) -> Decimal:
        return self.opening + self.debit - self.credit

    @property
    def level(self) -> int:
        return self.code.count(".")

    def sides(self, figure: Decimal) -> tuple[Decimal, Decimal]:
        """A balance as a trial balance prints it: in the debit column or in the credit column."""
        return max(figure, ZERO), max(-figure, ZERO)

    def __add__(self, other: "TrialRow") -> "TrialRow":
        return replace(
            self,
            opening=self.opening + other.opening,
            debit=self.debit + other.debit,
            credit=self.credit + other.credit,
        )


TRIAL = """
SELECT a.code, CASE WHEN %s THEN a.name_zh ELSE a.name_en END, a.kind, coalesce(s.opening, 0), coalesce(s.debit, 0), coalesce(s.credit, 0)
  FROM ledger_account a LEFT JOIN (
    SELECT account_id, sum(debit - credit) FILTER (WHERE posted_on < %s) AS opening,
           sum(debit) FILTER (WHERE posted_on >= %s) AS debit, sum(credit) FILTER (WHERE posted_on >= %s) AS credit
      FROM ledger_entryline WHERE posted_on <= %s GROUP BY account_id) AS s ON s.account_id = a.id
 ORDER BY a.code
"""


def trial_balance(*, period: Period) -> list[TrialRow]:
    """试算平衡表: every account that has a figure, each with what is below it."""
    chinese = (get_language() or "zh").startswith("zh")
    rows = fetch(TRIAL, [chinese, period.first, period.first, period.first, period.last], TrialRow)
    whole = {row.code: row for row in rows}
    for row in rows:
        code = row.code
        while "." in code:
            code = code.rpartition(".")[0]
            if code in whole:
                whole[code] += row
    return [row for row in whole.values() if row.opening or row.debit or row.credit]


def trial_totals(rows: Iterable[TrialRow]) -> TrialRow:
    """The last line: its opening and closing are zero and its sides equal, else the books are broken."""
    return sum((row for row in rows if not row.level), TrialRow("", "", "", ZERO, ZERO, ZERO))


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line of an account's ledger with the balance after it."""

    entry: int
    posted_on: date
    event: str
    memo: str
    account: str
    party: int | None
    party_name: str | None
    record: int | None
    kind: str | None
    number: str | None
    debit: Decimal
    credit: Decimal
    running: Decimal


@dataclass(frozen=True, slots=True)
class AccountLedger:
    """Opening + debit − credit = closing, with the lines between."""

    opening: Decimal
    lines: list[LedgerLine]

    @property
    def debit(self) -> Decimal:
        return sum((line.debit for line in self.lines), ZERO)

    @property
    def credit(self) -> Decimal:
        return sum((line.credit for line in self.lines), ZERO)

    @property
    def closing(self) -> Decimal:
        return self.opening + self.debit - self.credit


LINES = """
SELECT l.entry_id, l.posted_on, e.event, e.memo, a.code, l.party_id, coalesce(nullif(p.short_name, ''), p.name), l.record_id, r.kind, r.number,
       l.debit, l.credit, %s + sum(l.debit - l.credit) OVER (ORDER BY l.posted_on, l.entry_id, l.position)
  FROM ledger_entryline l JOIN ledger_entry e ON e.id = l.entry_id JOIN ledger_account a ON a.id = l.account_id
  LEFT JOIN parties_party p ON p.id = l.party_id LEFT JOIN register_record r ON r.id = l.record_id
 WHERE {where} ORDER BY l.posted_on, l.entry_id, l.position
"""


def account_ledger(
    accounts: str | Sequence[str],
    *,
    period: Period,
    party: Row = None,
    person: Row = None,
    dossier: Row = None,
    visible_to: Person | None = None,
) -> AccountLedger:
    """明细账: opening, every line of the period with its running balance, closing; of an account, or of a party or deal in it."""
    codes = [accounts] if isinstance(accounts, str) else accounts

    def where(text: str, *values: date) -> Where:
        asked = Where().accounts(codes).equal(party=party, person=person, dossier=dossier).visible(visible_to)
        return asked.add(text, *values)

    before, within = (
        where("l.posted_on < %s", period.first),
        where("l.posted_on BETWEEN %s AND %s", period.first, period.last),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(sum(l.debit - l.credit), 0) FROM ledger_entryline l WHERE {before}", before.values
        )
        opening = Decimal(cursor.fetchone()[0])
    return AccountLedger(opening, fetch(LINES.format(where=within), [opening, *within.values], LedgerLine))
