"""What the tests of the books post: goods out, invoices, money, as the apps above would."""

from datetime import date
from decimal import Decimal as D

from django.db import connection

from backoffice.ledger.models import Item
from backoffice.ledger.services import post, take_over
from backoffice.money import Due, from_gross
from backoffice.register.models import Dossier


def measures(gross, rate="0.13") -> dict[str, D]:
    line = from_gross(gross, rate)
    return {"net": line.net, "tax": line.tax, "gross": line.gross}


def dispatch(party, gross, on, *, by, dossier=None, number="", person=None):
    return post(
        "goods_dispatched",
        on=on,
        amounts=measures(gross),
        party=party,
        dossier=dossier,
        number=number,
        person=person,
        by=by,
    )


def invoice(party, gross, on, *, by, due_on=None, dues=None, number="", dossier=None, dispatched_on=None, person=None):
    """Dispatched (the same day unless said), invoiced, and what was dispatched taken over. Answers the charge items."""
    dossier = dossier or Dossier.objects.create(party=party)
    dispatch(party, gross, dispatched_on or on, by=by, dossier=dossier, person=person)
    dues = dues or [Due(due_on or on, D(gross))]
    entry = post(
        "invoice_issued",
        on=on,
        amounts=measures(gross),
        party=party,
        dossier=dossier,
        number=number,
        dues=dues,
        person=person,
        by=by,
    )
    take_over([entry], by=by)
    return list(entry.items.charges().order_by("pk"))


def receive(party, amount, on, *, by, number="", dossier=None) -> Item:
    """Money confirmed. Answers the advance it makes."""
    entry = post(
        "money_confirmed", on=on, amounts={"amount": D(amount)}, party=party, number=number, dossier=dossier, by=by
    )
    return entry.items.get()


def commit_checks() -> None:
    """Run now what PostgreSQL checks at commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


DAY = date(2026, 3, 10)
