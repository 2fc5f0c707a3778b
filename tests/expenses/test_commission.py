"""Commission (E7): which line of a plan fits, what it gives, and the month's sheet from computing to HR."""

import datetime
from decimal import Decimal

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.utils import timezone

from backoffice.database.checks import run_checks
from backoffice.ledger.models import Item
from backoffice.ledger.selectors import balance
from backoffice.ledger.services import post
from backoffice.outbox.models import Message
from backoffice.people.models import Person, Role
from backoffice.periods import Month
from backoffice.refusals import Refused
from expenses.models import CommissionLine, CommissionPlan, CommissionSheet, PlanLine
from expenses.selectors import Source, commission, earn
from expenses.selectors.earning import Conditions
from expenses.services import (
    WantedLine,
    compute_sheet,
    freeze_commission,
    pay_commission,
    return_commission,
    review_commission,
    save_plan,
    set_personal_rates,
    submit_commission,
)
from invoices.services import allocate_payment, reverse_invoice
from orders.services import cancel_order
from tests.making import CategoryFactory, ProductFactory
from tests.making_expenses import computed_sheet, frozen_sheet, last_month, make_plan, reviewed_sheet, submitted_sheet
from tests.making_invoices import confirmed_payment, issued_invoice, shipped_house
from tests.making_orders import make_customer, submitted_order
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("E7")]
D = Decimal
F = PlanLine.Formula


def happened(gross, *, key="booked:1", salesperson=None, net=None, day=datetime.date(2026, 3, 5), **more) -> Source:
    figures = {"net": D(net if net is not None else gross), "gross": D(gross)}
    return Source(
        key=key, happened_on=day, document_on=day, record=None, party=None, salesperson=salesperson, **figures, **more
    )


def earned(plan: CommissionPlan, *sources: Source):
    return earn(plan, list(sources), Conditions.of([plan], list(sources)))


def totals(plan: CommissionPlan, *sources: Source) -> list[Decimal]:
    return [row.commission for row in earned(plan, *sources)]


# ── which line fits ────────────────────────────────────────────────────────────────────────


def test_the_first_line_that_fits_decides_and_a_product_line_holds_for_those_below_it():
    upper = CategoryFactory()
    lower = CategoryFactory(parent=upper)
    plan = make_plan(WantedLine(category=upper, rate=D("0.8")), WantedLine(rate=D(1)))
    assert totals(plan, happened(1, category=lower.pk)) == [D("0.80")]  # CM1
    assert totals(plan, happened(1, category=None)) == [D("1.00")]  # CM2


def test_without_a_line_that_fits_there_is_no_commission_and_the_row_says_so():
    product, other = ProductFactory(), ProductFactory()
    with_default = make_plan(WantedLine(product=product, rate=D("0.5")), WantedLine(rate=D(1)))
    without = make_plan(WantedLine(product=product, rate=D("0.5")), name="B")
    assert totals(with_default, happened(1, product=other.pk)) == [D("1.00")]  # CM4
    [row] = earned(without, happened(1, product=other.pk))
    assert (row.line, row.commission, row.base) == (None, D(0), D(1))


@pytest.mark.parametrize(("rate", "expected"), [("0", "0.00"), ("0.1", "50.00"), ("1", "500.00")])
def test_rates_from_nothing_to_all_of_it(rate, expected):
    chosen, other = ProductFactory(), ProductFactory()
    plan = make_plan(WantedLine(product=chosen, rate=D(rate)))
    rows = earned(plan, happened(500, product=chosen.pk), happened(500, product=other.pk))
    assert [row.commission for row in rows if row.line] == [D(expected)]  # CM11


def test_grade_and_region_of_the_customer_decide(salesperson):
    customer = make_customer(owner=salesperson)
    source = Source(
        key="x", happened_on=datetime.date(2026, 3, 1), document_on=datetime.date(2026, 3, 1), record=None,
        party=customer.pk, salesperson=salesperson.pk, net=D(100), gross=D(113),
    )  # fmt: skip
    plan = make_plan(WantedLine(grade="A", rate=D("0.5")), WantedLine(grade=customer.grade, rate=D("0.1")))
    assert totals(plan, source) == [D("11.30")]


