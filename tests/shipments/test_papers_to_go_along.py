"""Papers that must go along: asked for by contract, customer, product or line; made or put on file; nothing leaves without (K6)."""

import re
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.database.checks import run_checks
from backoffice.files.models import File
from backoffice.outbox.models import Notification
from backoffice.people.models import Role
from backoffice.refusals import Refused
from backoffice.register.models import Record
from contracts.papers.models import Paper, PaperKind, PaperRule
from contracts.papers.selectors import goods_of_contracts, wanted_of
from contracts.papers.services import issue_paper, make_certificates, remove_rule, save_kind, save_paper, void_paper
from shipments.models import Shipment
from shipments.selectors.papers import goods_of_shipments, papers_with
from shipments.services import clear_shipment, dispatch_shipment, release_papers, return_shipment
from tests.making import CategoryFactory
from tests.making_contracts import goods, running_contract
from tests.making_licences import a_scan, in_days
from tests.making_papers import ask_for, draft_paper, issued_paper, paper_kind
from tests.making_shipments import House, approved_order, make_house, reviewed_shipment, submitted_shipment
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("K6")]


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def shipment(house) -> Shipment:
    """Two products on their way out."""
    return reviewed_shipment(house, approved_order(house, 10, 5))


def wanted(shipment: Shipment) -> list[str]:
    found = wanted_of(goods_of_shipments([shipment.pk]), on=timezone.localdate())[shipment.pk]
    return sorted(
        f"{one.kind.code} {one.product.code if one.product else '-'} {'missing' if one.is_missing else 'there'}"
        for one in found
    )


def test_a_shipment_leaves_once_each_product_has_its_certificate(house, shipment):
    ask_for("CERT", by=house.assistant, party=house.party)
    first, second = house.goods
    assert wanted(shipment) == [f"CERT {first.code} missing", f"CERT {second.code} missing"]
    issued_paper("CERT", by=house.warehouse, shipment=shipment, product=first, quantity=Decimal(10))
    with pytest.raises(Refused, match=f"Still missing to go along: 产品合格证 .{second.code} "):
        dispatch_shipment(shipment, by=house.warehouse)
    issued_paper("CERT", by=house.warehouse, shipment=shipment, product=second)
    assert dispatch_shipment(shipment, by=house.warehouse).state == "dispatched"


def test_where_no_rule_asks_nothing_is_waited_for(house, shipment):
    ask_for("CERT", by=house.assistant, product=make_house().goods[0])
    assert wanted(shipment) == []
    dispatch_shipment(shipment, by=house.warehouse)


def test_rules_are_by_customer_product_line_and_once_for_all_goods(house, shipment):
    above = CategoryFactory()
    product = house.goods[1]
    product.category = CategoryFactory(parent=above)
    product.save()
    ask_for("QUALITY", by=house.assistant, category=above)
    ask_for("REGISTER", by=house.assistant, product=house.goods[0])
    ask_for("BUSINESS", by=house.assistant)
    ask_for("CERT", by=house.assistant, party=make_house().party)
    assert wanted(shipment) == [
        "BUSINESS - missing",
        f"QUALITY {product.code} missing",
        f"REGISTER {house.goods[0].code} missing",
    ]


def test_what_a_contract_calls_for_goes_with_its_goods_only(house):
    contract = running_contract(house.customer, by=house.assistant, lines=[goods(100)])
    ask_for("BUSINESS", by=house.assistant, contract=contract)
    ours = reviewed_shipment(house, approved_order(house, 1))
    assert wanted(ours) == []
    found = wanted_of(goods_of_contract(contract), on=timezone.localdate())[contract.pk]
    assert [str(one) for one in found] == ["商务文件"] and found[0].because == contract.number
    issued_paper("BUSINESS", by=house.assistant, goes_with=Record.objects.get(pk=contract.pk))
    assert not wanted_of(goods_of_contract(contract), on=timezone.localdate())[contract.pk][0].is_missing


