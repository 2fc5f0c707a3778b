"""Enquiries and quotations (O7, K1): quoted at prices that may be quoted, made into a contract or an order, counted once each."""

import datetime
from decimal import Decimal as D

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from backoffice.audit import acting
from backoffice.database.checks import run_checks
from backoffice.documents.gate import GATES
from backoffice.outbox.models import Notification
from backoffice.pages.chain import chain_of
from backoffice.pages.workbench import due_for
from backoffice.people.models import Role
from backoffice.periods import Month, Year
from backoffice.refusals import Refused
from backoffice.register.models import Record
from contracts.models import Contract
from contracts.quotations import services
from contracts.quotations.figures import mine as listed_of
from contracts.quotations.lifecycle import QUOTATION
from contracts.quotations.models import Quotation
from contracts.quotations.selectors import by_month, lost_because, outcomes, versions, whole
from contracts.services import approve_contract, cancel_contract, save_contract, sign_contract, submit_contract
from customers.timeline import timeline_of
from orders.models import Order
from orders.services import Wanted, approve_order, cancel_order, submit_order
from tests import making_contracts as contracts
from tests import making_orders as orders
from tests import making_quotations as making
from tests.making import ProductFactory
from tests.making_quotations import BY_STATE, enquiry, order_from, quoted, quoted_goods
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("O7")]


def today():
    return timezone.localdate()


def again(quotation):
    return Quotation.objects.get(pk=quotation.pk)


@pytest.mark.parametrize("state", BY_STATE)
def test_every_state_is_reached_and_no_other_step_is_possible(state):
    quotation = BY_STATE[state]()
    assert quotation.state == state
    everybody = make_person(*Role.values)
    for step in QUOTATION.steps:
        if state not in map(str, step.sources):
            with pytest.raises(Refused, match="not possible"):
                GATES[step.name](quotation, by=everybody, note="x")
    assert not list(run_checks(["quotations.won"]))


def test_an_enquiry_is_written_down_before_its_goods_are_known_and_takes_the_rest_from_the_customers_file():
    customer = orders.make_customer(contact="王主任")
    asked = enquiry(customer, lines=[])
    assert (asked.salesperson, asked.term, asked.number, asked.amount) == (customer.party.owner, customer.term, None, 0)
    with pytest.raises(Refused, match="at least one line"):
        services.send_quotation(asked, by=asked.author)
    with pytest.raises(Refused, match="today or before"):
        enquiry(customer, asked_on=today() + datetime.timedelta(1))
    with pytest.raises(Refused, match="before they asked"):
        enquiry(customer, answer_by=today() - datetime.timedelta(1))


def test_quoted_is_numbered_fixed_and_holds_for_thirty_days():
    quotation = quoted()
    assert quotation.number == f"BJ-{today().year}-000001"
    assert (quotation.quoted_on, quotation.valid_until) == (today(), today() + datetime.timedelta(30))
    with pytest.raises(Refused, match="not changed any more"):
        services.save_quotation(quotation, by=quotation.author, header={"asked": "more"}, lines=[])
    with pytest.raises(IntegrityError, match="are fixed"), transaction.atomic():
        quotation.lines.update(unit_price=1)
    with pytest.raises(IntegrityError, match="content is fixed"), transaction.atomic():
        Quotation.objects.filter(pk=quotation.pk).update(terms="free of charge")


def test_below_the_lowest_price_a_second_person_agrees_before_it_goes_out():
    customer = orders.make_customer()
    product = ProductFactory(list_price=D(100), lowest_price=D(90), tax_rate=D("0.13"))
    assert (
        services.hand_out(
            enquiry(customer, lines=[quoted_goods(product, price=90)]), by=orders.assistant_of(customer)
        ).state
        == "quoted"
    )
    low = enquiry(customer, lines=[quoted_goods(product, price=95, discount=D("0.1"))])
    with pytest.raises(Refused, match="may be quoted from 90 on"):
        services.send_quotation(low, by=low.author)
    low = services.hand_out(low, by=low.author)
    manager = contracts.manager_for(customer)
    assert low.state == "submitted" and low in Quotation.objects.waiting_for(manager)
    with pytest.raises(Refused):
        services.approve_quotation(low, by=low.author)
    low = services.approve_quotation(low, by=manager)
    assert (low.state, low.quoted_on) == ("quoted", today()) and low.number
    told = Notification.objects.filter(person=low.author, topic="quotation_agreed")
    assert told.count() == 1


