"""Payment is checked with finance before dispatch: prepaid, deposit, credit; the queue, the release, and no way round (S5)."""

import datetime
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from backoffice.audit import acting
from backoffice.ledger.services import post, reverse
from backoffice.outbox.models import Notification
from backoffice.people.models import Role
from backoffice.refusals import Refused, Stale
from shipments.models import Clearance, Shipment
from shipments.selectors import money_gate
from shipments.services import (
    clear_shipment,
    dispatch_shipment,
    release_shipment,
    return_shipment,
    review_shipment,
    submit_shipment,
)
from tests.making_customers import applied_change
from tests.making_shipments import approved_order, cleared_shipment, make_house, receive, reviewed_shipment

pytestmark = [pytest.mark.django_db, pytest.mark.duty("S5")]


@pytest.fixture
def prepaid():
    return make_house(terms="PREPAID", limit=D(0))


def change(house, **wanted):
    """Credit data change by two people."""
    applied_change(house.customer, by=house.assistant, agreed_by=house.finance, **wanted)
    house.customer.refresh_from_db()


def test_prepaid_goods_do_not_leave_before_the_money_is_there(prepaid):
    order = approved_order(prepaid, 10)  # 1,130.00
    shipment = reviewed_shipment(prepaid, order)
    gate = money_gate(shipment)
    assert (gate.ok, gate.wanted, gate.there, gate.missing, gate.by_finance) == (
        False,
        D("1130.00"),
        0,
        D("1130.00"),
        True,
    )
    with pytest.raises(Refused, match=r"1,130\.00 are missing"):
        clear_shipment(shipment, by=prepaid.finance)
    with pytest.raises(Refused, match="Finance has not confirmed"):
        dispatch_shipment(shipment, by=prepaid.warehouse)


def test_money_for_the_order_is_confirmed_by_finance_and_the_goods_leave(prepaid):
    order = approved_order(prepaid, 10)
    receive(prepaid, "1130.00", order=order)
    shipment = reviewed_shipment(prepaid, order)
    with pytest.raises(Refused, match="Finance has not confirmed"):
        dispatch_shipment(shipment, by=prepaid.warehouse)
    clearance = clear_shipment(shipment, by=prepaid.finance)
    assert (clearance.wanted, clearance.there, clearance.fingerprint) == (
        D("1130.00"),
        D("1130.00"),
        shipment.fingerprint,
    )
    assert dispatch_shipment(shipment, by=prepaid.warehouse).state == "dispatched"


def test_a_free_advance_of_the_customer_counts(prepaid):
    receive(prepaid, "2000.00")
    assert dispatch_shipment(cleared_shipment(prepaid), by=prepaid.warehouse).state == "dispatched"


def test_one_cent_short_is_short(prepaid):
    receive(prepaid, "1129.99")
    assert money_gate(reviewed_shipment(prepaid)).missing == D("0.01")


def test_part_of_an_order_needs_the_money_of_what_was_and_is_now_shipped(prepaid):
    order = approved_order(prepaid, 10)
    receive(prepaid, "678.00", order=order)
    dispatch_shipment(cleared_shipment(prepaid, order, 6), by=prepaid.warehouse)
    rest = reviewed_shipment(prepaid, order, 4)
    assert (money_gate(rest).wanted, money_gate(rest).missing) == (D("1130.00"), D("452.00"))
    receive(prepaid, "452.00", order=order)
    assert money_gate(rest).ok


def test_a_free_advance_is_not_spent_twice(prepaid):
    """Two orders of 1,130.00, one advance of 1,130.00: the first shipment cleared takes it, although nothing is allocated yet."""
    receive(prepaid, "1130.00")
    one, two = (reviewed_shipment(prepaid, approved_order(prepaid, 10)) for _turn in range(2))
    assert money_gate(one).ok and money_gate(two).ok
    clear_shipment(one, by=prepaid.finance)
    assert not money_gate(two).ok
    dispatch_shipment(one, by=prepaid.warehouse)
    with pytest.raises(Refused, match="missing"):
        clear_shipment(two, by=prepaid.finance)


def test_money_that_was_advanced_for_another_order_does_not_count(prepaid):
    other = approved_order(prepaid, 10)
    receive(prepaid, "1130.00", order=other)
    assert not money_gate(reviewed_shipment(prepaid, approved_order(prepaid, 5))).ok


