"""The same form sent again: clicked twice, sent after «back», sent because its answer was lost, fifty times at once."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.ledger.models import Allocation, Entry, Item
from backoffice.numbering.models import Given
from backoffice.outbox.models import Message
from backoffice.register.models import Record
from backoffice.review.models import Review
from backoffice.stock.models import Movement
from tests.making_invoices import confirmed_payment, issued_invoice, reviewed_invoice
from tests.making_shipments import House, approved_order, dispatched_shipment, make_house, reviewed_shipment
from tests.racing import racers

from ..declare import Outcome, Run, fault
from ..desk import Desk, Form
from .p05_approving import submitted

BOOKS = (Record, Entry, Item, Allocation, Movement, Review, Given, Message, Event)


@dataclass(frozen=True)
class Act:
    """A form, with what is typed into it, ready to be sent."""

    name: str
    make: Callable[[House], tuple[Desk, Form, dict[str, str]]]


def step(name: str, document, by, **typed: str) -> tuple[Desk, Form, dict[str, str]]:
    desk = Desk(by)
    return desk, desk.form(reverse("pages:step", args=[document.pk, name])), typed


def new_order(house: House) -> tuple[Desk, Form, dict[str, str]]:
    desk, address = Desk(house.assistant), reverse("orders:order-new")
    typed = {
        "party": str(house.party.pk), "dated_on": timezone.localdate().isoformat(), "term": str(house.customer.term_id),
        "warehouse": str(house.place.pk), "includes_tax": "yes", "lines-count": "1", "lines-0-key": "n0",
        "lines-0-product": house.goods[0].code, "lines-0-quantity": "2", "lines-0-typed": "product quantity", "then": "submit",
    }  # fmt: skip
    return desk, desk.form(address), typed


def review(house: House) -> tuple[Desk, Form, dict[str, str]]:
    order, desk = submitted(house), Desk(house.manager)
    return desk, desk.form(reverse("pages:review", args=[order.pk])), {"step": "approve_order"}


def ship(house: House) -> tuple[Desk, Form, dict[str, str]]:
    order, desk = approved_order(house, 5), Desk(house.assistant)
    return desk, desk.form(order.get_absolute_url(), reverse("shipments:ship-order", args=[order.pk])), {}


def allocating(house: House) -> tuple[Desk, Form, dict[str, str]]:
    dispatched_shipment(house)
    issued_invoice(house)
    payment, desk = confirmed_payment(house, 100), Desk(house.finance)
    return desk, desk.form(reverse("invoices:allocate", args=[payment.pk])), {}


def paying(house: House) -> tuple[Desk, Form, dict[str, str]]:
    desk, typed = Desk(house.assistant), {"party": str(house.party.pk), "amount": "100", "dated_on": "today"}
    return desk, desk.form(reverse("invoices:payment-new")), typed


def issuing(house: House) -> tuple[Desk, Form, dict[str, str]]:
    dispatched_shipment(house)
    number = f"26{uuid4().int % 10**18:018d}"
    return step("issue_invoice", reviewed_invoice(house), house.finance, tax_invoice_no=number)


ACTS = (
    Act("a new order, submitted", new_order),
    Act("an approval", review),
    Act("«Ship» on an order", ship),
    Act("a dispatch", lambda house: step("dispatch_shipment", reviewed_shipment(house), house.warehouse)),
    Act("an invoice issued", issuing),
    Act("a payment slip", paying),
    Act("money allocated", allocating),
    Act("an order cancelled", lambda house: step("cancel_order", approved_order(house, 1), house.assistant, note="x")),
)


def effect_of(act: Act, send: Callable[[Desk, Form, dict[str, str]], list[str]]) -> tuple[list[str], list[int]]:
    """What was answered, and how many rows each book grew by; in a company of its own, so that two of them compare."""
    desk, form, typed = act.make(make_house(on_hand=(1_000,)))
    before = [book.objects.count() for book in BOOKS]
    answers = send(desk, form, typed)
    return answers, [book.objects.count() - was for book, was in zip(BOOKS, before, strict=True)]


@fault(
    10,
    "double click, back and resubmit, 50 identical posts at once, answer lost: one effect, the same answer",
    short=3,
    full=8,
    budget=60,
)
def one_form_sent_many_times(run: Run) -> Outcome:
    done = bad = posts = 0
    dispatched_shipment(make_house())  # the first posting of all makes its month too
    acts = run.random.sample(ACTS, run.times) if run.times < len(ACTS) else ACTS
    hands = 50 if run.times == len(ACTS) else 12
    with racers(hands) as at_once:

        def many(desk: Desk, form: Form, typed: dict[str, str]) -> list[str]:
            windows = [desk.twin() for _ in range(hands)]
            answers = at_once(*(lambda w=window: w.send(form, **typed) for window in windows))
            return [*answers, desk.send(form, **typed)]  # and once more, from the page that «back» shows

        for number in run.rounds():
            act = acts[number % len(acts)]
            [one], alone = effect_of(act, lambda desk, form, typed: [desk.send(form, **typed)])
            answers, together = effect_of(act, many)
            is_same = (
                len(set(answers)) == 1 and answers[0].startswith("/") and one.startswith("/") and together == alone
            )
            if not is_same:
                print(f"    ! {act.name}: {one} {alone}; {sorted(set(answers))} {together}", flush=True)
            done, bad, posts = done + 1, bad + (not is_same), posts + len(answers)
    return Outcome(done, bad, f"{posts} posts of {done} forms, each with the effect of one")
