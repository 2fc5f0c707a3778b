"""Bids (K5): decided by a second person, complete before they are handed in, the deposit in the ledger, alarms once, figures, a contract."""

import datetime
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from backoffice.database.checks import run_checks
from backoffice.documents.gate import GATES
from backoffice.ledger.selectors import balance
from backoffice.outbox.models import Notification
from backoffice.pages.workbench import due_for
from backoffice.people.models import Role
from backoffice.refusals import Refused
from contracts.bids import services
from contracts.bids.alarms import (
    remind_of_deposits,
    warn_of_deadlines,
    warn_of_deposits,
    warn_of_openings,
    warn_of_papers,
)
from contracts.bids.lifecycle import BID
from contracts.bids.models import Bid, Competitor
from contracts.bids.selectors import alarm_stage, lost_to, outcomes, whole
from contracts.bids.services import WantedPaper
from tests.making_bids import (
    BY_STATE,
    DEPOSIT,
    decider_of,
    draft_bid,
    handed_in_bid,
    lost_bid,
    offered,
    office_of,
    preparing_bid,
    priced_bid,
    submitted_bid,
    with_deposit,
    won_bid,
)
from tests.making_orders import make_customer, product_at
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("K5")]


def today():
    return timezone.localdate()


@pytest.mark.parametrize("state", BY_STATE)
def test_every_state_is_reached_and_no_other_step_is_possible(state):
    bid = BY_STATE[state]()
    assert bid.state == state
    everybody = make_person(*Role.values)
    for step in BID.steps:
        if state not in map(str, step.sources):
            with pytest.raises(Refused, match="not possible"):
                GATES[step.name](bid, by=everybody, note="x")
    assert not list(run_checks(["bids.deposits", "bids.handed_in"]))


def test_who_found_a_tender_does_not_decide_about_it():
    customer = make_customer()
    bid = submitted_bid(customer, by=make_person(Role.MANAGER, Role.ASSISTANT, Role.GM))
    assert bid.number is None
    with pytest.raises(Refused):
        services.approve_bid(bid, by=bid.author)
    approved = services.approve_bid(bid, by=decider_of(customer))
    assert approved.number.startswith("TB-") and approved.state == "preparing"


def test_a_bid_is_handed_in_when_every_required_document_is_ready():
    bid = preparing_bid()
    with pytest.raises(Refused, match="Not ready yet: 投标函"):
        services.hand_in_bid(bid, by=bid.author)
    services.tick_paper(bid.papers.get(name="投标函"), by=bid.author)
    handed = services.hand_in_bid(bid, by=bid.author, amount=D("455000.00"))
    assert (handed.state, handed.amount, handed.handed_in_on) == ("handed_in", D("455000.00"), today())
    with pytest.raises(Refused, match="not prepared any more"):
        services.tick_paper(bid.papers.first(), by=bid.author, is_done=False)


def test_a_price_above_the_highest_and_a_day_after_the_deadline_are_refused():
    with pytest.raises(Refused, match="highest price") as refused:
        draft_bid(amount=D("500000.01"))
    assert refused.value.field == "amount"
    bid = preparing_bid(papers=[])
    with pytest.raises(Refused, match="not above the highest"):
        services.hand_in_bid(bid, by=bid.author, amount=D("500001"))
    with pytest.raises(Refused, match="today or before"):
        services.hand_in_bid(bid, by=bid.author, handed_in_on=today() + datetime.timedelta(1))


def test_the_list_of_documents_changes_and_what_is_ready_stays_ready():
    bid = preparing_bid()
    first = services.tick_paper(bid.papers.get(position=1), by=bid.author)
    services.change_papers(bid, [WantedPaper("报价表"), WantedPaper("投标函（盖章）", pk=first.pk)], by=bid.author)
    assert [(p.name, bool(p.done_at)) for p in bid.papers.all()] == [("报价表", False), ("投标函（盖章）", True)]


