"""The frame: who may open what, the search, preferences, and what is refused in words."""

import pytest
from django.db import connection
from django.urls import reverse

from backoffice.pages.page import EVERYONE, Page
from backoffice.pages.registry import panels_for, shelf
from backoffice.parties.models import Party
from backoffice.register.models import Record
from tests.making_orders import approved_order, assistant_of, make_customer
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer():
    return make_customer(name="杭州医药有限公司", code="HZ001")


def signed_in(client, person):
    client.force_login(person)
    return client


def test_nobody_who_is_not_signed_in_sees_a_page(client):
    answer = client.get("/find/")
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


def test_a_fragment_asked_for_without_sign_in_sends_the_whole_page_to_the_sign_in(client):
    answer = client.get("/find/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/accounts/login/")


def test_a_page_must_say_who_may_open_it(rf, assistant):
    request = rf.get("/")
    request.user = assistant
    with pytest.raises(Exception, match="must say in `roles`"):
        type("Forgotten", (Page,), {"template_name": "pages/find.html"}).as_view()(request)


def test_another_role_reads_in_words_that_the_page_is_not_theirs(client, hr):
    answer = signed_in(client, hr).get("/orders/new/")
    assert answer.status_code == 403
    assert b"another role" in answer.content


def test_an_address_that_leads_nowhere_says_so_within_the_frame(client, assistant):
    answer = signed_in(client, assistant).get("/nowhere/")
    assert answer.status_code == 404
    assert b"belongs to others" in answer.content
    assert b'id="frame"' in answer.content


@pytest.mark.duty("C1")
@pytest.mark.parametrize("typed", ["hzyy", "HZ001", "hz001", "杭州", "hangzhou"])
def test_the_search_finds_a_customer_by_code_name_and_initials(client, customer, typed):
    person = assistant_of(customer)
    answer = signed_in(client, person).get("/find/", {"q": typed}, headers={"HX-Request": "true"})
    assert "杭州医药有限公司" in answer.content.decode()
    assert b"<html" not in answer.content


def test_the_search_finds_a_document_by_its_number(client, customer):
    order = approved_order(customer)
    answer = signed_in(client, order.author).get("/find/", {"q": order.number}, headers={"HX-Request": "true"})
    assert reverse("orders:order", args=[order.pk]) in answer.content.decode()


def test_a_document_is_looked_up_by_the_trigram_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Record.objects.matching("2026-00").order_by().explain()
    assert "record_number" in plan and "record_external" in plan and "Seq Scan" not in plan


@pytest.mark.parametrize("form", ["{:.2f}", "{:,.2f}", "¥{:.2f}", "￥ {:,.2f}"])
def test_the_search_finds_a_document_by_its_amount(client, customer, form):
    order = approved_order(customer)
    answer = signed_in(client, order.author).get("/find/", {"q": form.format(order.amount)})
    assert reverse("orders:order", args=[order.pk]) in answer.content.decode()
    other = signed_in(client, order.author).get("/find/", {"q": form.format(order.amount + 1)})
    assert reverse("orders:order", args=[order.pk]) not in other.content.decode()


@pytest.mark.duty("F9")
def test_the_search_finds_nothing_that_belongs_to_others(client, customer, assistant):
    order = approved_order(customer)
    for typed in (order.number, "hzyy", str(order.amount)):
        answer = signed_in(client, assistant).get("/find/", {"q": typed}, headers={"HX-Request": "true"})
        assert "杭州医药有限公司" not in answer.content.decode()


@pytest.mark.duty("F9")
def test_a_panel_of_a_thing_that_belongs_to_others_is_not_found(client, customer, assistant, gm):
    panel, thing = panels_for(Party, gm)[0], customer.party
    url = reverse("pages:panel", args=[panel.name, thing.pk])
    assert signed_in(client, assistant).get(url).status_code == 404
    assert signed_in(client, gm).get(url).status_code in (200, 404)


def test_language_and_appearance_are_the_persons_own_and_leave_a_trace(client, assistant):
    signed_in(client, assistant).post("/me/preference/", {"language": "zh-hans", "theme": "dark", "next": "/me/"})
    assistant.refresh_from_db()
    assert (assistant.language, assistant.theme) == ("zh-hans", "dark")
    page = client.get("/me/").content.decode()
    assert 'data-theme="dark"' in page
    assert "个人设置" in page


@pytest.mark.parametrize("after", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_switch_never_leads_to_another_site(client, assistant, after):
    answer = signed_in(client, assistant).post("/me/preference/", {"theme": "dark", "next": after})
    assert answer.url == "/"


def test_the_door_of_a_document_leads_to_its_page_and_hides_those_of_others(client, customer, assistant):
    order = approved_order(customer)
    assert signed_in(client, order.author).get(f"/documents/{order.pk}/").url == reverse(
        "orders:order", args=[order.pk]
    )
    assert signed_in(client, assistant).get(f"/documents/{order.pk}/").status_code == 404


def test_no_entry_of_the_navigation_is_shown_to_a_role_that_may_not_open_it():
    for entry in shelf.navigation:
        person = make_person("nobody")
        if entry.roles != EVERYONE:
            assert not person.has_role(*entry.roles)


def test_the_palette_offers_to_begin_what_the_role_may_begin(client, assistant, hr):
    signed_in(client, assistant)
    assert "/orders/new/" in client.get("/find/", {"q": "new order"}, headers={"HX-Request": "true"}).content.decode()
    signed_in(client, hr)
    assert (
        "/orders/new/" not in client.get("/find/", {"q": "new order"}, headers={"HX-Request": "true"}).content.decode()
    )
