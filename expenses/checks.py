"""What must hold of claims and commission, asked by `manage.py check_books`."""

from collections.abc import Iterator

from django.db.models import DecimalField, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from backoffice.database.checks import checks_books
from backoffice.ledger.models import EntryLine
from expenses.models import Claim, ClaimLine, CommissionLine, CommissionSheet
from expenses.models.commission import FIXED

MONEY = DecimalField(max_digits=18, decimal_places=2)
BOOKED = ("approved", "paid")


def total(rows, column: str, by: str) -> Coalesce:  # type: ignore[no-untyped-def]
    sums = rows.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(s=Sum(column)).values("s")
    return Coalesce(Subquery(sums, output_field=MONEY), 0, output_field=MONEY)


def posted(event: str, account: str) -> Coalesce:
    """Debit less credit on accounts that begin so, of the postings of an event that belong to the document."""
    rows = EntryLine.objects.filter(entry__event=event, account__code__startswith=account)
    rows = rows.filter(record=OuterRef("pk")).order_by().values("record")
    return Coalesce(
        Subquery(rows.annotate(s=Sum(F("debit") - F("credit"))).values("s"), output_field=MONEY), 0, output_field=MONEY
    )


@checks_books("expenses.claim_lines")
def claims_are_their_lines() -> Iterator[str]:
    rows = Claim.objects.annotate(lined=total(ClaimLine.objects.all(), "amount", "claim")).exclude(amount=F("lined"))
    for claim in rows:
        yield f"claim {claim}: {claim.amount}, its lines make {claim.lined}"


@checks_books("expenses.claims_posted")
def approved_claims_are_posted() -> Iterator[str]:
    """An approved claim is an expense of its amount, and owed until it is paid."""
    rows = Claim.objects.filter(opening=None).annotate(
        cost=posted("claim_approved", "6601"), paid=posted("staff_paid", "2241")
    )
    for claim in rows:
        if claim.cost != (claim.amount if claim.state in BOOKED else 0):
            yield f"claim {claim} ({claim.state}): {claim.amount}, posted {claim.cost}"
        if claim.paid != (claim.amount if claim.state == "paid" else 0):
            yield f"claim {claim} ({claim.state}): paid out {claim.paid}"


@checks_books("expenses.sheet_lines")
def sheets_are_their_lines() -> Iterator[str]:
    lines = total(CommissionLine.objects.all(), "commission", "sheet")
    for sheet in CommissionSheet.objects.annotate(lined=lines).exclude(amount=F("lined")):
        yield f"commission sheet {sheet}: {sheet.amount}, its lines make {sheet.lined}"


@checks_books("expenses.sheets_posted")
def fixed_sheets_are_posted() -> Iterator[str]:
    """A frozen sheet is an expense of its amount; one that is not frozen is none."""
    for sheet in CommissionSheet.objects.filter(opening=None).annotate(cost=posted("commission_frozen", "6601")):
        if sheet.cost != (sheet.amount if sheet.state in FIXED else 0):
            yield f"commission sheet {sheet} ({sheet.state}): {sheet.amount}, posted {sheet.cost}"


@checks_books("expenses.earned_once")
def nothing_is_paid_twice() -> Iterator[str]:
    """One happening is in one sheet only, under each plan."""
    twice = (
        CommissionLine.objects.order_by("plan_id", "key", "sheet_id")
        .values_list("plan_id", "key", "sheet_id")
        .distinct()
    )
    before: tuple[int, str] | None = None
    for plan, key, sheet in twice.iterator():
        if (plan, key) == before:
            yield f"plan {plan}: {key} is in sheet {sheet} again"
        before = plan, key
