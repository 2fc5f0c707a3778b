"""Cases (C4): registered on the telephone, due in working days, told of at the deadline, solved, counted; losses go their own way (C12)."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction
from django.utils import timezone

from backoffice.audit import acting
from backoffice.jobs.calendar import is_working_day, next_working_day
from backoffice.jobs.models import Holiday
from backoffice.outbox.models import Message, Notification
from backoffice.pages.workbench import due_for
from backoffice.people.models import Role
from backoffice.periods import Year
from backoffice.refusals import Refused
from backoffice.register.models import Record
from customers.cases.models import Case, Category
from customers.cases.selectors import case_figures, case_total, deadline
from customers.cases.services import (
    bar_lost_paper,
    cancel_case,
    close_case,
    hand_on_case,
    reopen_case,
    replace_lost_paper,
    save_case,
    save_category,
    solve_case,
    take_case,
    write_entry,
)
from customers.cases.telling import escalate_cases
from tests.making import PartyFactory, ProductFactory
from tests.making_cases import (
    category,
    closed_case,
    draft_case,
    opened_case,
    replaced_loss,
    signed_paper,
    solved_case,
    taken_case,
)
from tests.making_customers import make_customer
from tests.making_shipments import approved_order, draft_shipment, make_house
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("C4")]
DAY = datetime.timedelta(1)


@pytest.fixture
def customer(salesperson, assistant):
    assistant.serves.add(salesperson)
    return make_customer(salesperson)


def some_days_ago(days):
    return timezone.localdate() - days * DAY


# ── the deadline ────────────────────────────────────────────────────────────────────────────
def test_the_deadline_is_counted_in_working_days_with_the_offices_own_holidays():
    friday = datetime.date(2026, 3, 6)
    assert deadline(friday, 1) == datetime.date(2026, 3, 9)
    assert deadline(friday, 5) == datetime.date(2026, 3, 13)
    Holiday.objects.update_or_create(day=datetime.date(2026, 3, 9), defaults={"is_working": False})
    assert deadline(friday, 1) == datetime.date(2026, 3, 10)


def test_no_category_may_take_longer_than_ten_working_days(manager):
    with pytest.raises(DatabaseError), transaction.atomic():
        Category.objects.create(nature="complaint", name="x", days=11)
    kept = save_category(Category(nature="complaint", name="包装", days=10), by=manager)
    with pytest.raises(Refused, match="already"):
        save_category(Category(nature="complaint", name="包装", days=2), by=manager)
    kept.nature = "loss"
    with pytest.raises(Refused, match="keeps its kind"):
        save_category(kept, by=manager)


# ── the way of a case ───────────────────────────────────────────────────────────────────────
def test_a_registered_case_has_number_deadline_and_somebody_responsible(customer, assistant):
    case = opened_case(customer, by=assistant, category=category(days=3))
    assert case.number.startswith("FB-") and case.state == "open"
    assert case.due_on == deadline(case.dated_on, 3)
    assert (case.owner, case.salesperson) == (assistant, customer.party.owner)


def test_a_case_is_taken_worked_on_solved_and_closed_with_what_the_customer_says(customer, assistant):
    case = taken_case(customer, by=assistant, dated_on=some_days_ago(4))
    write_entry(case, by=assistant, text="电话致歉，安排补发。", next_on=timezone.localdate())
    assert [group.duty.duty for group in due_for(assistant, on=timezone.localdate())].count("C4") == 1
    case = solve_case(case, by=assistant, solution="补发两箱。", solved_on=some_days_ago(1), cost=Decimal(80))
    assert (case.days_taken, case.next_on) == (3, None)
    case = close_case(case, by=assistant, satisfaction=5, satisfaction_note="处理很快")
    assert (case.state, case.get_satisfaction_display()) == ("closed", "very satisfied")
    assert case.entries.get().text == "电话致歉，安排补发。"
    with pytest.raises(Refused, match="any more"):
        write_entry(case, by=assistant, text="late")


def test_there_is_no_solution_without_words_nor_on_a_day_to_come(customer, assistant):
    case = taken_case(customer, by=assistant)
    with pytest.raises(Refused, match="solution"):
        solve_case(case, by=assistant, solution=" ")
    for day in (timezone.localdate() + DAY, case.dated_on - DAY):
        with pytest.raises(Refused, match="between"):
            solve_case(case, by=assistant, solution="x", solved_on=day)
    with pytest.raises(DatabaseError), transaction.atomic(), acting(assistant, step="solve_case"):
        Case.objects.filter(pk=case.pk).update(state="solved", solved_on=timezone.localdate())


def test_what_was_done_is_never_changed(customer, assistant):
    entry = write_entry(opened_case(customer, by=assistant), by=assistant, text="called")
    with pytest.raises(DatabaseError), transaction.atomic():
        type(entry).objects.filter(pk=entry.pk).update(text="did not")


def test_it_is_handed_on_to_somebody_who_sees_the_customer_and_is_told(customer, assistant, manager, department):
    case = taken_case(customer, by=assistant)
    stranger = make_person(Role.SALESPERSON)
    with pytest.raises(Refused, match="does not see"):
        hand_on_case(case, by=assistant, owner=stranger, note="yours")
    with pytest.raises(Refused, match="does not work on cases"):
        hand_on_case(case, by=assistant, owner=make_person(Role.HR), note="yours")
    case = hand_on_case(case, by=assistant, owner=customer.party.owner, note="know the goods")
    assert (case.state, case.owner) == ("open", customer.party.owner)
    assert Notification.objects.filter(person=case.owner, topic="case_handed_on").count() == 1


def test_a_case_taken_up_again_gets_a_new_deadline_and_another_round(customer, assistant):
    case = solved_case(customer, by=assistant, dated_on=some_days_ago(30))
    case = reopen_case(case, by=assistant, note="again broken")
    assert (case.state, case.solved_on, case.escalation) == ("working", None, 0)
    assert case.due_on == deadline(timezone.localdate(), case.category.days)


def test_a_case_is_corrected_while_it_is_not_solved_and_keeps_its_kind(customer, assistant):
    case = opened_case(customer, by=assistant, category=category(days=3))
    given = {name: getattr(case, name) for name in ("party", "subject", "text", "dated_on", "owner")}
    case = save_case(case, by=assistant, given=given | {"category": category(days=5), "text": "三箱破损。"})
    assert (case.text, case.due_on) == ("三箱破损。", deadline(case.dated_on, 5))
    with pytest.raises(Refused, match="keeps its kind"):
        save_case(case, by=assistant, given=given | {"category": category("loss"), "lost_number": "1"})
    done = solve_case(take_case(case, by=assistant), by=assistant, solution="x")
    with pytest.raises(Refused, match="not changed any more"):
        save_case(done, by=assistant, given=given | {"category": category()})


def test_a_withdrawn_case_says_why_and_counts_nowhere(customer, assistant):
    with pytest.raises(Refused, match="reason"):
        cancel_case(opened_case(customer, by=assistant), by=assistant)
    cancel_case(opened_case(customer, by=assistant), by=assistant, note="twice")
    assert not Case.objects.counted().filter(state="cancelled").exists()


def test_whose_customer_one_does_not_see_ones_cases_are_not_there_either(customer, assistant):
    case = opened_case(customer, by=assistant)
    stranger = make_person(Role.SALESPERSON)
    assert not Case.objects.visible_to(stranger).exists()
    with pytest.raises(ObjectDoesNotExist):
        take_case(case, by=stranger)


# ── what it is about ────────────────────────────────────────────────────────────────────────
def test_a_case_about_a_shipment_is_one_of_its_carrier_and_stands_in_the_chain_of_its_deal():
    house = make_house()
    shipment = draft_shipment(house, approved_order(house))
    shipment.carrier = PartyFactory(is_customer=False, is_carrier=True)
    with transaction.atomic(), acting(house.assistant):
        shipment.save()
    case = opened_case(house.customer, by=house.assistant, about=Record.objects.get(pk=shipment.pk))
    case.refresh_from_db()
    assert (case.carrier, case.dossier_id) == (shipment.carrier, shipment.dossier_id)


def test_a_document_of_another_customer_is_refused(customer, assistant):
    house = make_house()
    with pytest.raises(Refused, match="not one of this customer"):
        draft_case(customer, by=assistant, about=Record.objects.get(pk=approved_order(house).pk))


# ── told at the deadline ────────────────────────────────────────────────────────────────────
def test_at_the_deadline_the_manager_is_told_by_mail_once_and_later_the_general_manager(
    customer, assistant, manager, gm
):
    manager.department = customer.party.owner.department
    manager.save()
    case = opened_case(customer, by=assistant)
    assert escalate_cases(on=case.due_on - DAY) == 0
    assert escalate_cases(on=case.due_on) == 1
    assert escalate_cases(on=case.due_on) == 0
    mail = Message.objects.get(topic="cases_escalated")
    assert mail.person == manager and case.number in mail.text
    later = case.due_on
    for _day in range(3):
        later = next_working_day(later)
    assert escalate_cases(on=later) == 1
    assert {m.person for m in Message.objects.filter(topic="cases_escalated")} == {manager, gm}
    assert is_working_day(later) and escalate_cases(on=later + 9 * DAY) == 0


def test_a_manager_elsewhere_hears_nothing_and_a_solved_case_is_told_to_nobody(customer, assistant, gm):
    make_person(Role.MANAGER)  # of no department
    solved_case(customer, by=assistant, dated_on=some_days_ago(40))
    assert escalate_cases(on=timezone.localdate()) == 0
    case = opened_case(customer, by=assistant, dated_on=some_days_ago(40))
    escalate_cases(on=case.due_on)
    assert [m.person for m in Message.objects.filter(topic="cases_escalated")] == [gm]
    assert Notification.objects.filter(topic="case_due", person=assistant).count() == 1


# ── figures ─────────────────────────────────────────────────────────────────────────────────
def test_the_figures_are_those_of_the_cases_counted_one_by_one(customer, assistant, finance):
    product, other = ProductFactory(), ProductFactory()
    begun = some_days_ago(60)
    for number, (goods, taken, said) in enumerate([(product, 0, 5), (product, 9, 1), (other, 2, None), (None, 40, 3)]):
        reported = begun + number * DAY
        closed_case(
            customer,
            by=assistant,
            product=goods,
            dated_on=reported,
            solved_on=reported + taken * DAY,
            satisfaction=said,
        )
    opened_case(customer, by=assistant, product=product, dated_on=begun)
    opened_case(customer, by=assistant, product=product)
    draft_case(customer, by=assistant, product=product)
    today = timezone.localdate()
    periods = {Year.containing(case.dated_on) for case in Case.objects.all()}
    for period in periods:
        asked = {"period": period, "on": today, "person": finance}
        cases = [case for case in Case.objects.all() if case.state != "draft" and case.dated_on in period]
        for by in ("product", "category", "nature"):
            for row in case_figures(by=by, **asked):
                mine = [c for c in cases if (c.nature if by == "nature" else getattr(c, f"{by}_id")) == row.key]
                assert figures_of(row) == slowly(mine, today)
        assert figures_of(case_total(**asked)) == slowly(cases, today)


def figures_of(row):
    return row.reported, row.unsolved, row.in_time, row.late, rounded(row.days), row.longest, rounded(row.satisfaction)


def slowly(cases, today):
    solved = [case for case in cases if case.solved_on]
    days, said = [case.days_taken for case in solved], [case.satisfaction for case in cases if case.satisfaction]
    return (
        len(cases), len(cases) - len(solved), sum(case.solved_on <= case.due_on for case in solved),
        sum(case.is_late(today) for case in cases), mean(days), max(days, default=None), mean(said),
    )  # fmt: skip


def mean(numbers):
    return rounded(Decimal(sum(numbers)) / len(numbers)) if numbers else None


def rounded(number):
    return None if number is None else round(Decimal(number), 6)


# ── losses ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.duty("C12")
def test_a_loss_is_barred_on_a_signed_report_replaced_and_handed_over_against_a_receipt(customer, assistant):
    case = opened_case(customer, by=assistant, nature="loss")
    assert case.state == "reported"
    with pytest.raises(Refused, match="not possible"):
        take_case(case, by=assistant)
    with pytest.raises(Refused, match="signed paper"):
        bar_lost_paper(case, by=assistant)
    case = bar_lost_paper(case, by=assistant, proof=signed_paper())
    with pytest.raises(Refused, match="number of its own"):
        replace_lost_paper(case, by=assistant, replacement_number="ka-0017")
    case = replace_lost_paper(case, by=assistant, replacement_number="KA-0018")
    with pytest.raises(Refused, match="signed paper"):
        solve_case(case, by=assistant, solution="handed over")
    case = solve_case(case, by=assistant, solution="handed over", proof=signed_paper())
    assert (case.state, case.replacement_number) == ("solved", "KA-0018")


@pytest.mark.duty("C12")
def test_a_loss_needs_the_number_that_was_lost(customer, assistant):
    with pytest.raises(Refused, match="which number"):
        draft_case(customer, by=assistant, nature="loss", lost_number="")


@pytest.mark.duty("C12")
def test_postgresql_keeps_each_kind_on_its_own_way(customer, assistant):
    complaint, loss = opened_case(customer, by=assistant), replaced_loss(customer, by=assistant)
    for case, state, step in ((complaint, "barred", "bar_lost_paper"), (loss, "working", "reopen_case")):
        with pytest.raises(DatabaseError), transaction.atomic(), acting(assistant, step=step):
            Case.objects.filter(pk=case.pk).update(state=state)


@pytest.mark.duty("C12")
def test_a_replacement_that_was_wrong_is_taken_up_again_where_it_was(customer, assistant):
    case = solve_case(replaced_loss(customer, by=assistant), by=assistant, solution="handed over", proof=signed_paper())
    assert reopen_case(case, by=assistant, note="wrong name on it").state == "replaced"
