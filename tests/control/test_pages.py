"""What only an administrator does: accounts, policies by two people, numbers, the search of the history."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.control.accounts import save_person
from backoffice.control.books import ChangeList, changes_of
from backoffice.database.checks import run_checks
from backoffice.numbering.models import Series
from backoffice.numbering.services import next_number
from backoffice.outbox.models import Message
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from backoffice.review.models import Policy, PolicyChange
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db


def as_(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def typed(person: Person, **changes) -> dict:
    return {
        "username": person.username, "name": person.name, "employee_no": person.employee_no or "", "email": person.email,
        "language": person.language, "roles": person.roles, "is_active": "on", **changes,
    }  # fmt: skip


def given(person: Person, **changes) -> dict:
    names = ("username", "name", "employee_no", "title", "email", "phone", "roles", "department", "region")
    kept = {name: getattr(person, name) for name in names}
    return kept | {"language": "en", "is_active": person.is_active, "serves": [], "serves_regions": [], **changes}


@pytest.mark.duty("F9")
@pytest.mark.parametrize(
    ("path", "opens"),
    [
        ("/control/people/", {"administrator"}),
        ("/control/people/new/", {"administrator"}),
        ("/control/policies/", {"administrator", "gm"}),
        ("/control/policies/ask/", {"administrator", "gm"}),
        ("/control/numbers/", {"administrator", "finance"}),
        ("/control/history/", {"administrator", "gm", "finance"}),
    ],
)
def test_each_page_opens_for_its_roles_only(path, opens, administrator, gm, finance, salesperson):
    for person in (administrator, gm, finance, salesperson):
        expected = 200 if set(person.roles) & opens else 403
        assert as_(person).get(path).status_code == expected, (path, person.roles)


def test_an_administrator_opens_an_account_and_goes_on_to_its_link(administrator, salesperson):
    client = as_(administrator)
    fields = {"username": "lin", "name": "Lin", "language": "zh-hans", "is_active": "on", "roles": ["assistant"]}
    answer = client.post("/control/people/new/", fields | {"serves": [salesperson.pk]})
    made = Person.objects.get(username="lin")
    assert answer.url == f"/control/people/{made.pk}/password/" and list(made.serves.all()) == [salesperson]
    assert not made.has_usable_password()
    shown = client.post(answer.url, {})
    made.refresh_from_db()
    assert shown.context["link"] in shown.content.decode() and not Message.objects.exists(), "Lin has no address"
    event = Event.objects.filter(step="send_password_link").latest("pk")
    assert event.person == administrator and made.password not in str(event.changed)
    assert made.password not in client.get(f"/control/people/{made.pk}/").content.decode()


def test_nobody_locks_themselves_out_and_the_last_administrator_stays(administrator):
    path = f"/control/people/{administrator.pk}/"
    for change in ({"roles": ["finance"]}, {"is_active": ""}):
        assert as_(administrator).post(path, typed(administrator, **change)).status_code == 422
    retired = make_person(Role.ADMINISTRATOR, is_active=False)
    with pytest.raises(Refused, match="last administrator"):
        save_person(administrator, by=retired, given=given(administrator, roles=[]))
    other = make_person(Role.ADMINISTRATOR)
    assert as_(other).post(path, typed(administrator, roles=["finance"])).status_code == 302
    administrator.refresh_from_db()
    assert administrator.roles == ["finance"]


def test_only_administrators_change_accounts(gm, salesperson):
    with pytest.raises(Refused, match="administrator"):
        save_person(salesperson, by=gm, given=given(salesperson, roles=["gm"]))
    assert as_(gm).post(f"/control/people/{salesperson.pk}/password/", {}).status_code == 403


def test_a_locked_person_is_signed_out_at_once(administrator, salesperson):
    theirs = as_(salesperson)
    assert theirs.get("/notifications/").status_code == 200
    key = theirs.session.session_key
    answer = as_(administrator).post(f"/control/people/{salesperson.pk}/", typed(salesperson, is_active=""))
    assert answer.status_code == 302
    assert theirs.get("/notifications/").status_code == 302
    assert not Session.objects.filter(session_key=key).exists()


@pytest.mark.duty("S4")
def test_a_policy_is_changed_by_two_people(administrator, gm):
    asked = {
        "step": "review_shipment",
        "amount_from": "0",
        "needed": "1",
        "roles": ["warehouse"],
        "reason": "small orders",
    }
    assert as_(administrator).post("/control/policies/ask/", asked).status_code == 302
    change = PolicyChange.objects.get()
    address = f"/control/policies/{change.pk}/decide/"
    as_(administrator).post(address, {"agree": "1"})
    assert Policy.objects.get(step="review_shipment").needed == 2, "who asked does not decide"
    assert "small orders" in as_(gm).get("/control/policies/").content.decode()
    as_(gm).post(address, {"agree": "1"})
    assert Policy.objects.get(step="review_shipment").needed == 1


def test_a_missing_number_is_found(administrator):
    with transaction.atomic():
        next_number("order", on=timezone.localdate())
    names = ["numbers.holes", "numbers.counters"]
    assert not list(run_checks(names))
    series, year = Series.objects.get(kind="order"), timezone.localdate().year
    with (
        transaction.atomic(),
        connection.cursor() as owner,
    ):  # with the owner's password; the database lets nobody else jump
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        owner.execute("SET LOCAL ROLE NONE")
        for table in ("given", "counter"):
            owner.execute(f"ALTER TABLE numbering_{table} DISABLE TRIGGER USER")
        owner.execute(
            "INSERT INTO numbering_given (series_id, year, place, at) VALUES (%s, %s, 4, now())", [series.pk, year]
        )
        owner.execute("UPDATE numbering_counter SET last = 5 WHERE series_id = %s", [series.pk])
        for table in ("given", "counter"):
            owner.execute(f"ALTER TABLE numbering_{table} ENABLE TRIGGER USER")
        owner.execute("SET LOCAL ROLE backoffice_app")
    words = [finding.words for finding in run_checks(names)]
    assert words == [
        f"2 missing before {series.prefix}-{year}-000004",
        f"{series.prefix} {year}: counter at 5, last given 4",
    ]
    assert series.prefix in as_(administrator).get("/control/numbers/").content.decode()


def test_the_history_is_searched_by_person_step_and_text(administrator, finance, salesperson):
    as_(administrator).post(f"/control/people/{salesperson.pk}/", typed(salesperson, name="Wang the Second"))
    query = f"person={administrator.pk}&step=save_person&table=people_person&q=Second&at=today"
    (event,) = ChangeList(finance, query).ordered
    assert f"name: {salesperson.name} → Wang the Second" in changes_of(event)
    assert "Wang the Second" in as_(finance).get(f"/control/history/?{query}").content.decode()
    assert not ChangeList(finance, "step=send_password_link").count
