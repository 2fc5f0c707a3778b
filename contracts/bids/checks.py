"""What must hold of bids, whoever wrote to them."""

from collections.abc import Iterator

from backoffice.database.checks import checks_books, rows


@checks_books("bids.deposits")
def deposits_are_in_the_ledger() -> Iterator[str]:
    """What lies with others is what was paid less what came back or was kept, and so says account 1031 of that bid (K5)."""
    for title, out, moved, posted in rows(
        """
        SELECT b.title, b.deposit_out, coalesce(m.moved, 0), coalesce(l.posted, 0) FROM bids_bid b
          LEFT JOIN (SELECT bid_id, sum(CASE kind WHEN 'paid' THEN amount ELSE -amount END) AS moved FROM bids_depositmove GROUP BY bid_id) m ON m.bid_id = b.id
          LEFT JOIN (SELECT l.record_id, sum(l.debit - l.credit) AS posted FROM ledger_entryline l JOIN ledger_account a ON a.id = l.account_id
                      WHERE a.code = '1031' GROUP BY l.record_id) l ON l.record_id = b.id
         WHERE b.deposit_out <> coalesce(m.moved, 0) OR b.deposit_out <> coalesce(l.posted, 0)
        """
    ):
        yield f"bid {title}: {out} lies with them, {moved} moved, {posted} in the ledger"


@checks_books("bids.handed_in")
def what_was_handed_in_was_complete() -> Iterator[str]:
    """No bid was handed in with a required document missing (K5)."""
    for title, name in rows(
        """
        SELECT b.title, p.name FROM bids_bid b JOIN bids_bidpaper p ON p.bid_id = b.id
         WHERE b.state IN ('handed_in', 'won', 'lost') AND p.is_required AND p.done_at IS NULL
        """
    ):
        yield f"bid {title}: «{name}» was not ready when it was handed in"


@checks_books("bids.prices")
def prices_are_the_sum_of_their_goods() -> Iterator[str]:
    """Where goods are priced one by one, our price is what they come to (K5)."""
    for title, price, goods in rows(
        """
        SELECT b.title, b.amount, sum(l.amount) FROM bids_bid b JOIN bids_bidline l ON l.bid_id = b.id
         GROUP BY b.id HAVING b.amount <> sum(l.amount) OR sum(l.amount) <> sum(round(l.quantity * l.unit_price, 2))
        """
    ):
        yield f"bid {title}: {price}, its goods {goods}"
