"""Formalities: begun from the checklist of a contract's kind, done with proof, waived with a reason, alarmed of (K7)."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from backoffice.outbox.models import Message, Notification
from backoffice.people.models import Role
from backoffice.refusals import Refused
from contracts.models import Contract
from contracts.papers.models import Formality, FormalityStep
from contracts.papers.services import (
    add_formality,
    alarm_formalities,
    change_formality,
    finish_formality,
    save_step,
    waive_formality,
)
from contracts.services import start_contract
from tests.making_contracts import manager_for, running_contract, signed_contract
from tests.making_licences import a_scan, in_days
from tests.making_orders import assistant_of, make_customer
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("K7")]
TODAY = timezone.localdate


def step(name: str = "印花税申报", **more) -> FormalityStep:
    given = {"category": "sales", "after": "sign_contract", "days": 15} | more
    return save_step(FormalityStep(name=name, **given), by=make_person(Role.FINANCE))


def formality_of(contract: Contract, **more) -> Formality:
    given = {"name": "过户登记", "owner": contract.author, "due_on": TODAY()} | more
    return add_formality(Formality(contract=contract, **given), by=contract.author)


def test_a_signed_contract_begins_with_the_checklist_of_its_kind():
    finance = make_person(Role.FINANCE)
    step(owner=finance)
    step("合同备案", category="", days=5, needs_proof=False)
    step("代理授权书", category="distribution")
    step("开工通知", after="start_contract")
    contract = signed_contract()
    rows = {row.name: row for row in Formality.objects.filter(contract=contract)}
    assert set(rows) == {"印花税申报", "合同备案"}
    assert (rows["印花税申报"].owner, rows["印花税申报"].due_on) == (finance, TODAY() + datetime.timedelta(15))
    assert rows["合同备案"].owner == contract.author and not rows["合同备案"].needs_proof
    assert Notification.objects.get(person=finance, topic="formality_new").record_id == contract.pk
    start_contract(contract, by=contract.author)
    assert Formality.objects.filter(contract=contract).count() == 3


def test_what_is_not_in_use_any_more_begins_no_more_and_what_was_begun_stays():
    line = step()
    first = signed_contract()
    line.is_active = False
    save_step(line, by=make_person(Role.FINANCE))
    signed_contract()
    assert Formality.objects.get().contract_id == first.pk


def test_it_is_done_with_its_proof_by_whoever_sees_it_through():
    contract = running_contract()
    warehouse = make_person(Role.WAREHOUSE)
    row = formality_of(contract, owner=warehouse)
    with pytest.raises(Refused) as refusal:
        finish_formality(row, by=warehouse)
    assert refusal.value.field == "proof"
    done = finish_formality(row, by=warehouse, outcome="filed under 2026-7", proof=a_scan("receipt.pdf"))
    assert (done.done_by, done.outcome, done.proof.record_id) == (warehouse, "filed under 2026-7", contract.pk)
    with pytest.raises(Refused, match="settled already"):
        finish_formality(row, by=warehouse, proof=a_scan())


def test_postgresql_takes_no_done_one_without_proof_and_none_waived_without_reason():
    row = formality_of(running_contract())
    with pytest.raises(IntegrityError, match="formality_proof"), transaction.atomic():
        Formality.objects.filter(pk=row.pk).update(done_at=timezone.now(), done_by=row.owner)
    with pytest.raises(IntegrityError, match="formality_waived_why"), transaction.atomic():
        Formality.objects.filter(pk=row.pk).update(done_at=timezone.now(), done_by=row.owner, is_waived=True)


def test_waiving_takes_a_manager_and_a_reason():
    contract = running_contract()
    row, manager = formality_of(contract), manager_of_the_office(contract)
    with pytest.raises(Refused):
        waive_formality(row, by=contract.author, outcome="x")
    with pytest.raises(Refused, match="reason"):
        waive_formality(row, by=manager, outcome=" ")
    assert waive_formality(row, by=manager, outcome="exempt since July").is_waived


def manager_of_the_office(contract):
    return manager_for(contract.party.customer)


def test_another_owner_is_told_and_what_is_settled_stays():
    contract = running_contract()
    row, finance = formality_of(contract), make_person(Role.FINANCE)
    change_formality(row, by=contract.author, given={"owner": finance, "due_on": in_days(9)})
    assert Notification.objects.filter(person=finance, topic="formality_new").exists()
    finish_formality(row, by=finance, proof=a_scan())
    with pytest.raises(Refused):
        change_formality(row, by=contract.author, given={"due_on": in_days(30)})


@pytest.mark.parametrize(
    ("left", "owner", "manager"), [(4, 0, 0), (3, 1, 0), (0, 1, 0), (-1, 1, 0), (-7, 1, 0), (-8, 1, 1), (-31, 1, 1)]
)
def test_alarms_come_before_it_is_due_when_it_is_late_and_to_the_manager_once_a_week_is_over(left, owner, manager):
    contract = running_contract()
    boss = manager_of_the_office(contract)
    formality_of(contract, due_on=in_days(left))
    alarm_formalities(on=TODAY())
    assert alarm_formalities(on=TODAY()) == 0
    told = Notification.objects.filter(topic__in=["formality_due", "formality_late"])
    assert (told.filter(person=contract.author).count(), told.filter(person=boss).count()) == (owner, manager)


def test_a_late_one_is_told_of_by_mail_at_once_and_again_as_it_grows_older():
    contract = running_contract()
    formality_of(contract, due_on=in_days(0))
    days = [in_days(n) for n in (-4, -3, 0, 1, 7, 8, 31, 32)]
    assert [alarm_formalities(on=day) for day in days] == [0, 1, 0, 1, 0, 1, 1, 0]
    assert Message.objects.filter(person=contract.author).count() == 3


def test_who_sees_neither_contract_nor_task_finds_nothing():
    contract = running_contract()
    row = formality_of(contract)
    stranger = assistant_of(make_customer())
    assert not Formality.objects.visible_to(stranger).exists()
    with pytest.raises(Formality.DoesNotExist):
        finish_formality(row, by=stranger, proof=a_scan())


def test_they_stand_on_the_contract_s_page_and_on_the_workbench(client):
    contract = running_contract()
    formality_of(contract, due_on=in_days(-2))
    client.force_login(contract.author)
    panel = client.get(f"/panels/formalities_of_contract/{contract.pk}/").content.decode()
    assert "过户登记" in panel and "overdue" in panel
    assert "过户登记" in client.get("/reports/today/").content.decode()
