"""Every way round the review: each is tried, and the document stays where it was, without an agreement that counts."""

import datetime
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal as D
from uuid import uuid4

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction
from django.urls import reverse

from backoffice.documents.models import Document
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from backoffice.review.models import Policy, Review
from backoffice.review.policies import ask_policy_change, decide_policy_change
from backoffice.sheets import services as sheets
from backoffice.stock.models import Warehouse
from orders.models import Order
from orders.services import approve_order, copy_of, return_order, save_order, submit_order
from shipments.models import Shipment
from shipments.services import return_shipment, review_shipment, submit_shipment
from tests.making_shipments import House, approved_order, make_house, reviewed_shipment, submitted_shipment
from tests.people_of_the_tests import make_person
from tests.sheets.books import workbook

from ..declare import Outcome, Run, fault
from ..desk import Desk, Form
from .p05_approving import big_house, submitted, wanted

Way = Callable[[House], bool]
WAYS: list[Way] = []
IMPORTED = ("Order No", "Line", "Order Date", "Customer No", "Product Code", "Quantity", "Unit Price", "Status")


def way(function: Way) -> Way:
    """A way round; it answers whether it led through."""
    WAYS.append(function)
    return function


def refused(act: Callable[[], object]) -> None:
    """Try it; what matters is where the document stands afterwards."""
    with suppress(Refused, DatabaseError, ObjectDoesNotExist, LookupError), transaction.atomic():
        act()


def is_through(document: Document) -> bool:
    return type(document).objects.get(pk=document.pk).state in ("approved", "reviewed", "dispatched")


def by_all_doors(document: Document, step: str, person: Person) -> bool:
    """Service, step page, review page, list and address typed by hand, with and without what a form carries."""
    gate = {"approve_order": approve_order, "review_shipment": review_shipment}[step]
    refused(lambda: gate(document, by=person))
    desk, seen = Desk(person), {"version": str(document.version), "fingerprint": document.fingerprint}
    doors = (reverse("pages:step", args=[document.pk, step]), reverse("pages:review", args=[document.pk]))
    for door in doors:
        for carried in ({}, seen, seen | {"once": str(uuid4())}):
            desk.client.post(door, carried | {"step": step})
    listed = {"approve_order": "orders:list", "review_shipment": "shipments:list"}[step]
    for more in ({"ids": [document.pk]}, {"everything": "on"}):
        desk.client.post(reverse(listed) + "?view=all", {"act": step, **more})
    return is_through(document)


@way
def the_author_reviews(house: House) -> bool:
    house.assistant.roles = [Role.ASSISTANT, Role.MANAGER]
    house.assistant.save()
    return by_all_doors(submitted(house), "approve_order", house.assistant)


@way
def the_person_represented_reviews(house: House) -> bool:
    order = submitted(house)
    order.salesperson.roles = [Role.SALESPERSON, Role.MANAGER]
    order.salesperson.save()
    return by_all_doors(order, "approve_order", order.salesperson)


@way
def whoever_edited_reviews(house: House) -> bool:
    order = return_order(submitted(house), by=house.manager, note="quantity")
    order = save_order(order, by=house.manager, header={}, lines=wanted(house, 3))
    return by_all_doors(submit_order(order, by=house.assistant), "approve_order", house.manager)


@way
def whoever_submitted_reviews(house: House) -> bool:
    order = return_order(submitted(house), by=house.second, note="price")
    return by_all_doors(submit_order(order, by=house.manager), "approve_order", house.manager)


@way
def whoever_imported_reviews(house: House) -> bool:
    brought(house.manager, house, status=None)
    order = Order.objects.filter(author=house.manager).latest("pk")
    return by_all_doors(submit_order(order, by=house.assistant), "approve_order", house.manager)


def brought(by: Person, house: House, status: str | None, number: str = "") -> None:
    day = datetime.date(2026, 2, 3)
    row = (number or f"N{uuid4().int % 10**8}", 1, day, house.party.code, house.goods[0].code, 2, 20, status)
    done = sheets.upload([("orders.xlsx", workbook(IMPORTED, row))], by=by, kind="orders")
    sheets.check_group(done.group)
    sheets.apply_group(done.group, by=by)


@way
def an_import_brings_it_approved(house: House) -> bool:
    before = Order.objects.filter(state="approved").count()
    refused(lambda: brought(house.assistant, house, status="approved"))
    return Order.objects.filter(state="approved").count() > before


@way
def an_import_moves_one_that_is_here(house: House) -> bool:
    order = submitted(house)
    refused(lambda: brought(house.manager, house, status="approved", number=str(order.pk)))
    return is_through(order)


@way
def a_second_account_of_the_same_person(house: House) -> bool:
    house.assistant.employee_no = f"E{house.assistant.pk}"
    house.assistant.save()
    try:
        with transaction.atomic():
            make_person(Role.MANAGER, employee_no=house.assistant.employee_no)
    except DatabaseError:
        return False
    return True


@way
def the_same_person_from_two_windows(house: House) -> bool:
    shipment = submitted_shipment(house)
    review_shipment(shipment, by=house.manager)
    through = by_all_doors(shipment, "review_shipment", house.manager)
    return through or Review.objects.filter(record_id=shipment.pk).count() != 1


@way
def the_role_was_lost_meanwhile(house: House) -> bool:
    order, desk = submitted(house), Desk(house.manager)
    form = desk.form(reverse("pages:review", args=[order.pk]))
    house.manager.roles = [Role.HR]
    house.manager.save()
    desk.send(form, step="approve_order")
    return by_all_doors(order, "approve_order", house.manager)