def test_money_that_went_away_after_the_clearance_stops_the_goods(prepaid):
    received = receive(prepaid, "1130.00")
    shipment = cleared_shipment(prepaid)
    reverse(received.entry, on=timezone.localdate(), by=prepaid.finance, memo="cheque bounced")
    with pytest.raises(Refused, match=r"1,130\.00 are missing"):
        dispatch_shipment(shipment, by=prepaid.warehouse)


def test_a_deposit_is_a_share_of_the_order_and_the_rest_follows_the_term():
    house = make_house(terms="DEP30N30")
    order = approved_order(house, 10)
    shipment = reviewed_shipment(house, order, 5)
    assert money_gate(shipment).wanted == D("339.00")
    receive(house, "339.00", order=order)
    clear_shipment(shipment, by=house.finance)
    dispatch_shipment(shipment, by=house.warehouse)
    assert money_gate(reviewed_shipment(house, order, 5)).ok


def test_a_deposit_with_the_rest_before_dispatch_wants_all_that_has_left():
    house = make_house(terms="DEP30")
    order = approved_order(house, 10)
    receive(house, "339.00", order=order)
    small = reviewed_shipment(house, order, 2)  # 226.00, the deposit covers it
    assert (money_gate(small).ok, money_gate(small).wanted) == (True, D("339.00"))
    clear_shipment(small, by=house.finance)
    dispatch_shipment(small, by=house.warehouse)
    assert money_gate(reviewed_shipment(house, order, 8)).missing == D("791.00")


def test_credit_within_the_limit_leaves_without_finance():
    house = make_house(limit=D("1130.00"))
    shipment = reviewed_shipment(house, approved_order(house, 10))
    assert (money_gate(shipment).ok, money_gate(shipment).by_finance) == (True, False)
    assert dispatch_shipment(shipment, by=house.warehouse).state == "dispatched"


def test_credit_over_the_limit_is_held_until_a_manager_releases_it():
    """CL12: a limit lowered below what is outstanding holds the delivery."""
    house = make_house()
    shipment = reviewed_shipment(house, approved_order(house, 10))
    change(house, credit_limit=D("1000.00"))
    with pytest.raises(Refused, match="credit limit"):
        dispatch_shipment(shipment, by=house.warehouse)
    with pytest.raises(Refused, match=r"had a hand|Your role"):
        release_shipment(shipment, by=house.assistant, note="please")
    release_shipment(shipment, by=house.manager, note="paid tomorrow, telephoned")
    assert dispatch_shipment(shipment, by=house.warehouse).state == "dispatched"


def test_whose_name_it_stands_in_does_not_release_it_even_as_a_manager():
    house = make_house()
    shipment = reviewed_shipment(house, approved_order(house, 10))
    change(house, credit_limit=D("1000.00"))
    house.salesperson.roles = [*house.salesperson.roles, Role.MANAGER]
    house.salesperson.save()
    with pytest.raises(Refused, match="in your name"):
        release_shipment(shipment, by=house.salesperson, note="my customer pays")
    with pytest.raises(DatabaseError, match="had a hand"), transaction.atomic():
        Clearance.objects.create(
            shipment=shipment, fingerprint=shipment.fingerprint, kind="unpaid", reason="mine", by=house.salesperson
        )


def test_an_overdue_debt_beyond_the_tolerance_holds_goods_on_credit():
    house = make_house()
    long_ago = timezone.localdate() - datetime.timedelta(days=40)
    post(
        "opening_receivable",
        on=long_ago,
        amounts={"amount": D("5.00")},
        party=house.party,
        number="OLD",
        by=house.finance,
    )
    change(house, overdue_tolerance=60)
    shipment = reviewed_shipment(house, approved_order(house, 1))
    assert money_gate(shipment).ok
    change(house, overdue_tolerance=10)
    assert "overdue" in money_gate(shipment).why


