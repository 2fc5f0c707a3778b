"""Expense claims (E1): from the receipts to the money, by people who are not the claimant."""

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from backoffice.database.checks import run_checks
from backoffice.ledger.selectors import balance
from backoffice.people.models import Department, Role
from backoffice.refusals import Refused
from expenses.models import Claim, ClaimLine
from expenses.services import (
    WantedLine,
    approve_claim,
    cancel_claim,
    check_claim,
    pay_claim,
    return_claim,
    save_claim,
    submit_claim,
)
from tests.making_expenses import (
    approved_claim,
    checked_claim,
    computed_sheet,
    draft_claim,
    make_plan,
    receipt,
    submitted_claim,
)
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("E1")]
D = Decimal


def test_a_claim_goes_from_receipts_to_money(salesperson, finance):
    claim = approved_claim(salesperson, receipt("100.10"), receipt("50.05", "ENTERTAIN"), receipt("9.85", "OTHER"))
    today = timezone.localdate()
    assert claim.amount == D("160.00") and claim.number.startswith("EX-")
    booked = {code: balance(code, on=today, record=claim.pk) for code in ("6601.02", "6601.04", "6601.99", "2241")}
    assert list(booked.values()) == [D("100.10"), D("50.05"), D("9.85"), D("-160.00")]
    assert balance("2241", on=today, person=salesperson) == D("-160.00")
    paid = pay_claim(claim, by=finance)
    assert (paid.state, paid.paid_on) == ("paid", today)
    assert balance("2241", on=today, record=claim.pk) == 0 and list(run_checks()) == []


def test_no_claim_without_receipts_on_file(salesperson):
    with pytest.raises(Refused, match="receipts on file"):
        submit_claim(draft_claim(salesperson, with_receipt=False), by=salesperson)


def test_amounts_of_nothing_and_days_to_come_are_refused(salesperson):
    with pytest.raises(Refused, match="more than zero"):
        draft_claim(salesperson, receipt(0))
    with pytest.raises(Refused, match="not spent yet"):
        draft_claim(salesperson, receipt(1, spent_on=timezone.localdate() + datetime.timedelta(1)))


@pytest.mark.duty("S4")
def test_nobody_checks_approves_or_pays_their_own():
    boss = make_person(Role.FINANCE, Role.GM)
    claim = submitted_claim(boss)
    with pytest.raises(Refused, match="wrote this"):
        check_claim(claim, by=boss)
    checked = check_claim(claim, by=make_person(Role.FINANCE))
    with pytest.raises(Refused, match="wrote this"):
        approve_claim(checked, by=boss)
    with pytest.raises(Refused, match="Somebody else"):
        pay_claim(approve_claim(checked, by=make_person(Role.GM)), by=boss)


@pytest.mark.duty("S4")
def test_large_claims_need_two():
    claim = checked_claim(make_person(Role.SALESPERSON), receipt(20000))
    once = approve_claim(claim, by=make_person(Role.GM))
    assert once.state == "checked" and balance("6601", on=timezone.localdate(), record=claim.pk) == 0
    assert approve_claim(once, by=make_person(Role.GM)).state == "approved"