def goods_of_contract(contract):
    return goods_of_contracts([contract.pk])


def test_a_paper_of_a_product_goes_along_with_every_delivery_until_it_ends(house, shipment):
    product = house.goods[0]
    ask_for("REGISTER", by=house.assistant, product=product)
    paper = issued_paper("REGISTER", by=house.assistant, product=product, valid_until=in_days(0))
    assert wanted(shipment) == [f"REGISTER {product.code} there"]
    ended = wanted_of(goods_of_shipments([shipment.pk]), on=in_days(1))[shipment.pk]
    assert ended[0].is_missing
    stranger = make_person(Role.ASSISTANT)
    assert Paper.objects.visible_to(stranger).get() == paper and File.objects.visible_to(stranger).exists()


def test_what_was_made_for_another_delivery_or_customer_does_not_count(house, shipment):
    product = house.goods[0]
    ask_for("CERT", by=house.assistant, product=product)
    other = reviewed_shipment(house, approved_order(house, 1))
    issued_paper("CERT", by=house.warehouse, shipment=other, product=product)
    issued_paper("CERT", by=house.assistant, party=make_house().party, product=product)
    assert wanted(shipment) == [f"CERT {product.code} missing"]


def test_a_void_paper_does_not_count_any_more(house, shipment):
    product = house.goods[0]
    ask_for("CERT", by=house.assistant, product=product)
    paper = issued_paper("CERT", by=house.warehouse, shipment=shipment, product=product)
    with pytest.raises(Refused, match="reason"):
        void_paper(paper, by=house.warehouse)
    void_paper(paper, by=house.warehouse, note="other batch")
    assert wanted(shipment) == [f"CERT {product.code} missing"]


def test_a_certificate_words_itself_and_keeps_its_words(house, shipment):
    product = house.goods[0]
    paper = issued_paper(
        "CERT", by=house.warehouse, shipment=shipment, product=product, quantity=Decimal("10.500"), batch="B7"
    )
    assert paper.number == f"PA-{timezone.localdate().year}-000001"
    assert f"兹证明{product.name}" in paper.wording and "批号 B7" in paper.wording and "10.5 件" in paper.wording
    kind = paper_kind("CERT")
    kind.text = "{product} is fine, {nobody}"
    save_kind(kind, by=house.assistant)
    paper.refresh_from_db()
    assert "兹证明" in paper.wording
    assert issued_paper("CERT", by=house.warehouse, product=product).wording == f"{product.name} is fine, {{nobody}}"


def test_a_report_says_of_each_test_what_was_found_and_concludes(house, shipment):
    report = draft_paper("QUALITY", by=house.warehouse, shipment=shipment, product=house.goods[0], conclusion="")
    with pytest.raises(Refused, match="conclusion"):
        issue_paper(report, by=house.warehouse)
    report = save_paper(report, by=house.warehouse, header={"conclusion": "合格"}, tests=[("外观", "无破损", "")])
    with pytest.raises(Refused, match="what was found"):
        issue_paper(report, by=house.warehouse)
    report = save_paper(report, by=house.warehouse, header={}, tests=[("外观", "无破损", "无破损")])
    assert issue_paper(report, by=house.warehouse).state == "issued"
    assert not list(run_checks(["papers.issued"]))
    with pytest.raises(DatabaseError, match="fixed"), transaction.atomic():
        report.lines.update(found="broken")


def test_an_uploaded_one_needs_its_file_and_one_of_a_product_its_product(house):
    with pytest.raises(Refused) as refusal:
        issued_paper("REGISTER", by=house.assistant, product=house.goods[0], with_scan=False)
    assert refusal.value.field == "scan"
    with pytest.raises(Refused) as refusal:
        issued_paper("REGISTER", by=house.assistant)
    assert refusal.value.field == "product"


