"""The numbers behind the navigation: kept for a moment, made anew after one's own act."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice.people.models import Role
from orders.services import approve_order
from tests.making_orders import assistant_of, make_customer, manager_of, submitted_order
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db
LIST = "/orders/?view=all"


@pytest.fixture
def customer():
    return make_customer()


@pytest.fixture
def manager(client, customer):
    person = manager_of(customer)
    client.force_login(person)
    return person


def waiting(client) -> int:
    """What the navigation says waits in the list of orders."""
    entries = [item for section in client.get(LIST).context["nav"] for item in section["entries"]]
    return sum(item["count"] for item in entries if item["entry"].url.startswith("/orders/"))


def test_what_others_did_shows_after_a_moment_and_what_one_did_oneself_at_once(client, customer, manager):
    first = submitted_order(customer)
    assert waiting(client) == 1
    submitted_order(customer)
    assert waiting(client) == 1, "counted a moment ago"
    caches["moments"].clear()  # the moment is over
    assert waiting(client) == 2
    client.post("/me/preference/", {"theme": "dark"})
    approve_order(first, by=assistant_of(customer))
    assert waiting(client) == 1, "whoever just sent something sees what there is"


def test_the_second_look_asks_neither_for_the_numbers_nor_for_the_choices_of_the_filter(client, manager):
    with CaptureQueriesContext(connection) as first:
        client.get(LIST)
    with CaptureQueriesContext(connection) as second:
        page = client.get(LIST)
    assert len(second) < len(first)
    assert not any("UNION ALL" in asked["sql"] for asked in second)
    assert 'name="state"' in page.content.decode(), "the panel is there all the same"


@pytest.mark.parametrize("said", ["", "x", "1" * 30, "1:2"])
def test_a_cookie_that_is_none_of_ours_says_nothing(client, manager, said):
    client.cookies["acted"] = said
    assert client.get(LIST).context["acted"] == ""


def test_two_people_never_share_a_number_or_a_panel(client, customer, manager):
    submitted_order(customer)
    assert waiting(client) == 1
    client.force_login(make_person(Role.FINANCE))
    assert waiting(client) == 0
