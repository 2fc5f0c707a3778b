"""Where a page leads: nowhere that belongs to another role, and back to where an act was taken."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from backoffice.outbox.models import Channel, Message
from backoffice.pages import charts
from backoffice.pages.page import Act, back_from, offered, opens
from backoffice.pages.workbench import DUTIES
from backoffice.people.models import Role
from customers.mailings.services import write_message
from customers.services import write_note
from invoices.forms import PaymentForm
from tests.making_shipments import approved_order, make_house, submitted_shipment
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def shown_to(client):
    def shown(person, path):
        client.force_login(person)
        return client.get(path).content.decode()

    return shown


def test_an_address_opens_to_the_roles_of_its_page(finance, warehouse):
    assert opens(finance, "/ledger/trial-balance/?period=2026-11") and not opens(warehouse, "/ledger/trial-balance/")
    assert not opens(finance, "/orders/17/edit/")
    assert opens(warehouse, "/no/page/of/ours/") and opens(warehouse, "")
    acts = [None, Act("Journal", "/ledger/entries/"), Act("Stock", "/stock/")]
    assert [act.label for act in offered(warehouse, acts)] == ["Stock"]


def test_no_button_leads_to_another_roles_page(house, finance, shown_to):
    begins = reverse("orders:order-new")
    assert begins in shown_to(house.assistant, house.customer.get_absolute_url())
    assert begins not in shown_to(finance, house.customer.get_absolute_url())


def test_a_list_names_what_its_reader_may_not_open_without_a_link(house, shown_to):
    approved_order(house)
    page = shown_to(house.warehouse, reverse("orders:list") + "?view=all")
    assert str(house.party) in page and f'href="{house.customer.get_absolute_url()}"' not in page
    assert f'href="{house.customer.get_absolute_url()}"' in shown_to(
        house.assistant, reverse("orders:list") + "?view=all"
    )


@pytest.mark.duty("S7")
def test_the_warehouses_day_offers_a_review_to_whom_it_waits_for(house, finance, shown_to):
    review = reverse("pages:review", args=[submitted_shipment(house).pk])
    assert review in shown_to(house.warehouse, reverse("shipments:day"))
    assert review not in shown_to(finance, reverse("shipments:day"))


@pytest.mark.duty("C3", "R7")
def test_a_follow_up_is_done_on_the_workbench_and_leads_back_to_it(house, client):
    note = write_note(house.party, by=house.assistant, text="Ask again", due_on=timezone.localdate())
    client.force_login(house.assistant)
    here, done = reverse("reports:workbench"), reverse("customers:note-done", args=[note.pk])
    page = client.get(here).content.decode()
    assert f'<form method="post" action="{done}">' in page and f'href="{done}"' not in page
    assert client.post(done, {"next": here}).url == here
    assert done not in client.get(here).content.decode()


def test_one_is_led_back_only_inside_the_house(rf):
    assert back_from(rf.post("/", {"next": "/orders/?state=held"}), "/") == "/orders/?state=held"
    assert back_from(rf.post("/", {"next": "//evil.example/"}), "/stock/") == "/stock/"
    assert back_from(rf.post("/"), "/stock/") == "/stock/"


@pytest.mark.parametrize("role", Role.values)
def test_the_whole_list_of_each_duty_opens(client, role):
    client.force_login(make_person(role))
    mine = [duty for duty in DUTIES if duty.all_url and role in duty.roles]
    assert {duty.all_address: client.get(duty.all_address).status_code for duty in mine} == dict.fromkeys(
        [duty.all_address for duty in mine], 200
    )


@pytest.mark.duty("C10")
def test_a_message_by_hand_is_read_by_those_who_see_its_customer(house, salesperson):
    given = {"channel": Channel.MAIL, "to": "buyer@example.com", "subject": "Holidays", "text": "Closed on Friday."}
    message = write_message(house.party, by=house.assistant, given=given).message
    assert message.record is None
    for person, sees in ((house.assistant, True), (salesperson, False), (house.warehouse, False)):
        assert Message.objects.visible_to(person).filter(pk=message.pk).exists() is sees, person


def test_a_chart_of_money_says_its_unit_and_one_of_numbers_none():
    money = charts.bars("Booked", ["1"], [Decimal(12)], label="Booked")
    counted = charts.ranking("Cases", [("Late", 3)], label="Cases")
    assert (money.unit, counted.unit) == ("¥", "")
    assert ">3<" in charts.fallback(counted) and ">12.00<" in charts.fallback(money)


def test_a_remark_takes_three_rows_and_not_ten(assistant):
    assert PaymentForm(person=assistant).fields["note"].widget.attrs["rows"] == 3