# ── what it gives ──────────────────────────────────────────────────────────────────────────


def test_the_formulas():
    given = {"net": 100, "quantity": D(4), "cost": D(60)}
    for formula, rate, expected in ((F.NET, "0.1", "10.00"), (F.GROSS, "0.1", "11.30"), (F.MARGIN, "0.1", "4.00")):
        plan = make_plan(WantedLine(formula=formula, rate=D(rate)), name=str(formula))
        assert totals(plan, happened(113, **given)) == [D(expected)]
    plan = make_plan(WantedLine(formula=F.UNIT, per_unit=D("0.1250")), name="unit")
    assert totals(plan, happened(113, **given)) == [D("0.50")]


def test_tiers_of_the_months_total_on_all_of_it_or_slice_by_slice():
    tiers = ((D(0), D("0.01")), (D(100), D("0.02")), (D(200), D("0.05")))
    rows = [happened(80, key="booked:1", salesperson=None), happened(170, key="booked:2", salesperson=None)]
    whole = make_plan(WantedLine(formula=F.WHOLE, tiers=tiers))
    assert sum(totals(whole, *rows)) == D("12.50")  # 250 at 5 %
    sliced = make_plan(WantedLine(formula=F.SLICE, tiers=tiers), name="B")
    assert totals(sliced, *rows) == [D("0.80"), D("4.70")]  # 100 at 1 %, 100 at 2 %, 50 at 5 %


def test_shares_must_make_a_hundred_and_their_cents_make_the_whole():
    one, other = make_person(Role.SALESPERSON), make_person(Role.SALESPERSON)
    with pytest.raises(Refused, match="90 %"):  # CM14
        make_plan(WantedLine(rate=D("0.1"), shares=((one, D("0.5")), (other, D("0.4")))))
    half = make_plan(WantedLine(rate=D("0.001"), shares=((one, D("0.5")), (other, D("0.5")))))
    assert totals(half, happened(20000)) == [D("10.00"), D("10.00")]  # CM13
    assert sum(totals(half, happened("10.10"))) == D("0.01")


def test_rates_are_between_nothing_and_all_and_tiers_rise_from_nothing():
    for wrong in (
        WantedLine(rate=D("1.01")), WantedLine(rate=D("-0.01")), WantedLine(formula=F.SLICE),
        WantedLine(formula=F.SLICE, tiers=((D(5), D("0.1")),)),
    ):  # fmt: skip
        with pytest.raises(Refused, match="Line 1"):
            make_plan(wrong)


def test_rounding_once_for_each_person_and_the_rows_still_come_to_it():
    rows = [happened("33.33", key=f"booked:{n}") for n in range(3)]
    each = make_plan(WantedLine(rate=D("0.025")))
    once = make_plan(WantedLine(rate=D("0.025")), name="B", rounding="person")
    assert sum(totals(each, *rows)) == D("2.49") and sum(totals(once, *rows)) == D("2.50")


# ── what it is computed on ─────────────────────────────────────────────────────────────────


def this_month() -> Month:
    return Month.containing(timezone.localdate())


def test_receipts_earn_their_part_and_the_last_one_the_rest():
    house = shipped_house()
    make_plan(WantedLine(rate=D("0.0333")), basis="received")
    invoice, money = issued_invoice(house), confirmed_payment(house, "1130.00")
    charge = Item.objects.get(record_id=invoice.pk, account__code="1122.01", kind="charge")
    assert commission("received", this_month()) == []
    for part in ("376.67", "376.67", "376.66"):
        allocate_payment(money, {charge.pk: D(part)}, on=timezone.localdate(), by=house.finance)
    [row] = commission("received", this_month())
    assert (row.base, row.commission) == (D("1130.00"), D("37.63"))


def test_half_the_money_half_the_commission():
    plan = make_plan(WantedLine(rate=D("0.2")))
    half = happened(20000, before=D(0), after=D(10000), whole=D(20000))
    assert totals(plan, half) == [D("2000.00")]  # CM16


