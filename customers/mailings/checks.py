"""What must hold of mailings and messages, whoever wrote to them."""

from collections.abc import Iterator

from backoffice.database.checks import checks_books, rows


@checks_books("mailings.recipients")
def letters_stand_in_the_outbox() -> Iterator[str]:
    """A mailing that is through has no letter waiting; every letter that went out by mail is one mail to that address (C9)."""
    for number, email in rows(
        """
        SELECT m.number, r.email FROM mailings_recipient r JOIN mailings_mailing m ON m.id = r.mailing_id
          LEFT JOIN outbox_message o ON o.id = r.message_id
         WHERE m.state = 'sent' AND r.fate = 'waiting' OR m.way = 'mail' AND r.fate = 'out' AND o.recipient IS DISTINCT FROM r.email
        """
    ):
        yield f"mailing {number}: the letter to {email or 'nobody'} is not in the outbox"


@checks_books("mailings.opt_outs")
def nobody_is_written_to_who_opted_out() -> Iterator[str]:
    """No letter was put into the outbox for an address after it had opted out (C9)."""
    for number, email in rows(
        """
        SELECT m.number, r.email FROM mailings_recipient r JOIN mailings_mailing m ON m.id = r.mailing_id
          JOIN mailings_optout x ON x.email = r.email JOIN outbox_message o ON o.id = r.message_id WHERE o.created_at > x.at
        """
    ):
        yield f"mailing {number}: {email} had opted out"