def test_a_moved_deadline_needs_its_letter_and_begins_the_alarms_anew():
    bid = preparing_bid(days=1)
    warn_of_deadlines(on=today())
    later = timezone.now() + datetime.timedelta(days=6)
    with pytest.raises(Refused, match="who moved it"):
        services.move_deadline(bid, by=bid.author, closes_at=later, opens_at=None, place="", note=" ")
    moved = services.move_deadline(bid, by=bid.author, closes_at=later, opens_at=None, place="一楼", note="公告 3 号")
    assert (moved.closes_at, moved.place, moved.warned) == (later, "一楼", None)


# ── the deposit ─────────────────────────────────────────────────────────────────────────────


def test_the_deposit_goes_out_and_comes_back_through_the_ledger():
    bid, finance = with_deposit(), make_person(Role.FINANCE)
    assert Bid.objects.deposit_to_pay().get() == bid
    services.pay_deposit(bid, by=finance, amount=D("5000"), on=today())
    services.tick_paper(bid.papers.get(position=1), by=bid.author)
    with pytest.raises(Refused, match="has not been paid"):
        services.hand_in_bid(bid, by=bid.author)
    services.pay_deposit(bid, by=finance, amount=D("15000"), on=today())
    assert balance("1031", on=today(), record=bid) == DEPOSIT and balance("1002", on=today(), record=bid) == -DEPOSIT
    services.settle_deposit(bid, by=finance, amount=D("18000"), on=today())
    services.settle_deposit(bid, by=finance, amount=D("2000"), on=today(), is_kept=True, note="withdrawn late")
    bid.refresh_from_db()
    assert bid.deposit_out == 0 and bid.returned_at
    assert balance("1031", on=today(), record=bid) == 0 and balance("6601.99", on=today(), record=bid) == D("2000")
    assert [move.kind for move in bid.deposit_moves.all()] == ["paid", "paid", "returned", "kept"]


