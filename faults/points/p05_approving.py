"""Reviewing while others act: what is approved is what was read, once, and not what was withdrawn."""

from collections import Counter
from contextlib import contextmanager
from decimal import Decimal as D
from functools import partial
from time import monotonic, sleep
from unittest.mock import patch

from django.utils import timezone

from backoffice.documents import gate
from backoffice.numbering.models import Given
from backoffice.people.models import Role
from orders.models import Order
from orders.services import Wanted, approve_order, cancel_order, return_order, save_order, submit_order
from tests.making_shipments import House, make_house
from tests.people_of_the_tests import make_person
from tests.racing import racers

from ..declare import Outcome, Run, fault

IN_WORDS = {"done", "Refused", "Stale"}


def big_house() -> House:
    house = make_house(limit=None, on_hand=(1_000_000,))
    house.second = make_person(Role.MANAGER, department=house.manager.department)
    return house


def submitted(house: House, quantity: int = 2) -> Order:
    header = {
        "party": house.party,
        "dated_on": timezone.localdate(),
        "warehouse": house.place,
        "term": house.customer.term,
    }
    order = save_order(Order(), by=house.assistant, header=header, lines=wanted(house, quantity))
    return submit_order(order, by=house.assistant)


def wanted(house: House, quantity: int) -> list[Wanted]:
    return [Wanted(product=house.goods[0], quantity=D(quantity))]


def edit(house: House, order: Order) -> None:
    """Somebody returns it, its author doubles the quantity and hands it in again."""
    returned = return_order(order, by=house.second, note="they want more")
    changed = save_order(returned, by=house.assistant, header={}, lines=wanted(house, 4))
    submit_order(changed, by=house.assistant)


def edit_against_approve(run: Run, says_what_it_saw: bool) -> Outcome:
    house, said_all, bad, done = big_house(), Counter(), 0, 0
    began = monotonic()
    edit(house, submitted(house))
    longest = 3 * (monotonic() - began)
    with racers() as at_once:
        for _round in run.rounds():
            order, late = submitted(house), run.random.uniform(0, longest)
            seen = {"version": order.version, "fingerprint": order.fingerprint} if says_what_it_saw else {}

            def approve(order=order, late=late, seen=seen) -> None:
                sleep(late)
                approve_order(order, by=house.manager, **seen)

            said = at_once(partial(edit, house, order), approve)
            now = Order.objects.get(pk=order.pk)
            said_all.update(said[1:])
            wrong = (now.state == "approved" and now.amount != order.amount) or not set(said) <= IN_WORDS
            done, bad = done + 1, bad + wrong
    return Outcome(done, bad, f"{said_all['done']} approved as read, {done - said_all['done']} told what changed")


def approved_unseen(run: Run) -> Outcome:
    return edit_against_approve(run, says_what_it_saw=False)


@fault(
    5,
    "0 of 1,000 orders are approved with other content than was read",
    short=20,
    full=1000,
    budget=36,
    control=approved_unseen,
    control_times=20,
)
def editing_while_somebody_approves(run: Run) -> Outcome:
    return edit_against_approve(run, says_what_it_saw=True)


@contextmanager
def unlocked_gate():
    """The gate reads the row without its lock, and both have looked before either writes."""

    def lock(document, *, by):
        row = type(document)._default_manager.visible_to(by).get(pk=document.pk)
        sleep(0.05)
        return row

    with patch.object(gate, "lock", lock):
        yield


def two_approve(run: Run) -> Outcome:
    house, done, bad = big_house(), 0, 0
    with racers() as at_once:
        for _round in run.rounds():
            order = submitted(house)
            said = at_once(*(partial(approve_order, order, by=person) for person in (house.manager, house.second)))
            numbers = Given.objects.filter(series__kind="order").count()
            done += 1
            bad += sorted(map(str, said)) not in (["Refused", "done"], ["Stale", "done"]) or numbers != done
    return Outcome(done, bad, "one number and one reservation each, the second told in words")


def two_approve_unlocked(run: Run) -> Outcome:
    with unlocked_gate():
        return two_approve(run)


@fault(5, "0 of 1,000 pairs approve twice", short=20, full=1000, budget=36, control=two_approve_unlocked)
def approving_twice(run: Run) -> Outcome:
    return two_approve(run)


def approve_against_withdraw(run: Run) -> Outcome:
    """Withdrawn by its return or its cancelling; only the cancelling may come after the approval, and gives back what that took."""
    house, done, bad, approved = big_house(), 0, 0, 0
    with racers() as at_once:
        for _round in run.rounds():
            order = submitted(house)
            back, by = run.random.choice([(return_order, house.second), (cancel_order, house.assistant)])
            said = at_once(partial(approve_order, order, by=house.manager), partial(back, order, by=by, note="not now"))
            now = Order.objects.get(pk=order.pk)
            state = {return_order: "draft", cancel_order: "cancelled"}[back] if said[1] == "done" else "approved"
            both = said == ["done", "done"] and back is return_order
            approved += now.state == "approved"
            done, bad = done + 1, bad + (both or not set(said) <= IN_WORDS or now.state != state)
    return Outcome(done, bad, f"{approved} approved, {done - approved} withdrawn, never both")


def withdrawn_unlocked(run: Run) -> Outcome:
    with unlocked_gate():
        return approve_against_withdraw(run)


@fault(5, "0 of 1,000 pairs end approved and withdrawn", short=20, full=1000, budget=36, control=withdrawn_unlocked)
def withdrawing_while_somebody_approves(run: Run) -> Outcome:
    return approve_against_withdraw(run)