def test_all_missing_certificates_are_made_at_once_and_once(house, shipment):
    ask_for("CERT", by=house.assistant)
    ask_for("QUALITY", by=house.assistant)
    made = make_certificates(Record.objects.get(pk=shipment.pk), by=house.warehouse)
    assert [(paper.product, paper.quantity) for paper in made] == [(house.goods[0], 10), (house.goods[1], 5)]
    assert make_certificates(Record.objects.get(pk=shipment.pk), by=house.warehouse) == []
    assert [line for line in wanted(shipment) if line.startswith("QUALITY")] == [
        f"QUALITY {p.code} missing" for p in house.goods
    ]


def test_the_same_rule_stands_once_and_goes_when_it_is_not_asked_for(house, shipment):
    rule = ask_for("CERT", by=house.assistant)
    with pytest.raises(Refused, match="already"), transaction.atomic():
        ask_for("CERT", by=house.assistant)
    with pytest.raises(Refused):
        remove_rule(rule, by=house.warehouse)
    remove_rule(rule, by=house.assistant)
    assert wanted(shipment) == [] and not PaperRule.objects.exists()


def test_papers_are_seen_with_their_customer_and_by_the_warehouse(house, shipment):
    paper = issued_paper("CERT", by=house.assistant, shipment=shipment, product=house.goods[0])
    for person in (house.salesperson, house.warehouse, house.finance):
        assert Paper.objects.visible_to(person).filter(pk=paper.pk).exists()
    assert not Paper.objects.visible_to(make_person(Role.ASSISTANT)).exists()


def test_the_shipment_s_page_shows_what_is_missing_and_issues_certificates_by_one_key(house, shipment, client):
    ask_for("CERT", by=house.assistant)
    client.force_login(house.warehouse)
    panel = f"/panels/papers_of_shipment/{shipment.pk}/"
    assert "Issue all 2 missing certificates" in client.get(panel).content.decode()
    assert "产品合格证" in client.get("/reports/today/").content.decode()
    client.post(f"/contracts/papers/with/{shipment.pk}/certificates/")
    assert Paper.objects.filter(goes_with=shipment.pk, state="issued").count() == 2
    assert "missing" not in client.get(panel).content.decode()


def test_a_paper_is_put_on_file_from_the_shipment_s_page_and_leads_back_to_it(house, shipment, client):
    ask_for("REGISTER", by=house.assistant, product=house.goods[0])
    client.force_login(house.warehouse)
    kind = PaperKind.objects.get(code="REGISTER")
    address = f"/contracts/papers/new/?kind={kind.pk}&with={shipment.pk}&product={house.goods[0].pk}"
    assert house.goods[0].name in client.get(address).content.decode()
    answer = client.post(address, {"product": house.goods[0].pk, "batch": "B1", "scan": a_scan("certificate.pdf")})
    assert answer.url == f"/shipments/{shipment.pk}/"
    assert wanted(shipment) == [f"REGISTER {house.goods[0].code} there"]


# ── a manager lets goods leave without ─────────────────────────────────────────────────────


def test_a_manager_s_release_with_a_reason_lets_goods_leave_without_the_papers_missing(house, shipment):
    ask_for("CERT", by=house.assistant)
    with pytest.raises(Refused, match="reason"):
        release_papers(shipment, by=house.manager, note=" ")
    with pytest.raises(Refused, match="Your role"):
        release_papers(shipment, by=house.warehouse, note="the customer waits")
    release = release_papers(shipment, by=house.manager, note="the customer gets them by mail")
    assert release.papers == [f"CERT {product.code}" for product in house.goods] and release.is_release
    found = papers_with([shipment.pk], on=timezone.localdate())[shipment.pk]
    assert {(one.let_go.by, one.let_go.reason) for one in found} == {(house.manager, "the customer gets them by mail")}
    assert Event.objects.filter(record_id=shipment.pk, step="release_papers", person=house.manager).exists()
    assert Notification.objects.filter(topic="shipment_without_papers", person=house.warehouse).exists()
    assert dispatch_shipment(shipment, by=house.warehouse).state == "dispatched"