@pytest.mark.duty("S4")
def test_the_database_refuses_ways_round_the_reviews(salesperson):
    claim = checked_claim(salesperson)
    for change in ({"state": "approved"}, {"state": "paid"}, {"amount": 5}, {"title": "another"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        ClaimLine.objects.filter(claim=claim).update(amount=1)
    with pytest.raises(Refused, match="not changed any more"):
        save_claim(claim, by=salesperson, header={}, lines=[receipt(1)])


def test_a_returned_claim_is_corrected_and_checked_again(salesperson):
    claim = return_claim(checked_claim(salesperson), by=make_person(Role.GM), note="which customer?")
    save_claim(claim, by=salesperson, header={"title": "Visit to the fair"}, lines=[receipt(80)])
    again = submit_claim(claim, by=salesperson)
    assert (again.state, again.amount, again.round) == ("submitted", D(80), 2)


def test_only_who_spent_it_changes_submits_and_withdraws(salesperson, finance):
    claim = draft_claim(salesperson)
    for act in (submit_claim, cancel_claim):
        with pytest.raises(Refused, match="Only who spent"):
            act(claim, by=finance)
    with pytest.raises(Refused, match="Only who spent"):
        save_claim(claim, by=finance, header={}, lines=[receipt(1)])
    assert cancel_claim(claim, by=salesperson).state == "cancelled"


@pytest.mark.duty("F9")
def test_who_sees_a_claim(department):
    mine = make_person(Role.SALESPERSON, department=department)
    claim = submitted_claim(mine)
    elsewhere = Department.objects.create(code="ELSE", name="Elsewhere")
    sees = lambda person: Claim.objects.visible_to(person).filter(pk=claim.pk).exists()  # noqa: E731
    assert sees(mine) and sees(make_person(Role.FINANCE)) and sees(make_person(Role.MANAGER, department=department))
    assert not sees(make_person(Role.MANAGER, department=elsewhere))
    assert not sees(make_person(Role.SALESPERSON, department=department)) and not sees(make_person(Role.HR))
    draft = draft_claim(mine)
    assert not Claim.objects.visible_to(make_person(Role.MANAGER, department=department)).filter(pk=draft.pk).exists()


# ── pages ──────────────────────────────────────────────────────────────────────────────────


def test_a_claim_is_entered_on_its_page_and_its_pages_open(client, salesperson, finance):
    client.force_login(salesperson)
    typed = {
        "title": "Fair", "dated_on": "2026-11-02", "lines-count": "1", "lines-0-key": "n1", "lines-0-kind": "TRAVEL", "lines-0-spent_on": "2026-11-01",
        "lines-0-description": "Train", "lines-0-amount": "88.8",
    }  # fmt: skip
    assert client.get("/expenses/claims/new/").status_code == 200
    answer = client.post("/expenses/claims/new/", typed)
    claim = Claim.objects.get()
    assert answer.status_code == 302 and (claim.amount, claim.author) == (D("88.80"), salesperson)
    for address in ("/expenses/claims/", f"/expenses/claims/{claim.pk}/", f"/expenses/claims/{claim.pk}/edit/"):
        assert client.get(address).status_code == 200
    client.force_login(make_person(Role.SALESPERSON))
    assert client.get(f"/expenses/claims/{claim.pk}/").status_code == 404
    client.force_login(finance)
    assert client.get(f"/expenses/claims/{claim.pk}/edit/").status_code == 404
    assert client.get("/").status_code in (200, 302)


@pytest.mark.duty("E7")
def test_commission_pages_open_for_who_works_on_them(client, manager, finance, salesperson):
    client.force_login(manager)
    typed = {
        "name": "Plan A", "basis": "order", "rounding": "line", "is_active": "on", "lines-count": "2", "lines-0-key": "a", "lines-0-salesperson": salesperson.username,
        "lines-0-formula": "gross", "lines-0-rate": "3", "lines-1-key": "b", "lines-1-formula": "slice", "lines-1-tiers": "0: 1%; 10万: 2%",
        "lines-1-shares": f"{salesperson.username}: 60; *: 40",
    }  # fmt: skip
    answer = client.post("/expenses/plans/new/", typed)
    assert answer.status_code == 302, answer.context["form"].errors
    plan = answer.url
    page = client.get(plan)
    assert page.status_code == 200 and b"100,000.00" in page.content
    assert client.get(f"{plan}edit/").status_code == 200 and client.get("/expenses/plans/").status_code == 200
    client.force_login(finance)
    sheet = client.post("/expenses/commission/compute/", {"period": "2026-10"}).url
    for address in ("/expenses/commission/", sheet, f"{sheet}excel/", "/expenses/commission/compute/"):
        assert client.get(address).status_code == 200
    client.force_login(salesperson)
    assert client.get(sheet).status_code == 403 and client.get("/expenses/commission/mine/").status_code == 200
    assert client.get(plan).status_code == 403 and client.get("/expenses/plans/new/").status_code == 403


def test_an_empty_plan_and_an_empty_month_have_their_words(client, finance):
    make_plan(WantedLine(rate=D("0.01")))
    client.force_login(finance)
    assert b"Nothing happened" in client.get(computed_sheet().get_absolute_url()).content
