"""Double review of shipments: distinct people, exactly the content they saw, and no way round it (S4)."""

import uuid

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from backoffice.audit import acting
from backoffice.documents.gate import GATES
from backoffice.files.models import File
from backoffice.files.services import keep
from backoffice.people.models import Role
from backoffice.refusals import Refused, Stale
from backoffice.review.models import Review
from shipments.lifecycle import SHIPMENT
from shipments.models import Shipment
from shipments.services import dispatch_shipment, return_shipment, review_shipment, save_shipment, submit_shipment
from tests.making_shipments import (
    BY_STATE,
    approved_order,
    draft_shipment,
    make_house,
    reviewed_shipment,
    submitted_shipment,
)
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("S4")]


@pytest.fixture
def house():
    return make_house()


def now(shipment):
    return Shipment.objects.get(pk=shipment.pk)


def test_two_people_have_to_agree_and_then_it_has_a_number(house):
    shipment = submitted_shipment(house)
    review_shipment(shipment, by=house.manager)
    assert (now(shipment).state, now(shipment).number) == ("submitted", None)
    review_shipment(shipment, by=house.second)
    assert now(shipment).state == "reviewed"
    assert now(shipment).number.startswith(f"SH-{timezone.localdate().year}-")


def test_the_same_person_does_not_agree_twice(house):
    shipment = submitted_shipment(house)
    review_shipment(shipment, by=house.second)
    with pytest.raises(Refused, match="You have agreed"):
        review_shipment(shipment, by=house.second)
    assert now(shipment).state == "submitted"


def test_the_author_does_not_review_their_own_shipment(house):
    with pytest.raises(Refused, match="You wrote this"):
        review_shipment(submitted_shipment(house), by=house.assistant)


def test_the_salesperson_in_whose_name_it_stands_does_not_review_it_whatever_their_roles(house):
    shipment = submitted_shipment(house)
    person = house.salesperson
    person.roles = [Role.SALESPERSON, Role.MANAGER, Role.WAREHOUSE]
    person.save()
    assert shipment not in Shipment.objects.waiting_for(person)
    with pytest.raises(Refused, match="stands in your name"):
        review_shipment(shipment, by=person)
    with pytest.raises(DatabaseError, match="had a hand"), transaction.atomic():
        Review.objects.create(
            record_id=shipment.pk, step="review_shipment", round=1, person=person, fingerprint=shipment.fingerprint
        )


def test_who_changed_or_submitted_it_does_not_review_it(house):
    order = approved_order(house, 10)
    shipment = draft_shipment(house, order)
    line = order.lines.get()
    save_shipment(shipment, {line.pk: 5}, by=house.warehouse)
    submit_shipment(now(shipment), by=house.manager)
    for person in (house.warehouse, house.manager):
        with pytest.raises(Refused, match="had a hand"):
            review_shipment(shipment, by=person)


def test_a_role_the_policy_does_not_name_does_not_review(house):
    shipment = submitted_shipment(house)
    for person in (house.salesperson, house.finance, make_person(Role.ADMINISTRATOR, Role.GM)):
        with pytest.raises((Refused, Shipment.DoesNotExist)):
            review_shipment(shipment, by=person)


def test_a_change_after_the_review_voids_it(house):
    order = approved_order(house, 10)
    shipment = submitted_shipment(house, order)
    review_shipment(shipment, by=house.second)
    returned = return_shipment(shipment, by=house.manager, note="eight, not ten")
    save_shipment(returned, {order.lines.get().pk: 8}, by=house.assistant)
    submit_shipment(now(shipment), by=house.assistant)
    review_shipment(shipment, by=house.manager)
    assert now(shipment).state == "submitted", "the first agreement belonged to ten"
    review_shipment(shipment, by=house.second)
    assert now(shipment).state == "reviewed"


def test_returned_and_handed_in_unchanged_it_is_reviewed_anew(house):
    shipment = submitted_shipment(house)
    review_shipment(shipment, by=house.second)
    return_shipment(shipment, by=house.manager, note="look again")
    submit_shipment(shipment, by=house.assistant)
    review_shipment(shipment, by=house.manager)
    assert now(shipment).state == "submitted"


def test_who_read_an_older_content_does_not_agree_to_the_newer_one(house):
    """Second tab: the page was opened, then the shipment was returned, changed and handed in again."""
    order = approved_order(house, 10)
    seen = now(submitted_shipment(house, order))
    returned = return_shipment(seen, by=house.manager, note="x")
    save_shipment(returned, {order.lines.get().pk: 1}, by=house.assistant)
    submit_shipment(now(seen), by=house.assistant)
    with pytest.raises(Stale):
        review_shipment(seen, by=house.second, version=seen.version, fingerprint=seen.fingerprint)
    assert not Review.objects.filter(record_id=seen.pk).exists()


