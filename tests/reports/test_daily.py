"""The day's sales performance: the figures of an instant, kept as issued, in the mailbox of GM and finance once each."""

import datetime
import io
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone

from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import JOBS
from backoffice.jobs.runs import run_due
from backoffice.outbox.models import Message
from backoffice.people.models import Role
from backoffice.refusals import Refused
from orders.models import Order
from orders.services import Wanted, cancel_order, return_order, save_order, submit_order
from reports.models import Issued, Target
from reports.selectors.daily import daily_performance
from reports.services.daily import issue_daily, revise_daily
from reports.services.targets import set_targets
from tests.making_invoices import confirmed_payment
from tests.making_shipments import approved_order, dispatched_shipment, make_house
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db
D = Decimal


def today() -> datetime.date:
    return timezone.localdate()


def busy_house():
    """A day with two orders of 1,130.00, one of them shipped, and 500.00 of money."""
    house = make_house()
    dispatched_shipment(house)
    approved_order(house)
    confirmed_payment(house, 500)
    return house


@pytest.mark.duty("R1")
def test_a_salesperson_has_what_was_booked_shipped_and_collected():
    house = busy_house()
    [row] = daily_performance(on=today(), at=timezone.now()).rows
    assert (row.name, row.orders) == (house.salesperson.name, 2)
    assert (row.booked, row.shipped, row.collected) == (D("2260.00"), D("1130.00"), D("500.00"))


@pytest.mark.duty("R1")
@pytest.mark.django_db(transaction=True)
def test_a_late_run_gives_the_figures_of_its_instant():
    house = busy_house()
    instant = timezone.now()
    approved_order(house)
    confirmed_payment(house, 100)
    then = daily_performance(on=today(), at=instant).total
    assert (then.orders, then.booked, then.collected) == (2, D("2260.00"), D("500.00"))
    assert daily_performance(on=today(), at=timezone.now()).total.orders == 3


@pytest.mark.duty("R1")
def test_what_was_given_back_and_changed_afterwards_counts_as_it_was_at_the_instant():
    """The amount, the day and the salesperson of an order are other ones now; a late report says what they were."""
    house = make_house()
    order = submit_order(draft_like(Order(), house, quantity=3), by=house.assistant)
    instant = timezone.now()
    before = daily_performance(on=today(), at=instant)
    order = return_order(order, by=house.manager, note="another quantity")
    other = make_person(Role.SALESPERSON, department=house.salesperson.department)
    house.assistant.serves.add(other)
    yesterday = today() - datetime.timedelta(days=1)
    submit_order(draft_like(order, house, quantity=7, dated_on=yesterday, salesperson=other), by=house.assistant)
    draft_like(Order(), house, quantity=1)
    assert before.total.booked and daily_performance(on=today(), at=instant) == before
    assert daily_performance(on=today(), at=timezone.now()).rows != before.rows


def draft_like(order, house, *, quantity, **header):
    start = {
        "party": house.party,
        "dated_on": today(),
        "warehouse": house.place,
        "term": house.customer.term,
        "delivery_address": "Wensan Road 1",
    }
    lines = [Wanted(product=house.goods[0], quantity=D(quantity))]
    return save_order(order, by=house.assistant, header=start | header, lines=lines)


@pytest.mark.duty("R1")
def test_what_was_cancelled_afterwards_still_stood_at_the_instant():
    house = make_house()
    order = approved_order(house)
    instant = timezone.now()
    cancel_order(order, by=house.assistant, note="wrong customer")
    assert daily_performance(on=today(), at=instant).total.orders == 1
    assert daily_performance(on=today(), at=timezone.now()).total.orders == 0


@pytest.mark.duty("F9", "R1")
def test_a_salesperson_sees_only_their_own_line():
    first, second = busy_house(), busy_house()
    rows = daily_performance(on=today(), at=timezone.now(), visible_to=first.salesperson).rows
    assert [row.person for row in rows] == [first.salesperson.pk] and second.salesperson.pk not in [
        row.person for row in rows
    ]


@pytest.mark.duty("R1")
def test_one_mail_each_to_gm_and_finance_with_table_and_excel():
    house = busy_house()
    gm = make_person(Role.GM, language="zh-hans")
    issued = issue_daily(on=today(), at=timezone.now())
    again = issue_daily(on=today(), at=timezone.now())
    mails = Message.objects.filter(topic="daily_performance")
    assert again.pk == issued.pk and mails.count() == 2
    assert set(mails.values_list("recipient", flat=True)) == {house.finance.email, gm.email}
    text = mails.get(recipient=house.finance.email).html
    assert house.salesperson.name in text and "2,260.00" in text and issued.sha256[:16] in text
    book = openpyxl.load_workbook(io.BytesIO(issued.workbook.path.read_bytes()), read_only=True)
    values = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert house.salesperson.name in values and 2260 in values


@pytest.mark.duty("R1")
def test_an_empty_day_is_mailed_too():
    make_person(Role.GM)
    issue_daily(on=today(), at=timezone.now())
    assert "Nothing was booked today" in Message.objects.get(topic="daily_performance").html


@pytest.mark.duty("R1")
def test_a_late_mail_says_that_it_is_late():
    make_person(Role.GM)
    issue_daily(on=today(), at=timezone.now(), is_late=True)
    mail = Message.objects.get(topic="daily_performance")
    assert mail.subject.startswith("Late:") and "This mail is late" in mail.html


@pytest.mark.duty("R1", "R2")
def test_a_correction_is_a_revision_that_says_what_changed_and_the_first_stays():
    house = busy_house()
    first = issue_daily(on=today(), at=timezone.now())
    assert revise_daily(on=today()) is None
    confirmed_payment(house, 100)
    second = revise_daily(on=today())
    assert second.revision == 1 and {c["figure"] for c in second.changes} == {"collected", "month_collected"}
    assert Issued.objects.get(pk=first.pk).figures["rows"][0]["collected"] == "500.00"
    assert Message.objects.filter(topic="daily_performance").count() == 2


@pytest.mark.duty("R1")
@pytest.mark.django_db(transaction=True)
def test_the_job_is_due_before_five_and_its_run_writes_the_mails():
    job = JOBS["daily_performance"]
    assert job.at < datetime.time(17)
    make_person(Role.GM)
    due = timezone.now() - datetime.timedelta(hours=3)
    DueRun.objects.create(job=job.name, period=today().isoformat(), due_at=due, watermark=due)
    assert run_due(job.name, today().isoformat())
    run = DueRun.objects.get(job=job.name)
    assert run.state == "done" and run.is_late and Issued.objects.get().is_late
    assert Message.objects.filter(topic="daily_performance").count() == 1
    run_due(job.name, today().isoformat())
    assert Issued.objects.count() == 1


def test_managers_set_targets_and_others_do_not(manager, salesperson, assistant):
    month = today().replace(day=1)
    assert set_targets({salesperson: D(5000)}, month=month, by=manager) == 1
    assert set_targets({salesperson: D(5000)}, month=month, by=manager) == 0
    with pytest.raises(Refused, match="managers"):
        set_targets({salesperson: D(1)}, month=month, by=assistant)
    row = daily_performance(on=today(), at=timezone.now()).rows[0]
    assert row.target == 5000 and row.reached == 0
    set_targets({salesperson: None}, month=month, by=manager)
    assert not Target.objects.exists()
