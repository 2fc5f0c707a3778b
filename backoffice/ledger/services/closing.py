"""Closing a month, and opening it again: asked for by one person, done by another (X29)."""

from datetime import date
from decimal import Decimal
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.ledger.models import AccountingPeriod
from backoffice.people.models import Person, Role
from backoffice.periods import Month
from backoffice.refusals import Refused

State = AccountingPeriod.State
MAY = (Role.FINANCE, Role.GM)


def ask_to_close(period: AccountingPeriod, *, by: Person, note: str = "") -> AccountingPeriod:
    """Propose to close a month; it stays open until a second person agrees."""
    return _move(period, State.OPEN, State.CLOSING, by=by, note=note, step="ask_to_close")


def ask_to_reopen(period: AccountingPeriod, *, by: Person, note: str) -> AccountingPeriod:
    """Propose to open a closed month again; needs a reason, stays closed until a second person agrees."""
    if not note.strip():
        raise Refused(_("Please give a reason."), code="note", field="note")
    return _move(period, State.CLOSED, State.REOPENING, by=by, note=note, step="ask_to_reopen")


def refuse_request(period: AccountingPeriod, *, by: Person, note: str = "") -> AccountingPeriod:
    """Leave the month as it was."""
    back = State.OPEN if period.state == State.CLOSING else State.CLOSED
    source = State.CLOSING if back == State.OPEN else State.REOPENING
    return _move(period, source, back, by=by, note=note, step="refuse_request", asks=False)


@transaction.atomic
def close(period: AccountingPeriod, *, by: Person, note: str = "") -> AccountingPeriod:
    """Close the month somebody else proposed; its totals are kept, so that any later change would show."""
    with acting(by, step="close", note=note):
        row = _locked(period, State.CLOSING, by=by)
        _second_person(row, by=by)
        _no_new_months()
        if AccountingPeriod.objects.exclude(state__in=AccountingPeriod.LOCKED).filter(_before(row)).exists():
            raise Refused(_("An earlier month is still open. Close that one first."), code="order")
        row.entries_closed, row.total_closed, row.fingerprint = figures_of(row)
        row.state, row.decided_by, row.closed_at = State.CLOSED, by, timezone.now()
        row.save()
    return row


@transaction.atomic
def reopen(period: AccountingPeriod, *, by: Person, note: str = "") -> AccountingPeriod:
    """Open a closed month again, as somebody else proposed. The latest closed month goes first."""
    with acting(by, step="reopen", note=note):
        row = _locked(period, State.REOPENING, by=by)
        _second_person(row, by=by)
        if AccountingPeriod.objects.filter(state__in=AccountingPeriod.LOCKED).filter(_after(row)).exists():
            raise Refused(_("A later month is closed. Open that one first."), code="order")
        row.state, row.decided_by, row.closed_at = State.OPEN, by, None
        row.entries_closed, row.total_closed, row.fingerprint = 0, 0, ""
        row.save()
    return row


def figures_of(period: AccountingPeriod) -> tuple[int, Decimal | int, str]:
    """How many entries a month has, their total, and a fingerprint of its sums by account."""
    month = Month.containing(date(period.year, period.month, 1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_entry WHERE period_id = %s", [period.pk])
        [entries] = cursor.fetchone()
        cursor.execute(
            "SELECT account_id, sum(debit), sum(credit) FROM ledger_entryline WHERE posted_on BETWEEN %s AND %s GROUP BY 1 ORDER BY 1",
            [month.first, month.last],
        )
        rows = cursor.fetchall()
    text = "\n".join(f"{account} {debit:.2f} {credit:.2f}" for account, debit, credit in rows)
    return entries, sum(row[1] for row in rows) or 0, sha256(text.encode()).hexdigest()


@transaction.atomic
def _move(
    period: AccountingPeriod, source: str, target: str, *, by: Person, note: str, step: str, asks: bool = True
) -> AccountingPeriod:
    with acting(by, step=step, note=note):
        row = _locked(period, source, by=by)
        row.state = target
        row.requested_by = by if asks else None
        if target == State.CLOSING:
            row.decided_by = None
        row.save()
    return row


def _locked(period: AccountingPeriod, source: str, *, by: Person) -> AccountingPeriod:
    if not by.has_role(*MAY):
        raise Refused(_("Only finance and the general manager close and open months."), code="role")
    row = AccountingPeriod.objects.select_for_update().get(pk=period.pk)
    if row.state != source:
        raise Refused(
            _("The month is «%(state)s»: this is not possible now.") % {"state": row.get_state_display()}, code="state"
        )
    return row


def _no_new_months() -> None:
    """Until the closing is through, nobody begins a month; who waited finds the later one closed."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE ledger_accountingperiod IN SHARE ROW EXCLUSIVE MODE")


def _second_person(period: AccountingPeriod, *, by: Person) -> None:
    if period.requested_by_id == by.pk:
        raise Refused(_("Whoever asks for it cannot decide it. A second person is needed."), code="second_person")


def _before(period: AccountingPeriod) -> Q:
    return Q(year__lt=period.year) | Q(year=period.year, month__lt=period.month)


def _after(period: AccountingPeriod) -> Q:
    return Q(year__gt=period.year) | Q(year=period.year, month__gt=period.month)
