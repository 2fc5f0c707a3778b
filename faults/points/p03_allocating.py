"""Money set against invoices: never more than is open, and nobody dies of waiting."""

from collections import Counter
from datetime import date
from decimal import Decimal as D
from functools import partial
from threading import Event
from time import sleep
from unittest.mock import patch

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from backoffice.ledger.models import Allocation, Item
from backoffice.ledger.services import allocate, allocating
from backoffice.ledger.services.posting import reverse
from backoffice.people.models import Person, Role
from invoices.services import allocate_payment, reverse_invoice, reverse_payment, undo_allocation
from tests.books.making import invoice, receive
from tests.making import PartyFactory
from tests.making_invoices import confirmed_payment, issued_invoice
from tests.making_shipments import dispatched_shipment, make_house
from tests.people_of_the_tests import make_person
from tests.racing import pausing_after, racers

from ..declare import Outcome, Run, fault
from ..switching import as_owner

DAY = date(2026, 3, 10)
LOCK, CHECK = "backoffice.ledger.services.allocating._lock", "backoffice.ledger.services.allocating._check"


def two_payments_for_one_invoice(run: Run, finance: Person) -> Outcome:
    done = bad = 0
    with racers() as at_once, pausing_after(CHECK, lambda: run.random.uniform(0, 0.004)):
        for _round in run.rounds():
            party = PartyFactory()
            with transaction.atomic():
                [charge] = invoice(party, "100", DAY, by=finance)
                credits = [receive(party, "100", DAY, by=finance) for _ in range(2)]
            said = at_once(*(partial(allocate, k, charge, D(100), on=DAY, by=finance) for k in credits))
            settled = charge.settled_by.aggregate(sum=Sum("amount"))["sum"]
            done, bad = done + 1, bad + (sorted(said) != ["Refused", "done"] or settled != 100)
    return Outcome(done, bad, "of two payments of 100 for an invoice of 100 one was refused in words, every time")


def without_lock_and_column(run: Run) -> Outcome:
    off, on = (f"ALTER TABLE ledger_allocation {word} TRIGGER bo_allocation_kept" for word in ("DISABLE", "ENABLE"))
    unlocked = patch(LOCK, lambda rows: {row.pk: row for row in rows.select_related("account")})
    with as_owner(run, off, on), unlocked, pausing_after(CHECK, lambda: 0.02):
        return two_payments_for_one_invoice(run, make_person(Role.FINANCE))


@fault(3, "0 of 1,000 pairs settle one invoice twice", short=40, full=1000, budget=36, control=without_lock_and_column)
def two_payments_for_one_invoice_at_once(run: Run) -> Outcome:
    return two_payments_for_one_invoice(run, make_person(Role.FINANCE))


def crossing(run: Run, finance: Person) -> Outcome:
    """A against 1 and B against 2, and at the same time B against 2 and A against 1."""
    done = bad = 0
    with racers() as at_once:
        for _round in run.rounds():
            party = PartyFactory()
            with transaction.atomic():
                charges = [invoice(party, "100", DAY, by=finance)[0] for _ in range(2)]
                credits = [receive(party, "200", DAY, by=finance) for _ in range(2)]
            pairs = [allocating.Match(k.pk, c.pk, D(10), DAY) for k, c in zip(credits, charges, strict=True)]
            said = at_once(
                lambda p=pairs: allocating.allocate_many(p, by=finance),
                lambda p=pairs: allocating.allocate_many(p[::-1], by=finance),
            )
            taken = Item.objects.filter(pk__in=[c.pk for c in charges]).aggregate(sum=Sum("allocated"))["sum"]
            done, bad = done + 1, bad + (said != ["done", "done"] or taken != 40)
    return Outcome(done, bad, "both went through, in whatever order they asked")


def locked_as_asked(run: Run) -> Outcome:
    """The same, each row locked in the order in which it is named."""

    def one_by_one(ids):
        found = {}
        for pk in ids:
            found |= allocating._lock(Item.objects.filter(pk=pk))
            sleep(0.02)
        return found

    with patch("backoffice.ledger.services.allocating.lock_items", one_by_one):
        return crossing(run, make_person(Role.FINANCE))


@fault(
    3,
    "0 of 1,000 pairs of crossing allocations die of each other",
    short=40,
    full=1000,
    budget=36,
    control=locked_as_asked,
    control_times=6,
)
def two_payments_and_two_invoices_crosswise(run: Run) -> Outcome:
    return crossing(run, make_person(Role.FINANCE))


class Deal:
    """An invoice of 1,130.00 on which 600.00 are paid, and another payment that would settle the rest."""

    def __init__(self, house) -> None:
        dispatched_shipment(house)
        self.house, self.finance = house, house.finance
        self.invoice = issued_invoice(house)
        self.charge = Item.objects.charges().get(record_id=self.invoice.pk, account__code="1122.01")
        self.paid, self.free = (confirmed_payment(house, amount) for amount in (600, 530))
        self.today = timezone.localdate()
        [self.made] = self.settle(self.paid, 600)

    def settle(self, payment, amount) -> list[Allocation]:
        return allocate_payment(payment, {self.charge.pk: D(amount)}, on=self.today, by=self.finance)

    def acts(self) -> list:
        return [
            lambda: self.settle(self.free, 530),
            lambda: reverse_invoice(self.invoice, by=self.finance, note="wrong title"),
            lambda: undo_allocation(self.made, on=self.today, note="wrong invoice", by=self.finance),
            lambda: reverse_payment(self.free, by=self.finance, note="cheque bounced"),
        ]


def money_that_moves_both_ways(run: Run, chosen=None) -> Outcome:
    house, said_all, bad = make_house(on_hand=(100_000,)), Counter(), 0
    with racers() as at_once:
        for number in run.rounds():
            if number and chosen is not None:  # a control's rounds are alike: a customer without a past
                house = make_house(on_hand=(100_000,))
            acts = Deal(house).acts()
            said = at_once(*(run.random.sample(acts, 2) if chosen is None else [acts[i] for i in chosen]))
            said_all.update(said)
            bad += not set(said) <= {"done", "Refused"}
    return Outcome(
        sum(said_all.values()) // 2, bad, f"{said_all['done']} acts done, {said_all['Refused']} refused in words"
    )


def without_the_customers_row(run: Run) -> Outcome:
    """Each act locks its own document first and comes upon the other's afterwards: the money while the invoice is locked already."""
    settle, invoice_is_locked = Deal.settle, Event()

    def after_the_invoice(deal, payment, amount):
        if payment is deal.free:
            invoice_is_locked.wait(20)
        else:  # a new deal is made
            invoice_is_locked.clear()
        return settle(deal, payment, amount)

    def before_the_money(*args, **kwargs):
        invoice_is_locked.set()
        sleep(0.7)  # by then the other holds the money and waits for the invoice
        return reverse(*args, **kwargs)

    with (
        patch.object(Deal, "settle", after_the_invoice),
        patch("invoices.models.MoneyDocument.lock_before", lambda self: None),
        patch("invoices.services.invoicing.reverse", before_the_money),
    ):
        return money_that_moves_both_ways(run, chosen=(0, 1))


@fault(
    3, "allocating, undoing, reversing money and invoices of one customer side by side: 0 deadlocks, 0 errors", short=8, full=250,
    budget=35,
    control=without_the_customers_row, control_times=6,
)  # fmt: skip
def money_and_invoices_undone_while_they_settle(run: Run) -> Outcome:
    return money_that_moves_both_ways(run)