def test_never_more_is_paid_or_comes_back_than_there_is_and_only_finance_moves_it():
    bid, finance = with_deposit(), make_person(Role.FINANCE)
    with pytest.raises(Refused, match="still to be paid"):
        services.pay_deposit(bid, by=finance, amount=DEPOSIT + 1, on=today())
    with pytest.raises(Refused, match="Finance pays"):
        services.pay_deposit(bid, by=bid.author, amount=DEPOSIT, on=today())
    services.pay_deposit(bid, by=finance, amount=DEPOSIT, on=today())
    with pytest.raises(Refused, match="lies with them"):
        services.settle_deposit(bid, by=finance, amount=DEPOSIT + 1, on=today())
    with pytest.raises(Refused, match="Why did they keep it"):
        services.settle_deposit(bid, by=finance, amount=DEPOSIT, on=today(), is_kept=True)
    for statement in (
        f"UPDATE bids_bid SET deposit_out = deposit + 1 WHERE id = {bid.pk}",
        "DELETE FROM bids_depositmove",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_deposit_that_should_be_back_is_asked_for_until_it_is():
    bid = lost_bid(deposit_way="money", deposit=DEPOSIT)
    finance = make_person(Role.FINANCE)
    assert remind_of_deposits(on=today()) == 1
    assert Notification.objects.filter(person=finance, topic="bid_deposit_back").count() == 1
    assert any(group.duty.duty == "K5" for group in due_for(finance, on=today()))
    services.settle_deposit(bid, by=finance, amount=DEPOSIT, on=today())
    assert remind_of_deposits(on=today()) == 0


# ── alarms, results, figures ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("days", "stage"), [(9, None), (8, None), (7, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 0)])
def test_an_alarm_is_due_a_week_three_days_and_one_day_before_and_on_the_day(days, stage):
    assert alarm_stage(days) == stage


def test_each_alarm_comes_once_even_if_a_morning_was_missed():
    customer = make_customer()
    decider = decider_of(customer)
    bid = preparing_bid(customer, days=8)
    closes = timezone.localtime(bid.closes_at).date()
    told = [warn_of_deadlines(on=closes - datetime.timedelta(days)) for days in (9, 7, 6, 2, 1, 1, 0)]
    assert told == [0, 1, 0, 1, 1, 0, 1]
    mine = Notification.objects.filter(topic="bid_deadline", person=bid.author)
    assert mine.count() == 4 and "1 documents missing" in mine.first().text
    assert Notification.objects.filter(topic="bid_deadline", person=decider).count() == 2, (
        "the manager on the last days"
    )
    assert warn_of_deadlines(on=closes + datetime.timedelta(1)) == 0


def told_days(warn, day):
    """Before how many days each alarm comes, and how often on a second run of the same morning."""
    mornings = [day - datetime.timedelta(away) for away in range(10, -3, -1)]
    return [(day - on).days for on in mornings if warn(on=on) and not warn(on=on)]


def test_finance_is_told_of_a_deposit_that_nears_its_day_until_it_is_paid():
    bid, finance = with_deposit(deposit_by=today() + datetime.timedelta(10)), make_person(Role.FINANCE)
    before = Notification.objects.filter(topic="bid_deposit", person=finance).count()
    assert told_days(warn_of_deposits, bid.deposit_by) == [7, 3, 1, 0]
    mine = Notification.objects.filter(topic="bid_deposit", person=finance)
    assert mine.count() == before + 4 and Notification.objects.filter(topic="bid_deposit", person=bid.author).exists()
    paid = with_deposit(deposit_by=today() + datetime.timedelta(3))
    services.pay_deposit(paid, by=finance, amount=D("5000"), on=today())
    assert warn_of_deposits(on=today()) == 1
    assert any("15,000.00" in notice.text for notice in mine)
    services.pay_deposit(paid, by=finance, amount=D("15000"), on=today())
    assert warn_of_deposits(on=paid.deposit_by) == 0


def test_whoever_prepares_a_required_document_is_told_of_its_day_until_it_is_ready():
    day, helper = today() + datetime.timedelta(10), make_person(Role.ASSISTANT)
    customer = make_customer()
    helper.serves.add(customer.party.owner)
    papers = [WantedPaper("投标函", helper, day), WantedPaper("样品", helper, day, is_required=False)]
    bid = preparing_bid(customer, days=20, papers=papers)
    assert told_days(warn_of_papers, day) == [3, 1, 0]
    mine = Notification.objects.filter(topic="bid_paper", person=helper)
    assert mine.count() == 3 and "投标函" in mine.first().text
    services.change_papers(bid, [WantedPaper("投标函", None, day + datetime.timedelta(1))], by=bid.author)
    assert warn_of_papers(on=day) == 1 and Notification.objects.filter(topic="bid_paper", person=bid.author).exists()
    services.tick_paper(bid.papers.get(), by=bid.author)
    assert warn_of_papers(on=day + datetime.timedelta(1)) == 0


def test_the_opening_is_told_of_the_day_before_and_on_the_day():
    bid = handed_in_bid(opens_at=timezone.now() + datetime.timedelta(days=20), place="一楼")
    assert told_days(warn_of_openings, timezone.localtime(bid.opens_at).date()) == [1, 0]
    mine = Notification.objects.filter(topic="bid_opening", person=bid.author)
    assert mine.count() == 2 and "一楼" in mine.first().text


def test_a_lost_bid_says_to_whom_at_what_price_and_how_far_we_were_off():
    bid = lost_bid()
    assert Competitor.objects.get(bid=bid).name == "东方器械"
    [gap] = lost_to(first=today(), last=today(), visible_to=bid.author)
    assert gap.over == D("20000.00") and round(gap.share, 4) == D("0.0455")


def test_the_figures_count_what_was_handed_in_in_the_period():
    customer = make_customer()
    desk = office_of(customer)
    (
        won_bid(customer, by=desk),
        lost_bid(customer, by=desk),
        handed_in_bid(customer, by=desk),
        draft_bid(customer, by=desk),
    )
    [row] = outcomes(first=today(), last=today(), visible_to=desk)
    assert (row.handed_in, row.won, row.lost, row.open, row.rate) == (3, 1, 1, 1, D("0.5"))
    assert row.won_value == D("460000.00") and whole([row]).value == D("1380000.00")
    assert outcomes(first=today(), last=today(), visible_to=make_person(Role.SALESPERSON)) == []


def test_a_won_bid_becomes_one_contract_with_their_data():
    bid = won_bid()
    contract = services.make_contract(bid, by=bid.author)
    assert (contract.party, contract.title, contract.external_number) == (bid.party, bid.title, bid.external_number)
    assert services.make_contract(bid, by=bid.author) == contract
    with pytest.raises(Refused, match="that was won"):
        services.make_contract(handed_in_bid(), by=make_person(Role.ASSISTANT, Role.GM))


# ── the goods, and what they cost ───────────────────────────────────────────────────────────


def test_the_price_of_a_bid_is_what_its_goods_come_to():
    bid = priced_bid(None, offered(100, 20), offered("12.345678", 3, name="现场培训", unit="天"))
    assert bid.amount == D("2037.04") and [row.product is None for row in bid.goods.all()] == [False, True]
    with pytest.raises(Refused, match="come to 2,037.04") as refused:
        services.hand_in_bid(bid, by=bid.author, amount=D("2000.00"))
    assert refused.value.field == "amount"
    with pytest.raises(Refused, match="above the highest"):
        services.change_goods(bid, [offered(500_001)], by=bid.author)
    header = {"deposit_way": "none", "deposit": D(0), "party": bid.party, "closes_at": bid.closes_at, "amount": D(5)}
    draft = draft_bid()
    services.change_goods(draft, [offered(100, 3)], by=draft.author)
    kept = services.save_bid(draft, by=draft.author, header=header | {"party": draft.party}, papers=[])
    assert kept.amount == 300, "what is typed at the head does not part the price from its goods"
    assert not list(run_checks(["bids.prices"]))


def test_goods_given_for_nothing_cost_nothing_and_the_goods_are_held_against_the_highest_price():
    draft = draft_bid()
    assert services.change_goods(draft, [offered(0)], by=draft.author).amount == 0
    header = {
        "deposit_way": "none",
        "deposit": D(0),
        "party": draft.party,
        "closes_at": draft.closes_at,
        "amount": D(5),
    }
    assert services.save_bid(draft, by=draft.author, header=header, papers=[]).amount == 0
    services.change_goods(draft, [offered(300)], by=draft.author)
    with pytest.raises(Refused, match="above the highest"):
        services.save_bid(draft, by=draft.author, header=header | {"ceiling": D(299)}, papers=[])


def test_a_line_that_is_changed_stays_the_same_line():
    bid = priced_bid(None, offered(100, 20), offered(50, 1))
    first = bid.goods.first()
    same = offered(100, 25, pk=first.pk)
    bid = services.change_goods(bid, [same], by=bid.author)
    assert [(row.pk, row.quantity) for row in bid.goods.all()] == [(first.pk, 25)] and bid.amount == 2500


def test_what_was_handed_in_keeps_its_prices():
    bid = priced_bid(None, offered(100, 20))
    bid = services.hand_in_bid(bid, by=bid.author)
    assert bid.amount == 2000
    with pytest.raises(Refused, match="not prepared any more"):
        services.change_goods(bid, [], by=bid.author)
    with pytest.raises(DatabaseError, match="were handed in"), transaction.atomic():
        bid.goods.update(quantity=1)


def test_the_contract_of_a_won_bid_takes_its_goods_at_the_price_it_was_given_to_us_at():
    bid = priced_bid(None, offered(100, 20), offered(60, 50), offered(700, 2, name="现场培训", unit="天"))
    bid = services.win_bid(services.hand_in_bid(bid, by=bid.author), by=bid.author, winning_price=D("5760.00"))
    contract = services.make_contract(bid, by=bid.author)
    assert [(row.quantity, row.unit_price) for row in contract.lines.all()] == [(20, 90), (50, 54)]
    assert contract.amount == 4500 and contract.includes_tax
    assert "现场培训 2 天 × 700" in contract.note


def test_goods_are_typed_as_the_lines_of_a_contract_by_product_or_in_words(client):
    bid = preparing_bid(papers=[])
    product = product_at(100)
    client.force_login(bid.author)
    url = reverse("bids:goods-edit", args=[bid.pk])
    typed = {
        "lines-count": "3", "lines-0-key": "s0", "lines-0-product": product.code, "lines-0-quantity": "20", "lines-0-typed": "product quantity",
        "lines-1-key": "s1", "lines-1-name": "现场培训", "lines-1-quantity": "2", "lines-1-unit": "天", "lines-1-typed": "name quantity unit",
        "lines-2-key": "s2", "lines-2-name": "", "lines-2-quantity": "1", "lines-2-typed": "quantity",
    }  # fmt: skip
    said = client.post(url, typed, headers={"HX-Draft": "compute"}).json()
    assert said["lines"]["s0"]["cells"]["gross"] == "2,000.00" and said["lines"]["s0"]["cells"]["name"] == product.name
    assert set(said["lines"]["s1"]["errors"]) == {"unit_price"} and "name" in said["lines"]["s2"]["errors"]
    assert client.post(url, typed).status_code == 422
    right = typed | {"lines-count": "2", "lines-1-unit_price": "700", "lines-1-typed": "name quantity unit unit_price"}
    assert client.post(url, right).status_code == 302
    assert [(row.name, row.unit, row.amount) for row in bid.goods.all()] == [
        (product.name, product.unit.name, D("2000.00")),
        ("现场培训", "天", D("1400.00")),
    ]
    page = client.get(bid.get_absolute_url()).content.decode()
    assert "现场培训" in page and "3,400.00" in page
    again = client.get(url).content.decode()
    assert 'value="现场培训"' in again and product.code in again
    assert client.get(reverse("bids:prices-xlsx", args=[bid.pk])).status_code == 200
    assert client.get(reverse("bids:prices", args=[bid.pk]))["Content-Type"] == "application/pdf"


# ── pages ───────────────────────────────────────────────────────────────────────────────────


def test_a_bid_is_written_with_its_documents_and_shown(client):
    customer = make_customer()
    desk = office_of(customer)
    client.force_login(desk)
    page = client.get(reverse("bids:bid-new")).content.decode()
    assert "投标函" in page and "法定代表人授权书" in page, "a new one begins with the usual documents"
    typed = {
        "party": customer.party_id, "title": "耗材项目", "closes_on": "+9", "closes_time": "14:00", "opens_on": "+9", "opens_time": "15:00",
        "amount": "46万", "ceiling": "50万", "deposit_way": "money", "deposit": "2万", "deposit_by": "+5",
        "lines-count": "2", "lines-0-key": "s0", "lines-0-name": "投标函", "lines-0-owner": desk.username, "lines-0-due_on": "+3",
        "lines-1-key": "s1", "lines-1-name": "样品", "lines-1-is_required": "否",
    }  # fmt: skip
    answer = client.post(reverse("bids:bid-new"), typed)
    assert answer.status_code == 302
    bid = Bid.objects.get()
    assert (bid.amount, bid.deposit, timezone.localtime(bid.closes_at).hour) == (D("460000.00"), D("20000.00"), 14)
    assert list(bid.papers.values_list("name", "owner", "is_required")) == [
        ("投标函", desk.pk, True),
        ("样品", None, False),
    ]
    shown = client.get(answer.url).content.decode()
    assert "耗材项目" in shown and "460,000.00" in shown
    paper = bid.papers.get(position=1)
    client.post(reverse("bids:tick", args=[paper.pk]), {"done": "1"})
    paper.refresh_from_db()
    assert paper.done_by == desk


def test_every_page_of_a_bid_opens_for_whom_it_is_for(client):
    bid, finance = with_deposit(), make_person(Role.FINANCE)
    client.force_login(bid.author)
    for name in ("deadline", "competitor-new"):
        assert client.get(reverse(f"bids:{name}", args=[bid.pk])).status_code == 200, name
    for name in ("papers-edit", "bid"):
        assert client.get(reverse(f"bids:{name}", args=[bid.pk])).status_code == 200, name
    assert client.get(reverse("bids:deposit-paid", args=[bid.pk])).status_code == 403
    client.force_login(finance)
    assert client.post(reverse("bids:deposit-paid", args=[bid.pk]), {"amount": "2万", "on": "today"}).status_code == 302
    for name in ("deposit-back", "deposit-expected"):
        assert client.get(reverse(f"bids:{name}", args=[bid.pk])).status_code == 200, name
    assert client.get(reverse("bids:figures")).status_code == 200
    assert client.get(reverse("bids:figures"), {"export": "xlsx"}).status_code == 200
    assert client.get(reverse("bids:papers")).status_code == 200
