"""A day of writing: a mailing to some customers, goods told of by themselves, a link for the one who calls; and a bid from notice to contract."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from backoffice.database.checks import run_checks
from backoffice.outbox.models import Message
from backoffice.people.models import Person
from contracts.bids.models import Bid
from customers.mailings.models import LetterTemplate, News, OptOut
from customers.mailings.services import save_template
from tests.journeys.desks import PASSWORD
from tests.journeys.worker import carry_mail, do_what_waits, strike
from tests.making_mailings import with_contact
from tests.making_shipments import make_house, reviewed_shipment
from tests.sink import smtp  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def may_sign_in(person: Person) -> str:
    person.set_password(PASSWORD)
    person.save()
    return person.username


@pytest.fixture
def house():
    house = make_house()
    with_contact(house.customer, "wang@jia.example.com", by=house.assistant, phone="13957100001")
    return house


@pytest.mark.duty("C9", "C10")
def test_a_mailing_is_written_and_a_customer_follows_their_goods(desks, house, smtp):  # noqa: F811
    save_template(
        LetterTemplate(name="新品", subject="{客户}：新品目录", body="尊敬的{联系人}：新品目录见附件。"),
        by=house.assistant,
    )
    desk = desks(may_sign_in(house.assistant))
    desk.open(reverse("mailings:mailing-new")).click("a.chip:has-text('新品')")
    desk.fill(title="春季新品")
    expect(desk.page.locator(".card-head [aria-live]")).to_contain_text("1 letter")
    desk.send().sees("春季新品", "Customers found")
    mailing = desk.number
    with desk.page.expect_navigation():
        desk.page.keyboard.press("F8")
    desk.sees(house.party.name, "1 / 1")
    desk.step(mailing, "send_mailing")
    do_what_waits()
    desk.open(reverse("mailings:mailing", args=[mailing])).sees("Sent", "wang@jia.example.com")
    carry_mail()
    letter = next(one.message for one in smtp.mails if one.to == ["wang@jia.example.com"])
    assert "尊敬的王芳" in letter.get_body(("plain",)).get_content()

    outside = desks.stranger().page  # the customer, who has no login
    outside.goto(re.search(r"<(.+)>", letter["List-Unsubscribe"])[1].replace("http://127.0.0.1:8000", desk.home))
    outside.locator("main button.primary").click()
    expect(outside.locator("main [role=status]")).to_be_visible()
    assert OptOut.objects.get().email == "wang@jia.example.com"

    shipment = reviewed_shipment(house)
    order = shipment.lines.get().order_line.order
    desk.step(shipment.pk, "dispatch_shipment", tracking_number="YT200300")
    assert sorted(News.objects.values_list("kind", "channel")) == [("dispatched", "mail"), ("dispatched", "sms")]
    carry_mail()
    assert Message.objects.get(topic="customer_news", channel="mail").state == "sent"
    desk.open(reverse("mailings:about", args=[order.pk])).click("form[data-new-link] button")
    address = desk.page.locator("[data-made-link]").input_value()
    outside.goto(address.replace("http://127.0.0.1:8000", desk.home))
    expect(outside.locator("main")).to_contain_text("YT200300")
    desk.open(reverse("mailings:about", args=[order.pk])).click("button:has-text('Revoke')")
    assert outside.reload().status == 404
    outside.context.close()
    assert not list(run_checks())


@pytest.mark.duty("K5")
def test_a_bid_from_its_notice_to_the_contract(desks, house):
    desk = desks(may_sign_in(house.assistant))
    desk.open(reverse("bids:bid-new")).choose(party=house.party.code)
    desk.fill(
        title="市一院耗材",
        closes_on="+2",
        closes_time="14:00",
        amount="46万",
        ceiling="50万",
        deposit="2万",
        deposit_by="+1",
    )
    desk.pick(deposit_way="money").send().sees("市一院耗材", "460,000.00", "投标函")
    bid = desk.number
    desk.step(bid, "submit_bid")
    manager = desks(may_sign_in(house.manager))
    manager.open("/reports/today/").sees("市一院耗材").review(bid)
    strike("bid_deadlines")
    desk.open("/notifications/").sees("市一院耗材")

    desk.open(reverse("bids:goods-edit", args=[bid]))
    desk.line(0, product=house.goods[0].code, quantity="100", unit_price="4580")
    desk.line(1, name="现场培训", quantity="2", unit="天", unit_price="1000").send().sees("现场培训", "460,000.00")

    finance = desks(may_sign_in(house.finance))
    finance.open("/reports/today/").click(f"a[href$='/{bid}/deposit/paid/']").send().sees("20,000.00")
    desk.open(reverse("bids:bid", args=[bid]))
    for _paper in Bid.objects.get().papers.all():
        desk.click("form[action*='/tick/'] button:has-text('Ready')")
    desk.step(bid, "hand_in_bid").step(bid, "win_bid", winning_price="458000")
    desk.open(reverse("bids:bid", args=[bid])).click("button[data-key=F7]")
    expect(desk.page).to_have_url(re.compile(r"/contracts/\d+/edit/"))
    finance.open(reverse("bids:deposit-back", args=[bid])).send()
    desk.open(reverse("bids:figures")).sees("458,000.00")
    contract = Bid.objects.get().contract
    assert contract.title == "市一院耗材" and contract.lines.get().quantity == 100 and "现场培训" in contract.note
    assert Bid.objects.get().deposit_out == 0
    assert not list(run_checks())
