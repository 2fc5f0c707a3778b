"""A new edition by amendment: compared, reviewed again, signed; what was ordered stays; older editions stay readable (K1)."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from backoffice.audit import acting
from backoffice.refusals import Refused
from backoffice.review.models import Review
from contracts.comparison import compare
from contracts.content import Content
from contracts.models import Amendment, Contract, ContractLine
from contracts.selectors import content_of, editions, what_changed
from contracts.services import approve_amendment, cancel_amendment, close_contract, sign_amendment, submit_amendment
from contracts.services.amendments import open_contract
from tests import making_contracts as contracts
from tests import making_orders as orders
from tests.contracts.test_contracts import call_off
from tests.making import TODAY

pytestmark = pytest.mark.django_db


def check_deferred():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.duty("K1")
def test_content_survives_being_kept():
    content = Content.of(
        contracts.running_contract(lines=[contracts.goods(due_on=TODAY), contracts.goods("12.345678", 3)])
    )
    assert Content.read(content.as_json()) == content


@pytest.mark.duty("K1")
def test_an_amendment_in_force_makes_the_next_edition_and_lines_keep_their_orders():
    customer = orders.make_customer()
    contract = contracts.running_contract(customer, lines=[contracts.goods(), contracts.goods(50, 10)])
    order = call_off(contract, customer, 5)
    line = order.lines.get().contract_line_id
    now = contracts.amended(
        contract, quantities={1: 40, 2: 0}, more=[contracts.goods(7, 3)], header={"title": "年度供货合同（变更）"}
    )
    check_deferred()
    assert (now.edition, now.state, now.title, now.amount) == (2, "running", "年度供货合同（变更）", 4021)
    first, second = now.lines.all()
    assert (first.pk, first.quantity, first.ordered, first.rest) == (line, 40, 5, 35)
    assert (second.position, second.quantity) == (2, 3) and now.fingerprint
    call_off(now, customer, 35)
    assert ContractLine.objects.get(pk=line).rest == 0


@pytest.mark.duty("K1")
def test_older_editions_stay_readable_and_say_what_changed():
    contract = contracts.running_contract()
    now = contracts.amended(
        contracts.amended(contract, quantities={1: 30}),
        header={"clauses": "质量按国家标准。\n争议由供方所在地法院管辖。"},
    )
    assert [(e.number, e.is_current) for e in editions(now)] == [(3, True), (2, False), (1, False)]
    assert [content_of(now, number).lines[0].quantity for number in (1, 2, 3)] == [20, 30, 30]
    assert what_changed(now, 1) is None and what_changed(now, 2).more == 1000
    (clause,) = what_changed(now, 3).clauses
    assert ("需", True) in clause.before and ("供", True) in clause.after and clause.label == "2"


@pytest.mark.duty("K1")
def test_nothing_below_what_was_ordered():
    customer = orders.make_customer()
    contract = contracts.running_contract(customer)
    call_off(contract, customer, 8)
    with pytest.raises(Refused, match="8 are ordered"):
        contracts.amendment_of(contract, quantities={1: 7})
    with pytest.raises(Refused, match="named by orders"):
        contracts.amendment_of(contract, quantities={1: 0}, more=[contracts.goods()])
    with pytest.raises(Refused, match="called off already"):
        contracts.amendment_of(contract, header={"ceiling": Decimal(700)})
    amendment = contracts.approved_amendment(contract, quantities={1: 10})
    call_off(contract, customer, 8)
    scan = SimpleUploadedFile("a.pdf", contracts.SCAN, "application/pdf")
    with pytest.raises(Refused, match="16 are ordered"):
        sign_amendment(amendment, by=amendment.author, scan=scan)
    assert Contract.objects.get(pk=contract.pk).edition == 1


@pytest.mark.duty("K1", "S4")
def test_an_amendment_is_reviewed_by_somebody_else_and_signed_with_its_scan():
    contract = contracts.running_contract()
    with pytest.raises(Refused, match="Nothing is changed"):
        contracts.amendment_of(contract)
    amendment = contracts.amendment_of(contract, quantities={1: 21})
    with pytest.raises(Refused, match="not in force yet"):
        contracts.amendment_of(contract, quantities={1: 22})
    amendment = submit_amendment(amendment, by=amendment.author)
    with pytest.raises(Refused):
        approve_amendment(amendment, by=amendment.author)
    customer = contract.party.customer
    with pytest.raises(Refused, match="not in force yet"):
        close_contract(contract, by=contracts.manager_for(customer), note="x")
    amendment = approve_amendment(amendment, by=contracts.manager_for(customer))
    assert amendment.number.startswith("BG-")
    with pytest.raises(Refused, match="scan"):
        sign_amendment(amendment, by=amendment.author)
    cancel_amendment(amendment, by=amendment.author, note="customer withdrew")
    assert Contract.objects.get(pk=contract.pk).lines.get().quantity == 20


def left_open(contract):
    open_contract(contract, by=contract.author)
    check_deferred()


def rewritten(contract):
    opened = open_contract(contract, by=contract.author)
    opened.title, opened.state = "another", "running"
    with acting(contract.author, step="amend_contract"):
        opened.save()
    check_deferred()


@pytest.mark.duty("K1")
def test_the_database_lets_no_agreed_content_change_without_an_amendment():
    contract = contracts.running_contract()
    check_deferred()
    with pytest.raises(IntegrityError, match="edition 1 with 0"), transaction.atomic():
        left_open(contract)
    with pytest.raises(IntegrityError, match="amendment that did not come"), transaction.atomic():
        rewritten(contract)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContractLine.objects.filter(contract=contract).update(quantity=99)


@pytest.mark.duty("K1")
def test_a_comparison_marks_words_and_names_new_lines():
    before = Content.of(contracts.running_contract())
    contract = contracts.draft_contract(
        lines=[contracts.goods(), contracts.goods(3, 4)], title="年度供货合同", clauses=before.clauses
    )
    found = compare(before, Content.of(contract))
    assert [each.tone for each in found.lines] == ["gone", "new", "new"] and not found.clauses
    assert compare(before, before).is_empty and Amendment.objects.count() == 0


@pytest.mark.duty("K1", "K2", "S4")
def test_each_edition_shows_who_agreed_to_it_and_when(client):
    contract = contracts.running_contract()
    first = Review.objects.get(record_id=contract.pk).person
    now = contracts.amended(contracts.amended(contract, quantities={1: 30}), quantities={1: 31})
    agreed = {each.number: [row.person for row in each.agreements[0].given] for each in editions(now)}
    assert agreed[1] == [first] and all(len(people) == 1 for people in agreed.values())
    assert not any(each.agreements[0].missing for each in editions(now))
    client.force_login(contract.author)
    page = client.get(now.get_absolute_url()).content.decode()
    assert all(f"Reviews of edition {number}" in page for number in (1, 2, 3))
    assert all(str(person) in page for people in agreed.values() for person in people)
    for number, people in agreed.items():
        older = client.get(f"{now.get_absolute_url()}editions/{number}/").content.decode()
        assert "Reviews" in older and str(people[0]) in older
