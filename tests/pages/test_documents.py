"""Pages of documents: steps offered and refused in words, taken once, reviewed one after another; stale forms are told."""

import uuid

import pytest
from django.urls import reverse

from backoffice.pages.chain import chain_of
from backoffice.pages.timeline import timeline_of
from orders.models import Order
from orders.services import submit_order
from tests.making_orders import assistant_of, draft_order, make_customer, submitted_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer():
    return make_customer()


def page_of(order):
    return reverse("orders:order", args=[order.pk])


def step_of(order, name):
    return reverse("pages:step", args=[order.pk, name])


def seen(order, **more):
    return {"version": order.version, "fingerprint": order.fingerprint, "once": str(uuid.uuid4()), **more}


@pytest.mark.duty("O2")
def test_the_head_offers_the_steps_i_may_take_and_says_why_another_is_not_possible(client, customer):
    order = submitted_order(customer)
    client.force_login(order.author)
    mine = client.get(page_of(order)).content.decode()
    assert "You wrote this; somebody else has to review it." in mine
    client.force_login(assistant_of(customer))
    theirs = client.get(page_of(order)).content.decode()
    assert reverse("pages:review", args=[order.pk]) in theirs


@pytest.mark.duty("O2")
def test_a_step_is_taken_once_however_often_it_is_sent(client, customer):
    order = draft_order(customer)
    client.force_login(order.author)
    form = seen(order)
    first = client.post(step_of(order, "submit_order"), form)
    again = client.post(step_of(order, "submit_order"), form)
    assert first.url == again.url == page_of(order)
    order.refresh_from_db()
    assert order.state == "submitted"


@pytest.mark.duty("O2")
def test_a_step_on_something_older_than_what_stands_there_is_refused_with_what_changed(client, customer):
    order = draft_order(customer)
    client.force_login(order.author)
    form = seen(order)
    Order.objects.filter(pk=order.pk).update(note="changed meanwhile", version=order.version + 1)
    answer = client.post(step_of(order, "submit_order"), form)
    assert answer.status_code == 409
    assert b"What changed since you opened it" in answer.content
    assert b"changed meanwhile" in answer.content
    order.refresh_from_db()
    assert order.state == "draft"


@pytest.mark.duty("O2")
def test_returning_asks_for_a_reason_and_keeps_it(client, customer):
    order = submitted_order(customer)
    reviewer = assistant_of(customer)
    client.force_login(reviewer)
    without = client.post(step_of(order, "return_order"), seen(order))
    assert without.status_code == 422
    client.post(step_of(order, "return_order"), seen(order, note="price is last year's"))
    order.refresh_from_db()
    assert order.state == "draft"
    assert timeline_of(order)[0].note == "price is last year's"


@pytest.mark.duty("O2")
def test_reviewing_leads_to_the_next_document_that_waits(client, customer):
    first, second = submitted_order(customer), submitted_order(customer)
    reviewer = assistant_of(customer)
    client.force_login(reviewer)
    page = client.get(reverse("pages:review", args=[first.pk])).content.decode()
    assert reverse("pages:review", args=[second.pk]) in page
    answer = client.post(reverse("pages:review", args=[first.pk]), seen(first, step="approve_order"))
    assert answer.url == reverse("pages:review", args=[second.pk])


@pytest.mark.duty("F9")
@pytest.mark.parametrize("page", ["step", "review"])
def test_a_document_of_others_is_not_found_by_its_step_either(client, customer, assistant, page):
    order = submitted_order(customer)
    client.force_login(assistant)
    url = step_of(order, "return_order") if page == "step" else reverse("pages:review", args=[order.pk])
    assert client.get(url).status_code == 404
    assert client.post(url, seen(order, note="x")).status_code == 404


def test_a_step_that_does_not_exist_is_not_found(client, customer):
    order = draft_order(customer)
    client.force_login(order.author)
    assert client.get(step_of(order, "sell_order")).status_code == 404


def test_the_history_tells_who_did_what_with_before_and_after(customer):
    order = draft_order(customer)
    submit_order(order, by=order.author)
    words = [entry.words for entry in timeline_of(order)]
    assert words[0] == "Submit"
    assert timeline_of(order)[0].person == order.author


def test_the_chain_shows_the_documents_of_the_dossier_that_i_may_see(customer, assistant):
    order = submitted_order(customer)
    order.refresh_from_db()
    if order.dossier_id:
        assert [stage.kind for stage in chain_of(order, order.author)] == ["order"]
        assert chain_of(order, assistant) == []