def test_a_price_without_tax_is_compared_with_the_lowest_price_without_tax():
    product = ProductFactory(list_price=D("113"), lowest_price=D("113"), tax_rate=D("0.13"))
    quotation = enquiry(lines=[quoted_goods(product, price=100)], includes_tax=False)
    assert services.send_quotation(quotation, by=quotation.author).state == "quoted"


def test_without_a_lowest_price_the_list_price_is_the_lowest():
    quotation = making.returned_quotation()
    assert (quotation.state, quotation.round) == ("enquiry", 2)
    with pytest.raises(Refused, match="from 100 on"):
        services.send_quotation(quotation, by=quotation.author)


def test_a_new_version_replaces_what_went_out_once_it_goes_out_itself():
    customer = orders.make_customer()
    first = quoted(customer, asked_on=today() - datetime.timedelta(9))
    second = enquiry(customer, previous=first)
    assert (second.edition, second.asked_on, again(first).state) == (2, first.asked_on, "quoted")
    with pytest.raises(Refused, match="a new version of .* already"):
        enquiry(customer, previous=first)
    with pytest.raises(Refused, match="never went out"):
        services.lose_quotation(second, by=second.author, lost_reason="price")
    second = services.send_quotation(second, by=second.author)
    assert again(first).state == "replaced" and versions(again(first)) == [second, first]
    with pytest.raises(Refused, match="no new version"):
        enquiry(customer, previous=again(first))


def test_a_lost_one_says_why_from_the_list_and_other_in_words():
    quotation = quoted()
    with pytest.raises(Refused, match="say why"):
        services.lose_quotation(quotation, by=quotation.author)
    with pytest.raises(Refused, match="in words"):
        services.lose_quotation(quotation, by=quotation.author, lost_reason="other")
    lost = services.lose_quotation(quotation, by=quotation.author, lost_reason="other", note="老板的亲戚也卖")
    assert (lost.lost_words, lost.decided_on) == ("老板的亲戚也卖", today())


@pytest.mark.parametrize(
    ("step", "columns", "constraint"),
    [
        ("lose_quotation", {"state": "lost", "decided_on": datetime.date(2026, 1, 1)}, "quotation_lost_why"),
        ("lose_quotation", {"state": "lost", "lost_reason": "price"}, "quotation_decided_on"),
        ("win_quotation", {"state": "won", "decided_on": datetime.date(2026, 1, 1)}, "quotation_won_by"),
        ("", {"lost_reason": "other"}, "quotation_lost_other"), ("", {"quoted_on": None}, "quotation_sent"),
        ("", {"quoted_on": datetime.date(2020, 1, 1)}, "quotation_asked_first"), ("", {"quoted_on": datetime.date(2099, 1, 1)}, "quotation_holds"),
    ],
)  # fmt: skip
def test_postgresql_refuses_what_the_services_refuse(step, columns, constraint):
    quotation = quoted()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), acting(quotation.author, step=step):
        Quotation.objects.filter(pk=quotation.pk).update(**columns)


# ── by the clock ────────────────────────────────────────────────────────────────────────────


