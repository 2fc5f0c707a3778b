"""The company from nothing: the first administrator, departments and regions as trees, whom somebody serves, what is still missing."""

import pytest
from allauth.usersessions.models import UserSession
from django.core.management import call_command
from django.utils import timezone

from backoffice.audit.changes import last_change
from backoffice.audit.models import Event
from backoffice.pages.beginning import beginnings_for
from backoffice.people.models import Department, Person, Region, Role
from backoffice.stock.models import Unit
from expenses.models import ExpenseKind
from tests.control.test_pages import as_, typed
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db


def test_the_first_administrator_is_made_by_command(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a quiet pond at noon")
    call_command("createsuperuser", interactive=False, username="root", name="First")
    first = Person.objects.get(username="root")
    assert first.roles == ["administrator"] and first.check_password("a quiet pond at noon")


def test_departments_and_regions_are_trees_that_never_bite_their_tail(administrator):
    client = as_(administrator)
    client.post("/control/regions/new/", {"code": "HD", "name": "East"})
    east = Region.objects.get()
    assert f'value="{east.pk}"' in client.get(f"/control/regions/new/?parent={east.pk}").content.decode()
    client.post("/control/regions/new/", {"code": "ZJ", "name": "Zhejiang", "parent": east.pk})
    zhejiang = Region.objects.get(code="ZJ")
    assert zhejiang.parent == east
    page = client.get(f"/control/regions/{zhejiang.pk}/").content.decode()
    assert f'href="/control/regions/{east.pk}/"' in page and "Region saved" in page
    assert (
        f'href="/control/regions/{zhejiang.pk}/"' in client.get(f"/control/regions/?within={east.pk}").content.decode()
    )
    answer = client.post(f"/control/regions/{east.pk}/", {"code": "HD", "name": "East", "parent": zhejiang.pk})
    assert answer.status_code == 422 and "below it" in answer.content.decode()
    assert client.post("/control/departments/new/", {"code": "S", "name": "Sales"}).status_code == 302
    assert client.post("/control/departments/new/", {"code": "S", "name": "Again"}).status_code == 422
    assert Department.objects.get(code="S").name == "Sales"


def test_an_assistant_serves_regions_by_code_or_choice(administrator, assistant):
    regions = [Region.objects.create(code=code, name=code) for code in ("HD", "HN", "XB")]
    path, chosen = f"/control/people/{assistant.pk}/", [regions[0].pk, regions[1].pk]
    answer = as_(administrator).post(path, typed(assistant, serves_regions=chosen, **{"serves_regions-text": "XB"}))
    assert answer.status_code == 302 and set(assistant.serves_regions.all()) == set(regions)
    page = as_(administrator).get(path).content.decode()
    assert all(f'name="serves_regions" value="{region.pk}" checked' in page for region in regions)
    wrong = as_(administrator).post(path, typed(assistant, **{"serves_regions-text": "nowhere"}))
    assert wrong.status_code == 422 and "nowhere" in wrong.content.decode()


def test_the_later_of_two_administrators_is_shown_what_changed(administrator, assistant, salesperson):
    other, path = make_person(Role.ADMINISTRATOR), f"/control/people/{assistant.pk}/"
    version = last_change(assistant)
    assert f'name="version" value="{version}"' in as_(other).get(path).content.decode()
    first = typed(assistant, version=version, title="Lead", serves=[salesperson.pk])
    assert as_(administrator).post(path, first).status_code == 302
    later = typed(assistant, version=version, title="Senior")
    answer = as_(other).post(path, later)
    page = answer.content.decode()
    assert answer.status_code == 409 and "What changed since you opened it" in page
    assert "<ins>Lead</ins>" in page and f"<ins>{salesperson.name}</ins>" in page
    assistant.refresh_from_db()
    assert assistant.title == "Lead"
    now = last_change(assistant)
    assert now > version and f'name="version" value="{now}"' in page, "who has seen it may decide"
    assert as_(other).post(path, later | {"version": now}).status_code == 302
    assistant.refresh_from_db()
    assert (assistant.title, list(assistant.serves.all())) == ("Senior", [])


def test_a_draft_keeps_the_version_it_was_begun_with(administrator):
    unit = Unit.objects.create(name="sack", decimals=0)
    path, begun = f"/stock/units/{unit.pk}/", last_change(unit)
    client = as_(administrator)
    fields = {"name": "bag", "decimals": "0", "version": str(begun)}
    assert client.post(path, fields, headers={"HX-Draft": "1"}).status_code == 200
    assert (
        as_(make_person(Role.FINANCE)).post(path, {"name": "sack", "decimals": "2", "version": begun}).status_code
        == 302
    )
    assert f'name="version" value="{begun}"' in client.get(path).content.decode()
    assert client.post(path, fields).status_code == 409
    unit.refresh_from_db()
    assert (unit.name, unit.decimals) == ("sack", 2)


def test_one_session_is_ended_and_only_ones_own(salesperson, assistant):
    here, there = as_(salesperson), as_(salesperson)
    for client in (here, there):
        client.get("/notifications/")
    theirs = UserSession.objects.get(session_key=there.session.session_key)
    assert f"/me/sessions/{theirs.pk}/end/" in here.get("/accounts/sessions/").content.decode()
    assert as_(assistant).post(f"/me/sessions/{theirs.pk}/end/").status_code == 404
    assert here.post(f"/me/sessions/{theirs.pk}/end/").status_code == 302
    assert there.get("/notifications/").status_code == 302 and here.get("/notifications/").status_code == 200


@pytest.mark.duty("E1")
def test_finance_keeps_the_kinds_of_expense(finance, manager):
    fields = {"code": "GIFT", "name_zh": "礼品", "name_en": "Gifts", "account": "6601.04", "is_active": "on"}
    assert as_(finance).post("/expenses/kinds/new/", fields).status_code == 302
    kind = ExpenseKind.objects.get(code="GIFT")
    assert as_(finance).post("/expenses/kinds/new/", fields).status_code == 422
    assert as_(finance).post("/expenses/kinds/new/", fields | {"code": "X", "account": "1002"}).status_code == 422
    assert as_(manager).get(f"/expenses/kinds/{kind.pk}/").status_code == 403
    assert "礼品" in as_(finance).get("/expenses/kinds/").content.decode()


def test_what_is_missing_is_listed_until_the_facts_are_there(administrator, settings):
    settings.COMPANY_NAME = ""
    page = as_(administrator).get("/reports/today/").content.decode()
    assert "Getting started" in page and "/control/regions/new/" in page and "/control/departments/new/" not in page
    leads = [row.beginning.url for row in beginnings_for(administrator) if row.beginning.url]
    assert [as_(administrator).get(url).status_code for url in leads] == [200] * len(leads)
    missing = {str(row.beginning.title): row.missing for row in beginnings_for(administrator)}
    assert missing["Departments"] == "" and missing["Sales regions"] and missing["Customers"]
    assert missing["Passwords"] == f"{administrator.name} cannot sign in yet."
    settings.COMPANY_NAME = "Example"
    assert not {str(r.beginning.title): r.missing for r in beginnings_for(administrator)}[
        "The company's name on its papers"
    ]


def test_the_list_is_for_who_sets_the_company_up(assistant):
    assert beginnings_for(assistant) == []
    assert "Getting started" not in as_(assistant).get("/reports/today/").content.decode()


def test_a_preference_is_written_down_with_its_person(salesperson):
    as_(salesperson).post("/me/preference/", {"theme": "dark"})
    event = Event.objects.filter(table="people_person", row=salesperson.pk, step="set_preferences").get()
    assert event.person == salesperson and event.at <= timezone.now()