def test_a_reversed_invoice_takes_its_commission_back():
    house = shipped_house()
    make_plan(WantedLine(formula=F.NET, rate=D("0.01")), basis="invoice")
    invoice = issued_invoice(house)
    [row] = commission("invoice", this_month())
    assert (row.person, row.commission) == (invoice.salesperson, D("10.00"))
    reverse_invoice(invoice, by=house.finance, note="wrong title")
    sheet = computed_sheet(this_month())
    assert [line.commission for line in sheet.lines.all()] == [D("10.00"), D("-10.00")]  # CM8
    assert sheet.amount == 0


def test_what_was_credited_earns_nothing():
    house = shipped_house()
    make_plan(WantedLine(formula=F.NET, rate=D("0.04")), basis="invoice")
    invoice = issued_invoice(house)
    post(
        "rebate_granted", on=timezone.localdate(), amounts={"net": D(200), "tax": D(26), "gross": D(226)}, party=invoice.party,
        person=invoice.salesperson, record=invoice, by=house.finance,
    )  # fmt: skip
    [row] = commission("invoice", this_month())
    assert (row.base, row.commission) == (D("800.00"), D("32.00"))  # CM17


def test_money_as_it_comes_in_is_the_customers_salespersons():
    house = shipped_house()
    make_plan(WantedLine(rate=D("0.03")), basis="collected")
    confirmed_payment(house, "1000.00")
    [row] = commission("collected", this_month())
    assert (row.person, row.commission) == (house.party.owner, D("30.00"))


# ── the sheet ──────────────────────────────────────────────────────────────────────────────


def order_of_last_month(amount=1130):
    return submitted_order(amount=amount, dated_on=last_month().first)


def test_a_sheet_is_computed_reviewed_frozen_posted_and_mailed_to_hr(django_capture_on_commit_callbacks):
    people = make_person(Role.HR)
    order = order_of_last_month()
    make_plan(WantedLine(rate=D("0.03")))
    sheet = frozen_sheet()
    assert (sheet.state, sheet.amount) == ("frozen", D("33.90")) and sheet.number.startswith("CS-")
    [line] = sheet.lines.all()
    assert (line.person, line.record_id) == (order.salesperson, order.pk) and "3 %" in line.why
    assert balance("6601.01", on=timezone.localdate(), record=sheet.pk) == D("33.90")
    message = Message.objects.get(topic="commission_sheet")
    assert message.person == people and "33.90" in message.html and message.attachments.count() == 1
    assert mail.outbox == []
    paid = pay_commission(sheet, by=people)
    assert balance("2211", on=timezone.localdate(), record=paid.pk) == 0
    assert list(run_checks()) == []


def test_computing_twice_has_one_effect_and_follows_the_documents_until_it_is_handed_in():
    order_of_last_month()
    make_plan(WantedLine(rate=D("0.03")))
    first = computed_sheet()
    again = computed_sheet()
    assert (again.pk, again.version, CommissionSheet.objects.count()) == (first.pk, first.version, 1)
    order_of_last_month()
    assert computed_sheet().amount == D("67.80")


def test_figures_that_are_out_of_date_are_not_handed_in(finance):
    order_of_last_month()
    make_plan(WantedLine(rate=D("0.03")))
    sheet = computed_sheet(by=finance)
    order_of_last_month()
    with pytest.raises(Refused, match="Compute it again"):
        submit_commission(sheet, by=finance)
    with pytest.raises(Refused, match="not over"):
        submit_commission(computed_sheet(this_month(), by=finance), by=finance)


