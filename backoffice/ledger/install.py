"""The chart of accounts and the posting rules that a company begins with; what it changed is left alone."""

from django.db import connection

from backoffice.database import defaults
from backoffice.ledger.events import CHART, RULES
from backoffice.ledger.models import Account, DealEntry, Entry, PostingRule


@defaults
def install_defaults() -> None:
    """Add what is missing of the chart, parents first, and the rules of events that have none yet."""
    accounts = {account.code: account for account in Account.objects.all()}
    for code, english, chinese, kind, book in CHART:
        if code not in accounts:
            parent = accounts.get(code.rpartition(".")[0])
            accounts[code] = Account.objects.create(
                code=code, name_en=english, name_zh=chinese, kind=kind, book=book, parent=parent
            )
    ruled = set(PostingRule.objects.values_list("event", flat=True))
    PostingRule.objects.bulk_create(
        PostingRule(event=event, position=position, side=side, account=accounts[code], measure=measure)
        for event, lines in RULES.items()
        if event not in ruled
        for position, (side, code, measure) in enumerate(lines, start=1)
    )


@defaults
def count_deals_once() -> None:
    """A database that had entries before it kept deals counts them at the next migrate."""
    if Entry.objects.exists() and not DealEntry.objects.exists():
        with connection.cursor() as cursor:
            cursor.execute("SELECT ledger_recount_deals()")
