"""How many statements a page asks the database, beside the baseline in statements.csv; more than written there fails."""

import csv
from pathlib import Path

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice.people.models import Department, Role
from tests.access.addresses import address, views
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db
BASELINE = Path(__file__).with_name("statements.csv")
NEW = 8  # a page without a row of its own
FRAME = 3  # the session, the person, everything that waits for them


@pytest.fixture
def signed_in(client):
    """Somebody of every role, in a department: the most that a frame has to ask."""
    client.force_login(make_person(*Role.values, department=Department.objects.create(code="D", name="D")))
    return client


def statements_of(client, path):
    """With nothing kept from a moment before: the most that the page asks."""
    caches["moments"].clear()
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return [one["sql"] for one in asked]


def test_a_frame_costs_three_statements_however_many_roles_somebody_has(signed_in):
    signed_in.get("/find/")
    assert len(statements_of(signed_in, "/find/")) == FRAME


def test_no_page_asks_more_than_its_baseline(signed_in):
    with BASELINE.open(encoding="utf-8") as file:
        baseline = {row["address"]: int(row["statements"]) for row in csv.DictReader(file)}
    found = {}
    for name, (_view, keys) in views():
        if not keys:
            path = address(name, keys)
            signed_in.get(path)
            found[name] = len(statements_of(signed_in, path))
    more = {name: (number, baseline.get(name)) for name, number in found.items() if number > baseline.get(name, NEW)}
    assert not more, "address: (now, baseline)"
    assert set(baseline) <= set(found), "addresses that are no more"


@pytest.mark.parametrize("role", Role.values)
def test_a_list_page_asks_a_fixed_few(client, role):
    client.force_login(make_person(role, department=Department.objects.create(code="D", name="D")))
    most = {
        "/orders/": 8,
        "/shipments/": 8,
        "/contracts/": 8,
        "/customers/": 9,
    }  # what all customers owe is a sum of its own
    for path, number in most.items():
        client.get(f"{path}?view=all")
        assert len(statements_of(client, f"{path}?view=all")) <= number, path