def test_the_day_after_it_held_until_it_is_expired_and_three_days_before_people_are_warned():
    quotation = quoted(valid_until=today() + datetime.timedelta(3))
    assert services.warn_of_ends(on=today()) == 1 and services.warn_of_ends(on=today() + datetime.timedelta(1)) == 0
    assert Notification.objects.filter(person=quotation.salesperson, topic="quotation_runs_out").count() == 1
    assert services.expire_quotations(on=quotation.valid_until) == 0
    assert services.expire_quotations(on=quotation.valid_until + datetime.timedelta(1)) == 1
    assert again(quotation).state == "expired"


def test_the_workbench_shows_enquiries_not_answered_prices_to_agree_to_and_what_runs_out():
    customer = orders.make_customer()
    assistant, manager = orders.assistant_of(customer), contracts.manager_for(customer)
    late = enquiry(customer, asked_on=today() - datetime.timedelta(4), asked="急要")
    soon = quoted(customer, valid_until=today() + datetime.timedelta(2))
    low = making.submitted_quotation(customer)
    seen = {row.url: row.tone for group in due_for(assistant, on=today()) for row in group.rows}
    assert seen[late.get_absolute_url()] == "bad" and seen[soon.get_absolute_url()] == ""
    assert low.get_absolute_url() in {row.url for group in due_for(manager, on=today()) for row in group.rows}


# ── an order of it ──────────────────────────────────────────────────────────────────────────


@pytest.mark.duty("O1", "O3")
def test_an_order_takes_the_quoted_price_without_a_second_reason_and_wins_the_quotation_when_approved():
    customer = orders.make_customer()
    product = ProductFactory(list_price=D(100), lowest_price=D(95), tax_rate=D("0.13"))
    quotation = making.agreed_quotation(customer, lines=[quoted_goods(product, price=80)])
    order = order_from(quotation)
    line = order.lines.get()
    assert (line.unit_price, line.price_source, line.needs_reason) == (80, f"quotation {quotation}", False)
    assert again(quotation).state == "quoted", "handed in is not agreed to yet"
    with pytest.raises(Refused, match="is being made from it"):
        services.lose_quotation(quotation, by=quotation.author, lost_reason="price")
    order = approve_order(order, by=orders.assistant_of(customer))
    won = again(quotation)
    assert (won.state, won.won_by_id, won.dossier_id) == ("won", order.pk, order.dossier_id)
    assert [stage.kind for stage in chain_of(order, order.author)] == ["quotation", "order"]

    second = approve_order(order_from(won), by=orders.assistant_of(customer))
    assert second.dossier_id == order.dossier_id and again(quotation).won_by_id == order.pk
    cancel_order(order, by=order.author, note="twice")
    assert again(quotation).won_by_id == second.pk
    cancel_order(second, by=second.author, note="nothing of it")
    assert (again(quotation).state, again(quotation).won_by_id) == ("quoted", None)


@pytest.mark.duty("O3")
def test_more_off_than_was_quoted_or_another_price_needs_a_reason_and_quantities_have_their_own_price():
    customer = orders.make_customer()
    product = orders.product_at(100)
    steps = [quoted_goods(product, 10, 98), quoted_goods(product, 100, 90)]
    quotation = making.agreed_quotation(customer, lines=steps)

    def source_of(**wanted):
        order = orders.draft_order(customer, lines=[Wanted(product=product, **wanted)], quotation=quotation)
        return order.lines.get().unit_price, order.lines.get().price_source.partition(" ")[0]

    assert source_of(quantity=D(10)) == (98, "quotation") and source_of(quantity=D(5)) == (98, "quotation")
    assert source_of(quantity=D(120)) == (90, "quotation")
    assert source_of(quantity=D(10), discount=D("0.05")) == (98, "own")
    assert source_of(quantity=D(10), unit_price=D(90)) == (90, "own")