def test_a_file_added_after_the_review_stops_the_dispatch(house):
    shipment = reviewed_shipment(house)
    keep("packing.txt", b"twelve pallets", "text/plain", by=house.warehouse, record=shipment, label=File.Label.OTHER)
    with pytest.raises(Refused, match="no longer what was reviewed"):
        dispatch_shipment(shipment, by=house.warehouse)


def test_a_submitted_shipment_is_not_dispatched(house):
    with pytest.raises(Refused, match="not possible"):
        dispatch_shipment(submitted_shipment(house), by=house.warehouse)


def test_a_fixed_shipment_is_not_saved(house):
    order = approved_order(house, 10)
    shipment = submitted_shipment(house, order)
    with pytest.raises(Refused, match="is not changed any more"):
        save_shipment(shipment, {order.lines.get().pk: 1}, by=house.assistant)


# ── direct addresses ───────────────────────────────────────────────────────────────────────


def test_a_forged_post_does_not_pass_the_review(house, client):
    shipment = submitted_shipment(house)
    client.force_login(house.assistant)
    for step in ("review_shipment", "dispatch_shipment", "deliver_shipment"):
        answer = client.post(reverse("pages:step", args=[shipment.pk, step]), {"once": str(uuid.uuid4())})
        assert answer.status_code in (403, 404, 409, 422)
    assert now(shipment).state == "submitted"


# ── PostgreSQL says the same ───────────────────────────────────────────────────────────────


def set_state(shipment, state, step):
    with transaction.atomic(), acting(shipment.author, step=step):
        Shipment.objects.filter(pk=shipment.pk).update(state=state, dispatched_on=timezone.localdate())


def test_sql_does_not_take_the_step_without_reviews(house):
    shipment = submitted_shipment(house)
    with pytest.raises(DatabaseError, match="reviews"):
        set_state(shipment, "reviewed", "review_shipment")
    review_shipment(shipment, by=house.second)
    with pytest.raises(DatabaseError, match="1 of 2 reviews"):
        set_state(shipment, "reviewed", "review_shipment")
    with pytest.raises(DatabaseError, match="no step"):
        set_state(shipment, "dispatched", "dispatch_shipment")


def test_sql_does_not_change_what_is_reviewed(house):
    shipment = reviewed_shipment(house)
    for change in ({"delivery_address": "elsewhere"}, {"amount": 1, "net": 1, "tax": 0}, {"party": make_house().party}):
        with pytest.raises(DatabaseError, match="fixed"), transaction.atomic():
            Shipment.objects.filter(pk=shipment.pk).update(**change)
    with pytest.raises(DatabaseError, match="fixed"), transaction.atomic():
        shipment.lines.update(quantity=1)
    with pytest.raises(DatabaseError, match="fixed"), transaction.atomic():
        shipment.lines.all().delete()


def test_sql_does_not_make_a_shipment_that_is_born_reviewed(house):
    draft = draft_shipment(house)
    draft.pk, draft.state, draft.number = None, "reviewed", None
    with pytest.raises(DatabaseError, match="begins in its first state"), transaction.atomic():
        draft.save(force_insert=True)


def test_sql_does_not_let_the_author_review(house):
    shipment = submitted_shipment(house)
    with pytest.raises(DatabaseError, match="had a hand"), transaction.atomic():
        Review.objects.create(
            record_id=shipment.pk,
            step="review_shipment",
            round=1,
            person=house.assistant,
            fingerprint=shipment.fingerprint,
        )


# ── every step from every state ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("state", BY_STATE)
def test_only_the_declared_steps_lead_out_of_a_state(house, state):
    shipment = BY_STATE[state](house)
    anybody = make_person(*Role.values)
    for step in SHIPMENT.steps:
        if state not in [str(source) for source in step.sources]:
            with pytest.raises(Refused, match="is not possible"):
                GATES[step.name](shipment, by=anybody, note="because")
    assert now(shipment).state == state


@pytest.mark.parametrize("step", SHIPMENT.steps, ids=lambda step: step.name)
def test_only_the_declared_roles_take_a_step(house, step):
    shipment = BY_STATE[str(step.sources[0])](house)
    others = [role for role in Role.values if role not in step.by]
    for role in others:
        person = make_person(role, Role.FINANCE)  # finance sees it, so that the refusal is about the role
        if Role.FINANCE in step.by:
            continue
        with pytest.raises(Refused, match="role"):
            GATES[step.name](shipment, by=person, note="because")
