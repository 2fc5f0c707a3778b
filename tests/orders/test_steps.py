"""An order's way: submitted, reviewed, held and released, cancelled, closed short, reopened, finished."""

import datetime
from decimal import Decimal

import pytest

from backoffice.outbox.models import Notification
from backoffice.people.models import Role
from backoffice.refusals import Refused
from backoffice.stock.models import Level, Reservation
from orders import lifecycle
from orders.models import Order
from orders.services import (
    Wanted,
    approve_order,
    cancel_order,
    close_order,
    count_invoiced,
    count_shipped,
    let_go,
    recheck_order,
    release_order,
    reopen_order,
    return_order,
    save_order,
    submit_order,
)
from orders.services import steps as steps_module
from tests import making_orders as making
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db


@pytest.mark.duty("O2")
def test_an_approved_order_has_a_number_a_dossier_and_its_goods_reserved():
    order = making.approved_order(amount=226)
    assert order.state == "approved" and order.number == "SO-2026-000001"
    assert order.dossier is not None and order.dossier.party_id == order.party_id
    line = order.lines.get()
    assert Reservation.objects.get(line_id=line.pk).quantity == 1
    assert Level.objects.get(product=line.product).reserved == 1
    assert (order.net, order.tax, order.amount) == (Decimal("200.00"), Decimal("26.00"), Decimal("226.00"))


@pytest.mark.duty("O2")
def test_finance_is_told_at_once():
    finance = make_person(Role.FINANCE)
    order = making.approved_order()
    told = Notification.objects.get(person=finance)
    assert order.number in told.text and told.record_id == order.pk


@pytest.mark.duty("O2", "S4")
def test_the_author_cannot_approve_their_own_order():
    order = making.submitted_order()
    with pytest.raises(Refused, match="somebody else"):
        approve_order(order, by=order.author)


@pytest.mark.duty("O2")
def test_a_returned_order_comes_back_with_a_reason_and_may_be_changed():
    customer = making.make_customer()
    order, reviewer = making.submitted_order(customer), making.assistant_of(customer)
    with pytest.raises(Refused, match="reason"):
        return_order(order, by=reviewer)
    order = return_order(order, by=reviewer, note="the price is last year's")
    assert order.is_editable and order.round == 2
    save_order(order, by=order.author, header={}, lines=[Wanted(product=making.product_at(50), quantity=Decimal(3))])
    assert Order.objects.get(pk=order.pk).amount == 150


@pytest.mark.parametrize("name", [step.name for step in lifecycle.ORDER.steps])
@pytest.mark.parametrize("make", ["draft", "submitted", "held", "approved", "done", "closed", "cancelled"])
def test_a_step_is_refused_from_every_state_it_does_not_start_from(make, name):
    customer = making.make_customer(limit=0 if make == "held" else None)
    factory = {"held": making.submitted_order, "done": making.shipped_order}.get(make) or getattr(
        making, f"{make}_order"
    )
    order = factory(customer)
    assert order.state == make
    step = lifecycle.ORDER.by_name[name]
    if order.get_state() in step.sources:
        return
    with pytest.raises(Refused, match="not possible"):
        getattr(steps_module, name)(order, by=make_person(*Role.values), note="x")


def test_an_order_of_which_something_has_left_is_not_cancelled_but_closed():
    customer = making.make_customer()
    order = making.approved_order(customer, lines=[Wanted(product=making.product_at(100), quantity=Decimal(10))])
    with pytest.raises(Refused, match="Cancel it"):
        close_order(order, by=making.manager_of(customer), note="x")
    count_shipped({order.lines.get().pk: Decimal(4)})
    with pytest.raises(Refused, match="Close it short"):
        cancel_order(order, by=order.author, note="x")
    order = close_order(order, by=making.manager_of(customer), note="enough")
    assert order.state == "closed" and not Reservation.objects.exists() and Level.objects.get().reserved == 0


def test_cancelling_gives_back_what_was_reserved_and_keeps_the_number():
    order = making.approved_order()
    number = order.number
    order = cancel_order(order, by=order.author, note="the customer withdrew")
    assert order.number == number and not Reservation.objects.exists() and Level.objects.get().reserved == 0


def test_what_is_shipped_leaves_the_reservation_and_the_last_piece_finishes_the_order():
    order = making.approved_order(lines=[Wanted(product=making.product_at(100), quantity=Decimal(10))])
    line = order.lines.get()
    assert count_shipped({line.pk: Decimal(6)}) == []
    assert Reservation.objects.get().quantity == 4
    with pytest.raises(Refused, match="4 at most, 5 are wanted"):
        count_shipped({line.pk: Decimal(5)})
    assert [done.state for done in count_shipped({line.pk: Decimal(4)})] == ["done"]
    assert not Reservation.objects.exists()
    count_invoiced({line.pk: Decimal(10)})
    with pytest.raises(Refused, match="0 at most"):
        count_invoiced({line.pk: Decimal(1)})


def test_an_over_delivery_on_one_line_never_hides_a_shortage_on_another():
    two = [Wanted(product=making.product_at(10), quantity=Decimal(10)) for _ in range(2)]
    order = making.approved_order(lines=two)
    first = order.lines.first()
    count_shipped({first.pk: Decimal(10)})
    found = Order.objects.with_progress().get(pk=order.pk)
    assert found.shipped_share == Decimal("0.5") and found.invoiced_share == 0


