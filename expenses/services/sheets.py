"""The month's commission sheet (E7): computed, reviewed, frozen, mailed to HR, paid. A frozen one never changes."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from backoffice.documents.editing import editing
from backoffice.documents.gate import guards, performs
from backoffice.files.models import File
from backoffice.files.services import keep
from backoffice.ledger.models import AccountingPeriod
from backoffice.ledger.services.posting import Line, Posting, bulk_post, post
from backoffice.money import ZERO
from backoffice.numbering.services import next_number
from backoffice.outbox.notices import notify
from backoffice.outbox.services import queue_mail
from backoffice.people.models import Person, Role
from backoffice.periods import Month
from backoffice.refusals import Refused
from expenses import lifecycle
from expenses.models import CommissionLine, CommissionPlan, CommissionSheet
from expenses.selectors.commission import by_person, sheet_rows
from expenses.selectors.earning import Row
from expenses.workbook import XLSX, sheet_workbook

COMPUTES = (Role.FINANCE, Role.MANAGER, Role.GM)
SAID = (
    "person_id", "record_id", "party_id", "key", "happened_on", "plan_id", "plan_position", "formula", "base", "rate", "share", "exact",
    "commission",
)  # fmt: skip


@transaction.atomic
def compute_sheet(month: Month, *, by: Person) -> CommissionSheet:
    """Compute the month's sheet, or compute it again; what is in review, frozen or paid stays as it is. E7

    Doing it twice has one effect: where nothing changed, nothing is written.
    """
    if not by.has_role(*COMPUTES) and not by.is_system:
        raise Refused(_("Your role does not compute commission."), code="role")
    if month.first > timezone.localdate():
        raise Refused(_("This month has not begun."), code="month", field="period")
    list(
        CommissionPlan.objects.select_for_update(no_key=True).order_by("pk")
    )  # one computes, and no plan changes meanwhile
    sheet = CommissionSheet.objects.filter(month=month.first).first()
    if sheet is not None and not sheet.is_editable:
        return sheet
    lines = lines_now(month)
    if sheet is not None and said(CommissionLine.objects.filter(sheet=sheet)) == said(lines):
        return sheet
    sheet = sheet or CommissionSheet(month=month.first, dated_on=month.last)
    with editing(sheet, by=by) as writing:
        writing.number = writing.number or next_number("commission_sheet", on=month.last)
        CommissionLine.objects.filter(sheet=writing).delete()
        for line in lines:
            line.sheet = writing
        CommissionLine.objects.bulk_create(lines, batch_size=2000)
        writing.amount = sum((line.commission for line in lines), ZERO)
    return writing


def lines_now(month: Month) -> list[CommissionLine]:
    """The rows of the month as lines, by person and day."""
    rows = sheet_rows(month)
    names = dict(Person.objects.filter(pk__in={row.person for row in rows}).values_list("pk", "name"))
    rows.sort(key=lambda row: (names.get(row.person or 0, "~"), row.happened_on, row.record or 0, row.key))
    return [line_of(row, position) for position, row in enumerate(rows, start=1)]


def line_of(row: Row, position: int) -> CommissionLine:
    return CommissionLine(
        position=position, person_id=row.person, record_id=row.record, party_id=row.party, key=row.key, happened_on=row.happened_on,
        plan=row.plan, plan_position=row.line.position if row.line else None, formula=row.line.formula if row.line else "",
        base=row.base.quantize(Decimal("0.001")), rate=row.rate.quantize(Decimal("0.000001")), share=row.share,
        exact=row.exact.quantize(Decimal("0.0001")), commission=row.commission,
    )  # fmt: skip


def said(lines: Iterable[CommissionLine]) -> list[tuple[object, ...]]:
    return [tuple(getattr(line, name) for name in SAID) for line in lines]


@guards("submit_commission")
def month_is_over(sheet: CommissionSheet, *, by: Person) -> None:
    """A month that still runs has no last figure."""
    del by
    if Month.containing(sheet.month).last >= timezone.localdate():
        raise Refused(_("The month is not over yet."), code="month")


@performs(lifecycle.SUBMIT_SHEET)
def submit_commission(sheet: CommissionSheet, *, by: Person) -> None:
    """Handed in with the figures as they are now; what is out of date is computed again first. E7"""
    if said(sheet.lines.all()) != said(lines_now(Month.containing(sheet.month))):
        raise Refused(_("Documents or plans changed after this was computed. Compute it again."), code="stale_figures")
    notify([Role.MANAGER, Role.GM, Role.FINANCE], "commission_waiting", sheet, by=by, month=f"{sheet.month:%Y-%m}")


@performs(lifecycle.REVIEW_SHEET)
def review_commission(sheet: CommissionSheet, *, by: Person) -> None:
    """Somebody who had no hand in it agrees. E7"""


@performs(lifecycle.RETURN_SHEET)
def return_commission(sheet: CommissionSheet, *, by: Person, note: str) -> None:
    """Back, to be computed again."""
    told = [person for person in (sheet.submitted_by, sheet.author) if person]
    notify(told, "commission_returned", sheet, by=by, month=f"{sheet.month:%Y-%m}", note=note)


@performs(lifecycle.FREEZE_SHEET)
def freeze_commission(sheet: CommissionSheet, *, by: Person) -> None:
    """For good: posted by person, kept as Excel, mailed to HR, each salesperson told. E7"""
    sums = by_person(sheet.lines.select_related("person", "party", "record", "plan"))
    day, number = posting_day(sheet), sheet.number or ""
    owed: dict[int | None, Decimal] = defaultdict(Decimal)
    for person, _rows, total in sums:
        owed[person.pk if person else None] += total
    bulk_post(
        [Posting(event="commission_frozen", on=day, person=pk, record=sheet.pk, number=number, amounts={"amount": total}) for pk, total in owed.items()],
        by=by,
    )  # fmt: skip
    mail_to_hr(sheet, by=by)
    for person, _rows, total in sums:
        if person is not None:
            notify([person], "commission_frozen", by=by, url=reverse("expenses:mine"), month=f"{sheet.month:%Y-%m}", amount=f"{total:,.2f}")  # fmt: skip


def posting_day(sheet: CommissionSheet) -> date:
    """Commission belongs to the month it was earned in, unless its books are closed."""
    locked = AccountingPeriod.objects.filter(
        year=sheet.month.year, month=sheet.month.month, state__in=AccountingPeriod.LOCKED
    )
    return timezone.localdate() if locked.exists() else sheet.dated_on


def mail_to_hr(sheet: CommissionSheet, *, by: Person) -> None:
    """One mail for each in HR, with the sheet as Excel; the same file is kept with the sheet."""
    file = keep(
        f"{mail_title(sheet)}.xlsx", sheet_workbook(sheet, by=by), XLSX, by=by, record=sheet, label=File.Label.ISSUED
    )
    totals = [(person, total) for person, _rows, total in by_person(sheet.lines.select_related("person"))]
    for person in Person.objects.with_role(Role.HR).order_by("pk"):
        with translation.override(person.language):
            subject = mail_title(sheet)
        queue_mail(
            "commission_sheet", f"{sheet.pk}", to=person, template="commission_sheet", subject=subject, attachments=[file], record=sheet,
            context={"sheet": sheet, "totals": totals, "frozen_by": by},
        )  # fmt: skip


def mail_title(sheet: CommissionSheet) -> str:
    return _("Commission %(month)s") % {"month": f"{sheet.month:%Y-%m}"}


@performs(lifecycle.PAY_SHEET)
def pay_commission(sheet: CommissionSheet, *, by: Person) -> None:
    """Paid with the wages: what was owed is owed no more."""
    lines = [Line("2211", sheet.amount), Line("1002", -sheet.amount)]
    post("journal", on=timezone.localdate(), record=sheet.pk, number=sheet.number or "", lines=lines, by=by)