def test_an_order_is_not_made_of_what_does_not_hold_any_more_or_is_another_customers():
    customer, other = orders.make_customer(), orders.make_customer()
    quotation = quoted(customer, valid_until=today())
    draft = orders.draft_order(customer, quotation=quotation)
    services.expire_quotations(on=today() + datetime.timedelta(1))
    with pytest.raises(Refused, match="does not hold any more"):
        submit_order(Order.objects.get(pk=draft.pk), by=draft.author)
    with pytest.raises(Refused, match="another customer's"):
        orders.draft_order(other, quotation=quoted(customer))
    running = contracts.running_contract(customer)
    with pytest.raises(Refused, match="not from both"):
        orders.draft_order(customer, quotation=quoted(customer), contract=running)


# ── a contract of it ────────────────────────────────────────────────────────────────────────


def contract_of(quotation, customer, **more):
    lines = [quoted_goods(line.product, line.quantity, line.unit_price) for line in quotation.lines.all()]
    return contracts.draft_contract(customer, lines=lines, origin=Record.objects.get(pk=quotation.pk), **more)


@pytest.mark.duty("K1")
def test_the_page_of_a_new_contract_begins_with_what_was_quoted_and_remembers_where_it_comes_from(client):
    customer = orders.make_customer()
    quotation = making.agreed_quotation(customer, terms="含运费，送货上门")
    client.force_login(orders.assistant_of(customer))
    page = client.get(reverse("contracts:contract-new"), {"origin": quotation.pk}).content.decode()
    assert quotation.number in page and 'value="90"' in page and "含运费，送货上门" in page
    pulled = client.get(reverse("contracts:contract-new"), {"pull": "origin", "pk": quotation.pk}).json()["lines"]
    assert [(row["product"], row["unit_price"], row["quantity"]) for row in pulled] == [
        (quotation.lines.get().product.code, "90", "10")
    ]
    found = client.get("/look-up/contract_origin/", {"party": customer.pk}).json()
    assert quotation.number in str(found)
    assert client.get(reverse("contracts:contract-new"), {"origin": enquiry(customer).pk}).status_code == 404


@pytest.mark.duty("K1")
def test_the_signed_contract_wins_the_quotation_and_a_discarded_draft_does_not():
    customer = orders.make_customer()
    quotation = quoted(customer)
    discarded = contract_of(quotation, customer)
    with pytest.raises(Refused, match="is being made from it"):
        services.lose_quotation(quotation, by=quotation.author, lost_reason="price")
    cancel_contract(discarded, by=discarded.author)
    contract = contract_of(quotation, customer)
    contract = approve_contract(submit_contract(contract, by=contract.author), by=contracts.manager_for(customer))
    assert (again(quotation).state, again(quotation).dossier_id) == ("quoted", contract.dossier_id)
    services.expire_quotations(on=again(quotation).valid_until + datetime.timedelta(1))
    scan = SimpleUploadedFile("contract.pdf", contracts.SCAN, "application/pdf")
    contract = sign_contract(contract, by=contract.author, scan=scan)
    assert (again(quotation).state, again(quotation).won_by_id) == ("won", contract.pk)
    assert [stage.kind for stage in chain_of(contract, contract.author)] == ["quotation", "contract"]
    told = [entry.what for entry in timeline_of(customer.party, person=contract.author).entries]
    assert any(quotation.number in what for what in told) and any(contract.number in what for what in told)


@pytest.mark.duty("K1")
def test_a_contract_is_drafted_from_a_quotation_of_its_customer_that_holds():
    customer, other = orders.make_customer(), orders.make_customer()
    with pytest.raises(Refused, match="another customer's"):
        contract_of(quoted(other), customer)
    with pytest.raises(Refused, match="does not hold any more"):
        contract_of(making.expired_quotation(customer), customer)
    contract = contract_of(quotation := quoted(customer, valid_until=today()), customer)
    services.expire_quotations(on=today() + datetime.timedelta(1))
    header = {"party": customer.party, "origin": Record.objects.get(pk=quotation.pk), "title": "还在谈"}
    saved = save_contract(
        Contract.objects.get(pk=contract.pk), by=contract.author, header=header, lines=[contracts.goods()]
    )
    assert saved.title == "还在谈", "what was begun in time may be finished"