def test_a_frozen_sheet_never_changes_and_a_cancelled_order_is_a_row_of_the_next_month():
    order = order_of_last_month()
    make_plan(WantedLine(rate=D("0.03")))
    sheet = frozen_sheet()
    cancel_order(order, by=make_person(Role.GM, Role.MANAGER, Role.ASSISTANT), note="customer gave up")
    late = order_of_last_month(2260)
    assert computed_sheet().amount == sheet.amount and computed_sheet().version == sheet.version
    later = computed_sheet(this_month())
    assert {(line.record_id, line.commission) for line in later.lines.all()} == {
        (order.pk, D("-33.90")), (late.pk, D("67.80")),
    }  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        CommissionLine.objects.filter(sheet=sheet).update(commission=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        CommissionSheet.objects.filter(pk=sheet.pk).update(amount=1)


def test_another_rate_holds_for_later_documents_only(manager):
    order_of_last_month()
    plan = make_plan(WantedLine(rate=D("0.03")))
    frozen_sheet()
    with pytest.raises(Refused, match="from which day"):
        save_plan(plan, lines=[WantedLine(rate=D("0.05"))], by=manager)
    with pytest.raises(Refused, match="the day after"):
        save_plan(plan, lines=[WantedLine(rate=D("0.05"))], by=manager, starts_on=last_month().first)
    later = save_plan(plan, lines=[WantedLine(rate=D("0.05"))], by=manager, starts_on=this_month().first)
    plan.refresh_from_db()
    assert (later.pk != plan.pk, plan.valid_to, later.valid_from) == (True, last_month().last, this_month().first)
    submitted_order(amount=100, dated_on=this_month().first)
    assert [row.commission for row in commission("order", this_month())] == [D("5.00")]
    assert [row.commission for row in commission("order", last_month())] == [D("33.90")]


@pytest.mark.duty("S4")
def test_nobody_reviews_what_they_handed_in_and_the_database_agrees():
    boss = make_person(Role.FINANCE, Role.MANAGER, Role.GM)
    sheet = submitted_sheet(by=boss)
    with pytest.raises(Refused, match=r"wrote this|had a hand"):
        review_commission(sheet, by=boss)
    with pytest.raises(Refused, match="not possible"):
        freeze_commission(sheet, by=boss)
    with pytest.raises(DatabaseError), transaction.atomic():
        CommissionSheet.objects.filter(pk=sheet.pk).update(state="frozen")
    with pytest.raises(DatabaseError), transaction.atomic():
        CommissionSheet.objects.filter(pk=sheet.pk).update(state="reviewed")


def test_a_returned_sheet_is_computed_anew_and_needs_its_review_again():
    order_of_last_month()
    make_plan(WantedLine(rate=D("0.03")))
    sheet = return_commission(reviewed_sheet(), by=make_person(Role.GM), note="one order is missing")
    order_of_last_month()
    assert (sheet.state, computed_sheet().amount) == ("computed", D("67.80"))


def test_who_sees_what():
    order = order_of_last_month()
    make_plan(WantedLine(rate=D("0.03")))
    sheet = computed_sheet()
    own, other, people = order.salesperson, make_person(Role.SALESPERSON), make_person(Role.HR)
    sees = CommissionSheet.objects.visible_to
    assert sees(people).count() == 1 and not sees(own).exists() and not sees(make_person(Role.ASSISTANT)).exists()
    assert not CommissionLine.objects.visible_to(own).exists()  # not before it is fixed
    sheet = submit_commission(sheet, by=(by := make_person(Role.FINANCE)))
    review_commission(sheet, by=make_person(Role.MANAGER))
    freeze_commission(sheet, by=by)
    assert CommissionLine.objects.visible_to(own).count() == 1
    assert not CommissionLine.objects.visible_to(other).exists()


def test_only_managers_keep_plans_and_only_some_compute(salesperson, assistant):
    with pytest.raises(Refused, match="Only managers"):
        make_plan(WantedLine(rate=D("0.5")), by=salesperson)
    with pytest.raises(Refused, match="does not compute"):
        compute_sheet(last_month(), by=assistant)


# ── rates from the sheet of salespeople ────────────────────────────────────────────────────


def test_each_salesperson_of_the_sheet_gets_a_line_and_another_rate_holds_from_the_next_month(administrator):
    one, other = make_person(Role.SALESPERSON), make_person(Role.SALESPERSON)
    plan = set_personal_rates([(one, D("0.03")), (other, D("0.025"))], by=administrator)
    assert [(line.salesperson, line.rate) for line in plan.lines.all()] == [(one, D("0.03")), (other, D("0.025"))]
    assert (plan.basis, plan.rounding) == ("collected", "person")
    same = set_personal_rates([(one, D("0.03"))], by=administrator)
    assert (same.pk, same.version) == (plan.pk, plan.version)
    changed = set_personal_rates([(one, D("0.04"))], by=administrator)
    assert changed.lines.count() == 2 and changed.lines.get(salesperson=one).rate == D("0.04")


def test_system_person_exists_for_the_run_of_the_first():
    assert compute_sheet(last_month(), by=Person.objects.system()).author.is_system
