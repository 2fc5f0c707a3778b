"""Drafting from templates: places that fill themselves, plans of payments and deliveries, terms (K1)."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from backoffice.documents.fingerprints import content as content_for_review
from backoffice.parties.models import Party
from backoffice.refusals import Refused
from contracts.clauses import filled, open_places, places_marked, unnumbered
from contracts.content import Content
from contracts.entry import deliveries, usual_price
from contracts.models import Contract, ContractTemplate
from contracts.plans import read_plan
from contracts.services import approve_contract, save_contract, save_template, submit_contract
from tests import making_contracts as contracts
from tests import making_orders as orders
from tests.making import TODAY, PartyFactory, ProductFactory
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db


@pytest.mark.duty("K1")
def test_every_kind_of_contract_has_a_template_from_the_first_day():
    assert set(ContractTemplate.objects.values_list("category", flat=True)) == set(Contract.Category.values)
    for template in ContractTemplate.objects.all():
        assert any(kind == "filled" for clause in places_marked(template.clauses) for _text, kind in clause.parts)


@pytest.mark.duty("K1")
def test_places_fill_themselves_from_what_the_contract_says():
    clauses = "需方{需方}向供方订货，金额{大写金额}。\n期限至{截止日}。{付款计划}"
    contract = contracts.draft_contract(clauses=clauses, ends_on=datetime.date(2026, 12, 31))
    contract = save_contract(
        contract,
        by=contract.author,
        header={},
        lines=[contracts.goods()],
        payment_plan="30% 合同签订后7天内\n余款 发货前",
    )
    first, second = (clause.text for clause in filled(contract, Content.of(contract)))
    assert first == f"需方{contract.party.name}向供方订货，金额人民币贰仟元整。"
    assert second == "期限至2026年12月31日。合同签订后7天内：600.00元；发货前：1,400.00元"


@pytest.mark.duty("K1")
def test_a_contract_with_an_open_place_is_not_handed_in():
    contract = contracts.draft_contract(clauses="收货后{验收天数}日内验收。")
    assert open_places(contract, Content.of(contract)) == ["{验收天数}"]
    endless = contracts.draft_contract(clauses="期限至{截止日}。", ends_on=None)
    assert open_places(endless, Content.of(endless)) == ["{截止日}"]
    with pytest.raises(Refused, match="验收天数"):
        submit_contract(contract, by=contract.author)
    contract = save_contract(
        contract, by=contract.author, header={"clauses": "收货后三日内验收。"}, lines=[contracts.goods()]
    )
    assert submit_contract(contract, by=contract.author).state == "submitted"


@pytest.mark.duty("K1")
@pytest.mark.parametrize(
    ("typed", "amounts", "events"),
    [
        ("30% 合同签订后7天内\n60% 发货前\n10% 验收合格后365天", ["300.00", "600.00", "100.00"], ["signing", "shipment", "acceptance"]),
        ("1/3", None, None),
        ("33.33% 签订\n33.33% 到货后10天\n余款 开票后30天", ["333.30", "333.30", "333.40"], ["signing", "delivery", "invoice"]),
        ("¥400 on signing\nrest 30 days after delivery", ["400.00", "600.00"], ["signing", "delivery"]),
        ("0.1万 2026-05-31", ["1000.00"], ["day"]),
        ("50% signing\n40% delivery", None, None),
        ("80% signing\n40% delivery", None, None),
        ("余款 signing\n40% delivery", None, None),
        ("100% 2026-02-31", None, None),
    ],
)  # fmt: skip
def test_a_payment_plan_is_read_as_people_type_it_and_makes_up_the_whole(typed, amounts, events):
    if amounts is None:
        with pytest.raises(Refused, match="Payment plan"):
            read_plan(typed, total=Decimal("1000.00"))
        return
    rows = read_plan(typed, total=Decimal("1000.00"))
    assert [str(row.amount) for row in rows] == amounts and [str(row.event) for row in rows] == events


@pytest.mark.duty("K1")
def test_the_plan_follows_the_lines_and_is_part_of_what_is_reviewed():
    contract = contracts.draft_contract()
    contract = save_contract(
        contract, by=contract.author, header={}, lines=[contracts.goods()], payment_plan="30% 签订\n余款 发货前"
    )
    contract = save_contract(contract, by=contract.author, header={}, lines=[contracts.goods(100, 30)])
    assert [row.amount for row in contract.payments.all()] == [900, 2100]
    told = content_for_review(contract)
    submit_contract(contract, by=contract.author)
    with pytest.raises(IntegrityError, match="are fixed"), transaction.atomic():
        contract.payments.update(words="签订后一年")
    assert [row["words"] for row in told["payments"]] == ["签订", "发货前"]


@pytest.mark.duty("K1")
def test_twelve_deliveries_are_twelve_months_and_lose_no_piece():
    product = orders.product_at(10)
    made = deliveries({"product": product, "quantity": Decimal(100), "due_on": datetime.date(2026, 1, 31), "parts": 12})
    assert len(made) == 12 and sum(quantity for quantity, _day in made) == 100
    assert {quantity for quantity, _day in made} == {8, 9} and made[1][1] == datetime.date(2026, 2, 28)


@pytest.mark.duty("K1")
def test_the_paper_says_what_the_archive_said_when_it_was_handed_in():
    contract = contracts.approved_contract()
    Party.objects.filter(pk=contract.party_id).update(name="改名有限公司")
    contract = Contract.objects.get(pk=contract.pk)
    assert contract.party_name != "改名有限公司" and contract.party_name in filled_text(contract, "需方：{需方}")


def filled_text(contract, clauses):
    contract.clauses = clauses
    return filled(contract, Content.of(contract))[0].text


@pytest.mark.duty("K1")
def test_templates_are_kept_by_managers_and_their_plan_has_to_be_readable():
    template, manager = ContractTemplate.objects.first(), make_person("manager")
    with pytest.raises(Refused):
        save_template(template, by=make_person("assistant"))
    template.payment_plan = "a third"
    with pytest.raises(Refused, match="row 1"):
        save_template(template, by=manager)
    template.payment_plan = "50% 签订\n余款 发货前"
    assert save_template(template, by=manager).payment_plan.startswith("50%")


@pytest.mark.duty("K2")
def test_purchase_contracts_are_purchasings_and_framework_contracts_need_no_lines():
    buyer, supplier = make_person("purchasing"), PartyFactory(is_customer=False, is_supplier=True)
    term = orders.make_term()
    header = {
        "party": supplier,
        "title": "采购合同",
        "dated_on": TODAY,
        "starts_on": TODAY,
        "term": term,
        "category": "purchase",
    }
    contract = save_contract(Contract(), by=buyer, header=header, lines=[contracts.goods()])
    assert submit_contract(contract, by=buyer).state == "submitted"
    assert Contract.objects.visible_to(buyer).filter(pk=contract.pk).exists()
    with pytest.raises(Refused, match="drafted by others"):
        save_contract(Contract(), by=make_person("assistant"), header=header, lines=[contracts.goods()])
    framework = contracts.draft_contract(category="framework", ceiling=Decimal(50_000))
    framework = save_contract(
        framework, by=framework.author, header={}, lines=[], payment_plan="50% 签订\n余款 2026-12-01"
    )
    assert [row.amount for row in framework.payments.all()] == [25_000, 25_000]
    assert submit_contract(framework, by=framework.author).state == "submitted"


@pytest.mark.duty("K1", "S4")
def test_a_purchase_contract_is_approved_like_any_other():
    buyer, supplier = make_person("purchasing"), PartyFactory(is_customer=False, is_supplier=True)
    header = {
        "party": supplier,
        "title": "采购合同",
        "dated_on": TODAY,
        "starts_on": TODAY,
        "term": orders.make_term(),
        "category": "purchase",
    }
    contract = submit_contract(save_contract(Contract(), by=buyer, header=header, lines=[contracts.goods()]), by=buyer)
    assert approve_contract(contract, by=make_person("gm")).number


@pytest.mark.duty("K1")
@pytest.mark.parametrize(
    "pasted",
    ["一、质量：按国标。", "第十二条 质量：按国标。", "3. 质量：按国标。", "（4）质量：按国标。", "质量：按国标。"],
)
def test_a_clause_is_numbered_once(pasted):
    assert unnumbered(pasted) == "质量：按国标。" and unnumbered("1.5%的违约金") == "1.5%的违约金"


@pytest.mark.duty("K1")
def test_bought_goods_begin_with_their_cost_and_sold_ones_with_the_list():
    product = ProductFactory(list_price=Decimal(113), cost_price=Decimal(60), tax_rate=Decimal("0.13"))
    assert usual_price(product, includes_tax=True) == 113 and usual_price(product, includes_tax=False) == 100
    assert usual_price(product, includes_tax=True, buying=True) == Decimal("67.8")
    assert usual_price(product, includes_tax=False, buying=True) == 60