# ── figures, list, paper ────────────────────────────────────────────────────────────────────


def test_each_enquiry_counts_once_for_its_salesperson_in_the_month_it_was_asked():
    customer, other = orders.make_customer(), orders.make_customer()
    making.won_quotation(customer)
    making.lost_quotation(customer)
    making.replaced_quotation(customer)
    enquiry(customer, previous=quoted(customer))
    making.cancelled_quotation()
    making.expired_quotation(other)
    enquiry(other, lines=[], asked_on=today() - datetime.timedelta(400))
    gm, year = make_person(Role.GM), Year.containing(today())
    rows = {row.key: row for row in outcomes(year, person=gm)}
    mine = rows[customer.party.owner.pk]
    assert (mine.asked, mine.quoted, mine.won, mine.lost, mine.expired, mine.open) == (4, 4, 1, 1, 0, 2)
    assert (mine.share_won, mine.won_value) == (D("0.5"), D("1000.00"))
    total = whole(rows.values())
    assert (total.asked, total.expired, total.value) == (5, 1, D("5000.00"))
    assert lost_because(year, person=gm) == [("price", "price too high", 1, D("1000.00"))]
    assert by_month(year, person=gm)[Month.containing(today())] == (5, 1) and len(by_month(year, person=gm)) == 12
    assert whole(outcomes(year, person=other.party.owner)).asked == 1


def test_list_figures_and_workbook_open_and_agree(client):
    customer = orders.make_customer()
    making.lost_quotation(customer)
    client.force_login(make_person(Role.GM))
    page = client.get(reverse("quotations:figures")).content.decode()
    assert "price too high" in page and customer.party.owner.name in page
    assert f"salesperson={customer.party.owner.pk}" in page
    assert listed_of(whole([]), Year.containing(today())) == "", "those of nobody: a link would open everybody's"
    assert client.get(reverse("quotations:figures"), {"export": "xlsx"}).status_code == 200
    listed = client.get(
        reverse("quotations:list"), {"deals": "1", "state": "lost", "asked_on": "this_year"}
    ).content.decode()
    assert "一次性手套" in listed
    assert client.get(reverse("quotations:list"), {"export": "xlsx"}).status_code in (200, 302)


def test_the_paper_says_in_chinese_what_is_quoted_until_when_and_nothing_of_the_inside(client, monkeypatch):
    quotation = quoted(note="客户压价很狠", terms="含运费")
    seen = {}
    monkeypatch.setattr(
        "backoffice.pages.paper.html_of",
        lambda name, context, language: seen.update(context, language=language, name=name) or "",
    )
    monkeypatch.setattr("backoffice.pages.paper.print_html", lambda *documents: b"%PDF")
    client.force_login(quotation.author)
    answer = client.get(reverse("quotations:quotation-pdf", args=[quotation.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert (seen["name"], seen["language"], seen["in_words"]) == ("quotation", "zh-hans", "壹仟元整")
    assert seen["for_customer"] and not seen["is_draft"]


def test_what_the_page_says_while_one_types(client):
    customer = orders.make_customer(contact="王主任", phone="0571-1")
    product = ProductFactory(code="Q1", list_price=D(100))
    client.force_login(orders.assistant_of(customer))
    typed = {
        "party": customer.pk, "asked": "手套", "asked_on": today().isoformat(), "includes_tax": "yes", "lines-count": 1, "lines-0-key": "n0",
        "lines-0-typed": "product quantity unit_price", "lines-0-product": product.code, "lines-0-quantity": "3", "lines-0-unit_price": "90",
    }  # fmt: skip
    said = client.post(reverse("quotations:quotation-new"), typed, headers={"HX-Draft": "1"}).json()
    assert said["totals"]["gross"] == "270.00" and "unit_price" in said["lines"]["n0"]["warnings"]
    assert said["fields"]["contact"] == "王主任" and any(tone == "warn" for tone, _text in said["notes"])
