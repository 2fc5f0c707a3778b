"""Who may open which address: every address × every role × own, another's and missing. An address without a row fails."""

import pytest

from backoffice.people.models import Role
from orders.models import Order
from shipments.models import Shipment
from tests.access.addresses import address, matrix, views
from tests.making_invoices import entered_slip, issued_invoice, shipped_house
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("F9")]
KEYED = {"pk", "customer", "record", "group", "key", "kind", "name", "step", "code", "period", "attachment"}


def test_every_address_has_its_row_and_says_the_same():
    found = {name: {str(getattr(role, "value", role)) for role in view.roles} for name, (view, _keys) in views()}
    assert found == matrix()


@pytest.mark.parametrize("role", Role.values)
def test_a_role_opens_what_its_row_says_and_nothing_else(client, role):
    client.force_login(make_person(role))
    wrong = []
    for name, (_view, keys) in views():
        status = client.get(address(name, keys)).status_code
        may = matrix()[name] & {role, "everyone"}
        is_keyed = bool(KEYED & set(keys))
        allowed = {404, 405} if is_keyed else {200, 302, 400, 405}
        refused = {403, 405} | ({404} if is_keyed else set())
        if status not in (allowed if may else refused):
            wrong.append((name, status, "may" if may else "may not"))
    assert not wrong


def test_nobody_opens_anything_without_signing_in(client):
    for name, (_view, keys) in views():
        path = address(name, keys)
        if not path.startswith(("/public/", "/healthz", "/readyz")):
            for answer in (client.get(path), client.post(path, {"act": "apply"})):
                assert answer.status_code in (302, 401), (name, answer.status_code)
                assert "/accounts/login/" in answer.headers.get("Location", "/accounts/login/"), name


@pytest.fixture
def houses():
    """Two companies' worth of people and papers in one program: own and another's."""
    own, other = shipped_house(), shipped_house()
    return own, other, [paths_of(house) for house in (own, other)]


def paths_of(house):
    invoice, slip = issued_invoice(house), entered_slip(house, 10)
    order, shipment = Order.objects.get(party=house.party), Shipment.objects.get(party=house.party)
    pages = [row.get_absolute_url() for row in (order, shipment, invoice, invoice.application, slip)]
    of_party = [
        f"/customers/{house.party.pk}/",
        f"/customers/{house.party.pk}/timeline/",
        f"/invoices/accounts/{house.party.pk}/",
    ]
    papers = [f"/orders/{order.pk}/pdf/", f"/shipments/{shipment.pk}/delivery-note.pdf", f"/invoices/{invoice.pk}/pdf/"]
    doors = [f"/documents/{row.pk}/" for row in (order, shipment, invoice)]
    steps = [
        f"/documents/{order.pk}/cancel_order/",
        f"/documents/{slip.pk}/submit_slip/",
        f"/documents/{invoice.pk}/review/",
    ]
    return {"pages": pages + of_party, "papers": papers, "doors": doors, "steps": steps}


@pytest.mark.parametrize("who", ["salesperson", "assistant"])
def test_own_rows_open_and_anothers_are_not_found(client, houses, who):
    own, _other, (mine, theirs) = houses
    client.force_login(getattr(own, who))
    for path in mine["pages"]:
        assert client.get(path).status_code == 200, path
    for path in mine["doors"]:
        assert client.get(path).status_code == 302, path
    for path in [path for group in theirs.values() for path in group]:
        assert client.get(path).status_code == 404, path
        assert client.post(path, {"note": "x"}).status_code in (404, 405), path
    for listed in ("/orders/?view=all", "/shipments/?view=all", "/invoices/?view=all", "/customers/?view=all"):
        page = client.get(listed).content.decode()
        assert own.party.code in page or own.party.name in page, listed
        assert theirs["pages"][5] not in page, listed


def test_finance_sees_both_and_hr_neither(client, houses):
    own, _other, (mine, theirs) = houses
    client.force_login(own.finance)
    assert {client.get(path).status_code for path in mine["pages"] + theirs["pages"]} == {200}
    client.force_login(make_person(Role.HR))
    assert {client.get(path).status_code for path in mine["pages"] + theirs["pages"]} <= {403, 404}