def test_a_release_covers_what_was_missing_then_and_no_paper_asked_for_later(house, shipment):
    ask_for("CERT", by=house.assistant, product=house.goods[0])
    release_papers(shipment, by=house.manager, note="by mail")
    with pytest.raises(Refused, match="No paper holds it"):
        release_papers(shipment, by=house.manager, note="again")
    ask_for("QUALITY", by=house.assistant, product=house.goods[0])
    with pytest.raises(Refused, match=f"Still missing to go along: 质量检验报告 .{house.goods[0].code} "):
        dispatch_shipment(shipment, by=house.warehouse)


def test_a_release_covers_no_paper_that_the_manager_was_not_shown(house, shipment, client):
    ask_for("CERT", by=house.assistant, product=house.goods[0])
    client.force_login(house.manager)
    address = f"/shipments/{shipment.pk}/release-papers/"
    shown = re.findall('name="paper" value="([^"]+)"', client.get(address).content.decode())
    assert shown == [f"CERT {house.goods[0].code}"]
    ask_for("QUALITY", by=house.assistant, product=house.goods[0])
    answer = client.post(address, {"note": "by mail", "paper": shown})
    assert answer.status_code == 409 and f"QUALITY {house.goods[0].code}" in answer.content.decode()
    assert (
        client.post(address, {"note": "by mail", "paper": [*shown, f"QUALITY {house.goods[0].code}"]}).status_code
        == 302
    )


def test_nobody_releases_what_is_not_reviewed_or_what_they_had_a_hand_in(house):
    ask_for("CERT", by=house.assistant)
    order = approved_order(house, 10)
    with pytest.raises(Refused, match="reviewed shipments only"):
        release_papers(submitted_shipment(house, order, 5), by=house.manager, note="x")
    house.assistant.roles = [Role.ASSISTANT, Role.MANAGER]
    house.assistant.save()
    with pytest.raises(Refused, match="You wrote this"):
        release_papers(reviewed_shipment(house, order, 5), by=house.assistant, note="x")


def test_a_release_belongs_to_the_content_it_was_given_for(house, shipment):
    ask_for("CERT", by=house.assistant)
    release_papers(shipment, by=house.manager, note="by mail")
    shipment = return_shipment(shipment, by=house.second, note="pallet broken")
    assert all(one.is_missing for one in papers_with([shipment.pk], on=timezone.localdate())[shipment.pk])


@pytest.mark.duty("S5")
def test_a_release_without_papers_is_none_without_the_money():
    house = make_house(terms="PREPAID", limit=Decimal(0))
    shipment = reviewed_shipment(house)
    ask_for("CERT", by=house.assistant)
    release_papers(shipment, by=house.manager, note="by mail")
    assert list(Shipment.objects.waiting_for_money()) == [shipment]
    with pytest.raises(Refused, match="Finance has not confirmed"):
        dispatch_shipment(shipment, by=house.warehouse)
    with pytest.raises(Refused, match="are missing"):
        clear_shipment(shipment, by=house.finance)


def test_the_manager_releases_on_the_shipment_s_page_and_everybody_reads_why(house, shipment, client):
    ask_for("CERT", by=house.assistant)
    panel, address = f"/panels/papers_of_shipment/{shipment.pk}/", f"/shipments/{shipment.pk}/release-papers/"
    client.force_login(house.warehouse)
    assert address not in client.get(panel).content.decode() and client.get(address).status_code == 403
    client.force_login(house.manager)
    assert address in client.get(panel).content.decode()
    assert house.goods[1].name in client.get(address).content.decode()
    assert client.post(address, {"note": ""}).status_code == 422
    seen = [f"CERT {product.code}" for product in house.goods]
    assert client.post(address, {"note": "they follow by mail", "paper": seen}).status_code == 302
    client.force_login(house.warehouse)
    shown = client.get(panel).content.decode()
    assert "they follow by mail" in shown and str(house.manager) in shown and "missing" not in shown
