"""What must hold in the books of money, whoever wrote to them (reliability.md §4)."""

from collections.abc import Iterator

from backoffice.database.checks import checks_books, rows
from backoffice.ledger.models import AccountingPeriod
from backoffice.ledger.services.closing import figures_of
from backoffice.ledger.services.sealing import verify_chain


@checks_books("ledger.balance")
def entries_balance() -> Iterator[str]:
    """Debit = credit, per entry and overall; every entry has lines, all on its day, in the month of that day."""
    found = rows("""
        SELECT e.id, coalesce(sum(l.debit), 0), coalesce(sum(l.credit), 0) FROM ledger_entry e
          LEFT JOIN ledger_entryline l ON l.entry_id = e.id
         GROUP BY e.id HAVING count(l.id) = 0 OR sum(l.debit) <> sum(l.credit) OR sum(l.debit) <> e.amount""")
    for entry, debit, credit in found:
        yield f"entry #{entry} has debit {debit} and credit {credit}"
    [(debit, credit)] = rows("SELECT coalesce(sum(debit), 0), coalesce(sum(credit), 0) FROM ledger_entryline")
    if debit != credit:
        yield f"all lines: debit {debit}, credit {credit}"
    found = rows("""
        SELECT e.id, p.year, p.month FROM ledger_entry e JOIN ledger_accountingperiod p ON p.id = e.period_id
         WHERE make_date(p.year, p.month, 1) <> date_trunc('month', e.posted_on)::date
            OR EXISTS (SELECT FROM ledger_entryline l WHERE l.entry_id = e.id AND l.posted_on <> e.posted_on)""")
    for entry, year, month in found:
        yield f"entry #{entry} does not stand on its day or in {year}-{month:02}"


@checks_books("ledger.items")
def items_are_the_ledger() -> Iterator[str]:
    """Per entry, account and party: the lines of control accounts = the items made − the allocations moved, on the same day.

    As that holds for every entry, Σ of the open items equals the ledger per party as of every day.
    """
    found = rows("""
        WITH moved AS (
          SELECT l.entry_id, l.account_id, l.party_id, l.debit - l.credit AS amount
            FROM ledger_entryline l JOIN ledger_account a ON a.id = l.account_id WHERE a.book IN ('receivable', 'payable')
          UNION ALL
          SELECT i.entry_id, i.account_id, i.party_id,
                 CASE WHEN (i.kind = 'charge') = (i.book = 'receivable') THEN -i.amount ELSE i.amount END FROM ledger_item i
          UNION ALL
          SELECT a.entry_id, i.account_id, i.party_id,
                 CASE WHEN (i.kind = 'charge') = (i.book = 'receivable') THEN a.amount ELSE -a.amount END
            FROM ledger_allocation a JOIN ledger_item i ON i.id IN (a.charge_id, a.credit_id) WHERE a.entry_id IS NOT NULL)
        SELECT entry_id, account_id, party_id, sum(amount) FROM moved GROUP BY 1, 2, 3 HAVING sum(amount) <> 0""")
    for entry, account, party, amount in found:
        yield f"entry #{entry}, account {account}, party {party}: ledger and open items differ by {amount}"
    found = rows("""
        SELECT 'item', i.id FROM ledger_item i JOIN ledger_entry e ON e.id = i.entry_id WHERE i.dated_on <> e.posted_on
        UNION ALL
        SELECT 'allocation', a.id FROM ledger_allocation a JOIN ledger_entry e ON e.id = a.entry_id WHERE a."on" <> e.posted_on
        UNION ALL
        SELECT 'allocation without entry', a.id FROM ledger_allocation a JOIN ledger_item c ON c.id = a.charge_id
          JOIN ledger_item k ON k.id = a.credit_id WHERE a.entry_id IS NULL AND c.account_id <> k.account_id""")
    for what, row in found:
        yield f"{what} {row} is not of its entry's day"


@checks_books("ledger.deals")
def deals_are_the_ledger() -> Iterator[str]:
    """What is kept of each deal beside its lines is what the lines say, entry by entry (K3)."""
    found = rows("""
        SELECT dossier_id, entry_id, coalesce(k.charged, 0) - coalesce(k.received, 0), coalesce(c.charged, 0) - coalesce(c.received, 0)
          FROM ledger_dealentry k FULL JOIN ledger_deals_counted(ARRAY(SELECT id FROM ledger_entry)) c USING (dossier_id, entry_id)
         WHERE (k.posted_on, k.charged, k.billed, k.received) IS DISTINCT FROM (c.posted_on, c.charged, c.billed, c.received) LIMIT 50""")
    for dossier, entry, kept, counted in found:
        yield f"deal {dossier}, entry #{entry}: kept {kept}, its lines say {counted}"


@checks_books("ledger.allocations")
def allocated_is_the_sum() -> Iterator[str]:
    """The maintained columns of an item say what its allocations sum to, and when the last one was."""
    found = rows("""
        SELECT i.id, i.allocated, coalesce(s.amount, 0) FROM ledger_item i LEFT JOIN (
          SELECT item, sum(amount) AS amount, max("on") AS last_on FROM (
            SELECT charge_id AS item, amount, "on" FROM ledger_allocation
            UNION ALL SELECT credit_id, amount, "on" FROM ledger_allocation) AS touched GROUP BY 1) AS s ON s.item = i.id
         WHERE i.allocated <> coalesce(s.amount, 0) OR i.allocated_on IS DISTINCT FROM s.last_on""")
    for item, says, real in found:
        yield f"item {item} says {says} is allocated, its rows say {real}"
    found = rows("""
        SELECT a.id FROM ledger_allocation a JOIN ledger_item c ON c.id = a.charge_id JOIN ledger_item k ON k.id = a.credit_id
         WHERE c.party_id <> k.party_id OR c.book <> k.book OR c.kind <> 'charge' OR k.kind <> 'credit'
            OR a."on" < greatest(c.dated_on, k.dated_on)""")
    for [allocation] in found:
        yield f"allocation {allocation} joins what does not belong together"


@checks_books("ledger.closed_months")
def closed_months_are_unchanged() -> Iterator[str]:
    """A closed month has the entries, the total and the sums by account that it was closed with."""
    for period in AccountingPeriod.objects.filter(state__in=AccountingPeriod.LOCKED):
        entries, total, fingerprint = figures_of(period)
        if (entries, total, fingerprint) != (period.entries_closed, period.total_closed, period.fingerprint):
            yield f"{period} was closed with {period.entries_closed} entries of {period.total_closed}, now {entries} of {total}"


@checks_books("ledger.chain")
def the_chain_holds() -> Iterator[str]:
    """Every sealed entry is what it was when it was sealed, and none waits longer than a day to be sealed."""
    yield from verify_chain()
    [(waiting,)] = rows("""
        SELECT count(*) FROM ledger_entry e WHERE e.posted_at < now() - interval '1 day'
           AND NOT EXISTS (SELECT FROM ledger_seal s WHERE s.entry_id = e.id)""")
    if waiting:
        yield f"{waiting} entries are older than a day and not sealed"
