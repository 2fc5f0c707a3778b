"""Posting into a month while it closes: the closed total is the ledger's, or the posting is refused."""

from datetime import date
from pathlib import Path
from time import sleep
from unittest.mock import patch

from django.apps import apps
from django.db import transaction

from backoffice.ledger.models import AccountingPeriod, Entry
from backoffice.ledger.services import ask_to_close, close
from backoffice.ledger.services.writing import SHARED
from backoffice.people.models import Person, Role
from tests.books.making import receive
from tests.making import PartyFactory
from tests.people_of_the_tests import make_person
from tests.racing import racers

from ..declare import Outcome, Run, fault
from ..switching import as_owner

FIRST_YEAR = 1930


def post_against_close(run: Run) -> Outcome:
    """One month after the other is closed while somebody posts into it."""
    finance, gm, party = make_person(Role.FINANCE), make_person(Role.GM), PartyFactory()
    done = bad = refused = 0
    with racers() as at_once:
        for number in run.rounds():
            day = date(FIRST_YEAR + number // 12, number % 12 + 1, 15)
            receive(party, "1", day, by=finance)
            period = ask_to_close(AccountingPeriod.objects.get(year=day.year, month=day.month), by=finance)
            said = at_once(*posting_and_closing(run, party, period, day, finance, gm))
            period.refresh_from_db()
            entries = Entry.objects.filter(period=period).count()
            refused += said[0] != "done"
            fits = said[1] == "done" and said[0] in ("done", "Refused")
            done, bad = done + 1, bad + (not fits or period.entries_closed != entries)
    words = f"{refused} postings came too late and were refused in words, {done - refused} are in the closed total"
    return Outcome(done, bad, words)


def posting_and_closing(run: Run, party, period, day: date, finance: Person, gm: Person):
    before, within, until = (run.random.uniform(0, most) for most in (0.004, 0.008, 0.01))

    def posting() -> None:
        sleep(before)
        with transaction.atomic():
            receive(party, "100", day, by=finance)
            sleep(within)

    def closing() -> None:
        sleep(until)
        close(period, by=gm)

    return posting, closing


def without_the_share_lock(run: Run) -> Outcome:
    rules = Path(apps.get_app_config("ledger").path, "sql", "10_books.sql").read_text(encoding="utf-8")

    class Slow:
        def uniform(self, _least: float, most: float) -> float:
            return {0.004: 0.0, 0.008: 0.1, 0.01: 0.05}[most]

    run.random = Slow()  # type: ignore[assignment]
    unshared = patch("backoffice.ledger.services.writing.SHARED", SHARED.replace(" FOR SHARE", ""))
    with as_owner(run, rules.replace(" FOR SHARE;", ";"), rules), unshared:
        return post_against_close(run)


@fault(
    4, "0 of 1,000 closed months differ from the ledger", short=40, full=1000, budget=45, control=without_the_share_lock
)
def posting_while_the_month_closes(run: Run) -> Outcome:
    return post_against_close(run)
