"""A customer complains on the telephone, and another has lost a card: each on its way to the end, by the hands of those who do it."""

import re

import pytest
from playwright.sync_api import expect

from customers.cases.models import Case
from customers.cases.telling import escalate_cases
from tests.journeys.desks import Desk
from tests.journeys.trading import paper
from tests.making_cases import category
from tests.making_shipments import approved_order, make_house

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house():
    return make_house()


def at_the_desk(open_as, live_server, person) -> Desk:
    return Desk(open_as(person, "/"), live_server.url)


@pytest.mark.duty("C4")
def test_a_complaint_from_the_telephone_to_a_satisfied_customer(open_as, live_server, house):
    order, goods = approved_order(house), house.goods[0]
    desk = at_the_desk(open_as, live_server, house.assistant)
    desk.open(f"/orders/{order.pk}/?tab=cases_of_order").click(f'a[href="/customers/cases/new/?about={order.pk}"]')
    desk.fill(subject="外包装破损", text="到货两箱破损，要求补发。").pick(category=str(category(days=3).pk)).choose(
        product=goods.code
    ).send()
    case = Case.objects.get()
    assert (case.state, case.about_id, case.product, case.owner) == ("open", order.pk, goods, house.assistant)
    desk.sees(case.number, order.number).open("/reports/today/").sees("外包装破损")
    desk.step(case.pk, "take_case").fill(text="电话致歉，安排补发。", next_on="+1").click(
        'form[action$="/entries/"] button'
    )
    desk.sees("电话致歉，安排补发。")
    desk.step(case.pk, "solve_case", solution="补发两箱，承运商承担。", cost="80")
    desk.open(f"/documents/{case.pk}/close_case/").page.locator("[name=satisfaction][value='5']").check()
    desk.send().sees("very satisfied")
    case.refresh_from_db()
    assert (case.state, case.satisfaction, case.entries.count()) == ("closed", 5, 1)
    desk.open("/customers/cases/figures/?by=product").sees(goods.name, "100%")


@pytest.mark.duty("C4")
def test_a_case_nobody_solves_comes_to_the_manager_who_hands_it_on(open_as, live_server, house):
    desk = at_the_desk(open_as, live_server, house.assistant)
    desk.open(f"/customers/cases/new/?party={house.party.pk}").fill(subject="交货晚三天", text="仍未到货。").pick(
        category=str(category().pk)
    ).send()
    case = Case.objects.get()
    escalate_cases(on=case.due_on)
    manager = at_the_desk(open_as, live_server, house.manager)
    manager.open("/customers/cases/?unsolved=1").sees(case.number)
    manager.open(f"/documents/{case.pk}/hand_on_case/").choose(owner=house.salesperson.username).fill(
        note="他最了解"
    ).send()
    case.refresh_from_db()
    assert (case.owner, case.escalation) == (house.salesperson, 1)


@pytest.mark.duty("C12")
def test_a_lost_card_is_barred_replaced_and_handed_over_against_a_receipt(open_as, live_server, house):
    desk = at_the_desk(open_as, live_server, house.assistant)
    desk.open(f"/customers/cases/new/?party={house.party.pk}").fill(
        subject="经销商卡遗失", text="出差途中遗失。", lost_number="KA-0017"
    )
    desk.pick(category=str(category("loss").pk)).send()
    case = Case.objects.get()
    assert case.state == "reported"
    desk.step(case.pk, "bar_lost_paper", files={"proof": paper()})
    desk.step(case.pk, "replace_lost_paper", replacement_number="KA-0018")
    desk.open(f"/documents/{case.pk}/solve_case/").fill(solution="新卡当面交付。").page.keyboard.press("Control+Enter")
    expect(desk.page.locator("main")).to_contain_text("signed paper")
    desk.step(case.pk, "solve_case", files={"proof": paper()}, solution="新卡当面交付。")
    case.refresh_from_db()
    assert (case.state, case.replacement_number) == ("solved", "KA-0018")
    assert re.search("KA-0018", desk.page.locator("main").inner_text())