@way
def the_account_was_closed_meanwhile(house: House) -> bool:
    order, desk = submitted(house), Desk(house.manager)
    form = desk.form(reverse("pages:review", args=[order.pk]))
    house.manager.is_active = False
    house.manager.save()
    desk.send(form, step="approve_order")
    return is_through(order)


@way
def the_policy_was_lowered_after_submission(house: House) -> bool:
    shipment = submitted_shipment(house)
    policy = Policy.objects.filter(step="review_shipment").get()
    lower(policy, 1)
    review_shipment(shipment, by=house.manager)
    through = is_through(shipment)
    lower(policy, 2)
    return through


def lower(policy: Policy, needed: int) -> None:
    asked = ask_policy_change(
        policy.step, amount_from=policy.amount_from, needed=needed, roles=policy.roles, reason="holidays", by=make_person(Role.ADMINISTRATOR)
    )  # fmt: skip
    decide_policy_change(asked, agree=True, by=make_person(Role.GM))


@way
def the_policy_is_changed_by_one(house: House) -> bool:
    administrator, policy = make_person(Role.ADMINISTRATOR), Policy.objects.filter(step="review_shipment").get()
    asked = ask_policy_change(
        policy.step, amount_from=policy.amount_from, needed=1, roles=policy.roles, reason="quick", by=administrator
    )  # fmt: skip
    refused(lambda: decide_policy_change(asked, agree=True, by=administrator))
    refused(lambda: Policy.objects.filter(pk=policy.pk).update(needed=1))
    refused(policy.delete)
    return Policy.objects.filter(step="review_shipment").get().needed != 2


@way
def an_old_tab_approves_what_was_changed(house: House) -> bool:
    order, desk = submitted(house), Desk(house.manager)
    form = desk.form(reverse("pages:review", args=[order.pk]))
    changed = save_order(
        return_order(order, by=house.second, note="x"), by=house.assistant, header={}, lines=wanted(house, 9)
    )
    submit_order(changed, by=house.assistant)
    desk.send(form, step="approve_order")
    return is_through(order)


@way
def an_old_agreement_counts_again_after_a_return(house: House) -> bool:
    """The same content, returned and handed in again: agreements of the first round stay there."""
    shipment = submitted_shipment(house)
    review_shipment(shipment, by=house.manager)
    shipment = submit_shipment(return_shipment(shipment, by=house.second, note="x"), by=house.assistant)
    third = make_person(Role.WAREHOUSE)
    review_shipment(shipment, by=third)
    return is_through(shipment)


@way
def a_replayed_form_agrees_again(house: House) -> bool:
    shipment, desk = submitted_shipment(house), Desk(house.manager)
    form = desk.form(reverse("pages:review", args=[shipment.pk]))
    desk.send(form, step="review_shipment")
    again = submit_shipment(return_shipment(shipment, by=house.second, note="x"), by=house.assistant)
    for once in (form.fields["once"], str(uuid4())):
        desk.send(Form(form.action, "post", form.fields | {"once": once}), step="review_shipment")
    return Review.objects.filter(record_id=again.pk, round=again.round).exists()


@way
def a_copy_is_born_approved(house: House) -> bool:
    header, lines = copy_of(approved_order(house, 2))
    start = header | {"dated_on": datetime.date.today(), "warehouse": Warehouse.objects.first()}
    copy = save_order(Order(), by=house.assistant, header=start, lines=lines)
    return is_through(copy) or Review.objects.filter(record_id=copy.pk).exists() or bool(copy.number)


@way
def reviewed_goods_are_changed_and_leave(house: House) -> bool:
    shipment = reviewed_shipment(house)
    refused(lambda: Shipment.objects.filter(pk=shipment.pk).update(delivery_address="elsewhere"))
    refused(lambda: shipment.lines.update(quantity=D(999)))
    return (
        Shipment.objects.get(pk=shipment.pk).delivery_address == "elsewhere"
        or shipment.lines.filter(quantity=999).exists()
    )


@way
def a_state_is_set_by_hand(house: House) -> bool:
    order = submitted(house)
    order.state = "approved"
    refused(order.save)
    refused(lambda: Order.objects.filter(pk=order.pk).update(state="approved"))
    refused(lambda: Order.objects.bulk_update([order], ["state"]))
    return is_through(order)


@way
def a_review_is_written_by_hand(house: House) -> bool:
    order = submitted(house)
    for person in (house.assistant, make_person(Role.HR)):
        refused(lambda person=person: Review.objects.create(
            record_id=order.pk, step="approve_order", round=order.round, person=person, fingerprint=order.fingerprint
        ))  # fmt: skip
    return Review.objects.filter(record_id=order.pk).exists()


@fault(6, "every way round the review is closed", short=len(WAYS), full=len(WAYS), budget=100)
def ways_round_the_review(run: Run) -> Outcome:
    done, led_through, ways = 0, [], run.random.sample(WAYS, len(WAYS))
    for number in run.rounds():
        house = big_house() if number % 2 else make_house(limit=None, on_hand=(10_000,))
        house.second = make_person(Role.MANAGER, department=house.manager.department)
        try:
            if ways[number](house):
                led_through.append(ways[number].__name__.replace("_", " "))
        except Exception as error:
            led_through.append(f"{ways[number].__name__.replace('_', ' ')} ended in {type(error).__name__}: {error}")
        done += 1
    words = "; ".join(led_through) or f"{done} ways, by service, page, list, import, address and SQL"
    return Outcome(done, len(led_through), words)