# ── credit ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.duty("C11")
@pytest.mark.parametrize(
    ("limit", "amount", "state"),
    [
        (None, 10**9, "submitted"),
        (0, 1, "held"),
        (200, 1, "submitted"),
        (100, 100, "submitted"),
        (100, "100.01", "held"),
    ],
    ids=["no limit is unlimited", "CL2 zero is none", "CL3 within", "CL5 exactly at the limit", "a cent above"],
)
def test_the_limit(limit, amount, state):
    order = making.submitted_order(making.make_customer(limit=limit), amount=amount)
    assert order.state == state
    assert bool(order.hold_reason) == (state == "held")


@pytest.mark.duty("C11")
def test_cl6_an_order_over_the_limit_is_held_and_does_not_raise_exposure():
    customer = making.make_customer(limit=100)
    making.approved_order(customer, amount=100)
    held = making.submitted_order(customer, lines=[Wanted(product=making.product_at(25), quantity=Decimal(2))])
    assert held.state == "held" and "50.00" in held.hold_reason
    assert steps_module.credit.exposure(customer.pk, on=making.TODAY).exposure == 100


@pytest.mark.duty("C11")
def test_cl8_a_limit_lowered_later_does_not_stop_what_was_approved():
    customer = making.make_customer(limit=1000)
    order = making.approved_order(customer, amount=1000)
    making.change_limit(customer, 100)
    assert [o.state for o in count_shipped({order.lines.get().pk: Decimal(1)})] == ["done"]


@pytest.mark.duty("C11")
def test_two_orders_that_fit_alone_do_not_both_pass():
    customer = making.make_customer(limit=100)
    first, second = (making.submitted_order(customer, amount=60) for _ in range(2))
    assert (first.state, second.state) == ("submitted", "submitted")
    reviewer = making.assistant_of(customer)
    assert approve_order(first, by=reviewer).state == "approved"
    second = approve_order(second, by=reviewer)
    assert second.state == "held" and second.number is None


@pytest.mark.duty("C11")
def test_what_is_paid_before_it_leaves_needs_no_credit():
    term = making.make_term("prepaid", days=0)
    assert making.submitted_order(making.make_customer(limit=0, term=term)).state == "submitted"


@pytest.mark.duty("C11")
def test_a_release_has_a_reason_an_amount_and_a_day_and_is_not_the_authors():
    customer = making.make_customer(limit=100)
    order = making.submitted_order(customer, amount=150, by=making.manager_of(customer))
    with pytest.raises(Refused, match="another manager"):
        release_order(order, by=order.author, note="I trust them")
    manager = making.manager_of(customer)
    with pytest.raises(Refused, match="would not let it pass"):
        release_order(order, by=manager, note="paid soon", exposure=Decimal(149))
    order = release_order(order, by=manager, note="paid soon", exposure=Decimal(150))
    release = order.releases.get()
    assert order.state == "submitted" and (release.exposure, release.reason) == (150, "paid soon")
    assert approve_order(order, by=making.assistant_of(customer)).state == "approved"


@pytest.mark.duty("C11")
def test_a_release_covers_no_more_than_it_says():
    customer = making.make_customer(limit=100)
    order = release_order(making.submitted_order(customer, amount=150), by=making.manager_of(customer), note="x")
    making.approved_order(customer, amount=50)
    assert approve_order(order, by=making.assistant_of(customer)).state == "held"


@pytest.mark.duty("C11", "S4")
def test_an_order_held_at_its_approval_goes_on_once_released_without_a_second_review():
    customer = making.make_customer(limit=100)
    order = making.submitted_order(customer, amount=90)
    making.approved_order(customer, amount=50)
    order = approve_order(order, by=making.assistant_of(customer))
    assert order.state == "held"
    order = release_order(order, by=making.manager_of(customer), note="cheque is here")
    assert order.state == "approved" and order.number


@pytest.mark.duty("C11")
def test_an_order_over_the_limit_goes_on_once_the_limit_is_raised_and_somebody_looks_again(
    at_once, django_capture_on_commit_callbacks
):
    customer = making.make_customer(limit=100)
    order, other = making.submitted_order(customer, amount=150), making.submitted_order(customer, amount=120)
    assert recheck_order(order, by=order.author).state == "held"
    making.change_limit(customer, 150)
    assert recheck_order(order, by=order.author).state == "submitted"
    at_once("orders.tasks.take_on")
    with django_capture_on_commit_callbacks(execute=True):
        assert let_go(Order.objects.all(), note="the limit was raised") == 1
    other.refresh_from_db()
    assert other.state == "submitted", "only what is approved takes up credit"


@pytest.mark.duty("C11")
def test_reopening_runs_every_check_again():
    customer = making.make_customer()
    order = making.closed_order(customer)
    making.change_limit(customer, 100)
    manager = making.manager_of(customer)
    with pytest.raises(Refused, match="credit limit"):
        reopen_order(order, by=manager, note="they want it after all")
    making.change_limit(customer, 600)
    assert reopen_order(order, by=manager, note="they want it after all").state == "approved"
    assert Reservation.objects.get().quantity == 6


@pytest.mark.duty("C11")
def test_submitting_again_after_a_return_checks_again():
    customer = making.make_customer(limit=100)
    order = making.submitted_order(customer, amount=100)
    order = return_order(order, by=making.assistant_of(customer), note="two pieces, not one")
    order = save_order(
        order, by=order.author, header={}, lines=[Wanted(product=making.product_at(100), quantity=Decimal(2))]
    )
    assert submit_order(order, by=order.author).state == "held"


@pytest.mark.duty("C11")
def test_a_release_that_has_run_out_is_none():
    customer = making.make_customer(limit=100)
    order = release_order(making.submitted_order(customer, amount=150), by=making.manager_of(customer), note="x")
    assert steps_module.is_released(order, Decimal(150), on=order.releases.get().expires_on)
    assert not steps_module.is_released(order, Decimal(150), on=order.releases.get().expires_on + datetime.timedelta(1))