def test_a_release_needs_a_reason_a_manager_and_is_kept(prepaid):
    shipment = reviewed_shipment(prepaid)
    with pytest.raises(Refused, match="reason"):
        release_shipment(shipment, by=prepaid.manager, note=" ")
    with pytest.raises(Refused, match="Your role"):
        release_shipment(shipment, by=prepaid.finance, note="x")
    release = release_shipment(shipment, by=prepaid.manager, note="bank closed today")
    assert (release.is_release, release.reason, release.wanted, release.there) == (
        True,
        "bank closed today",
        D("1130.00"),
        0,
    )
    with pytest.raises(Refused, match="decided already"):
        release_shipment(shipment, by=prepaid.manager, note="again")
    assert dispatch_shipment(shipment, by=prepaid.warehouse).state == "dispatched"


def test_only_finance_confirms(prepaid):
    receive(prepaid, "1130.00")
    shipment = reviewed_shipment(prepaid)
    for person in (prepaid.assistant, prepaid.manager, prepaid.warehouse):
        with pytest.raises((Refused, Shipment.DoesNotExist)):
            clear_shipment(shipment, by=person)


def test_finance_confirms_what_they_saw(prepaid):
    receive(prepaid, "1130.00")
    shipment = reviewed_shipment(prepaid)
    with pytest.raises(Stale):
        clear_shipment(shipment, by=prepaid.finance, fingerprint="0" * 64)


def test_a_clearance_belongs_to_the_content_it_was_given_for(prepaid):
    """Returned and reviewed again, even unchanged, it needs another one."""
    receive(prepaid, "5000.00")
    shipment = cleared_shipment(prepaid)
    shipment = return_shipment(shipment, by=prepaid.second, note="pallet broken")
    assert not Clearance.objects.filter(fingerprint=shipment.fingerprint).exists()
    submit_shipment(shipment, by=prepaid.assistant)
    review_shipment(shipment, by=prepaid.manager)
    review_shipment(shipment, by=prepaid.second)
    with pytest.raises(Refused, match="Finance has not confirmed"):
        dispatch_shipment(shipment, by=prepaid.warehouse)


def test_finance_is_told_when_a_reviewed_shipment_waits_for_money(prepaid):
    shipment = reviewed_shipment(prepaid)
    assert Notification.objects.filter(topic="shipment_money", person=prepaid.finance, record_id=shipment.pk).exists()
    assert list(Shipment.objects.waiting_for_money()) == [shipment]
    receive(prepaid, "1130.00")
    clear_shipment(shipment, by=prepaid.finance)
    assert not Shipment.objects.waiting_for_money().exists()
    assert list(Shipment.objects.ready()) == [shipment]


# ── PostgreSQL says the same ───────────────────────────────────────────────────────────────


def test_sql_cannot_dispatch_prepaid_goods_that_nobody_cleared(prepaid):
    shipment = reviewed_shipment(prepaid)
    with (
        pytest.raises(DatabaseError, match="money has not been confirmed"),
        transaction.atomic(),
        acting(prepaid.warehouse, step="dispatch_shipment"),
    ):
        Shipment.objects.filter(pk=shipment.pk).update(state="dispatched", dispatched_on=timezone.localdate())


def test_sql_cannot_write_a_clearance_for_other_content_or_by_another_role(prepaid):
    shipment = reviewed_shipment(prepaid)

    def clear(by, **changed):
        given = {"shipment": shipment, "fingerprint": shipment.fingerprint, "wanted": D(1), "there": D(1), "by": by}
        with transaction.atomic():
            Clearance.objects.create(**given | changed)

    with pytest.raises(DatabaseError, match="may not clear"):
        clear(prepaid.assistant)
    with pytest.raises(DatabaseError, match="may not clear"):
        clear(prepaid.finance, kind="unpaid", reason="x")
    with pytest.raises(DatabaseError, match="not reviewed with this content"):
        clear(prepaid.finance, fingerprint="0" * 64)
    with pytest.raises(DatabaseError, match="clearance_money_there"):
        clear(prepaid.finance, there=D("0.50"))
    with pytest.raises(DatabaseError, match="may not clear"):
        clear(prepaid.finance, kind="papers", papers=["CERT"], reason="x")
    with pytest.raises(DatabaseError, match="clearance_papers"):
        clear(prepaid.manager, kind="papers", reason="x")
    clear(prepaid.finance)
    with pytest.raises(DatabaseError), transaction.atomic():
        Clearance.objects.update(there=D(5))
    with pytest.raises(DatabaseError), transaction.atomic():
        Clearance.objects.all().delete()
