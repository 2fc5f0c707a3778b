"""The main job in the browser, each act by the person whose it is: from an empty program to the mail in the sink.

One walk in chapters, since each day stands on the one before: the administrator founds the company (`founding`), the others
work (`trading`), the clock strikes, and the mail is read as the mail server got it.
"""

import io

import pytest
from django.core.management import call_command
from django.utils import timezone
from openpyxl import load_workbook

from backoffice.database.checks import run_checks
from backoffice.parties.models import Party
from backoffice.people.models import SYSTEM, Department, Person, Region
from backoffice.stock.models import Product
from orders.models import Order
from tests.journeys import founding, trading, worker
from tests.journeys.desks import PASSWORD
from tests.sink import smtp  # noqa: F401 — a fixture of the journey

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def empty(settings, monkeypatch, tmp_path):
    """Nothing but what the program lays down by itself, and the first administrator by command."""
    settings.MEDIA_ROOT = tmp_path
    settings.COMPANY_NAME = "示例公司"
    assert list(Person.objects.values_list("username", flat=True)) == [SYSTEM]
    for model in (Party, Product, Order, Department, Region):
        assert not model.objects.exists(), model
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, username="root", name="管理员", verbosity=0)


@pytest.mark.duty("C1", "O1", "O2", "S1", "S4", "S5", "I1", "I2", "I9", "O4", "E1", "E7", "K1", "K3", "R1", "R7", "F9")
def test_a_company_is_founded_trades_and_mails_its_day(desks, empty, smtp):  # noqa: F811
    founding.the_administrator_makes_the_company(desks)
    founding.everybody_chooses_a_password(desks, smtp)
    founding.two_people_change_a_policy(desks)
    founding.the_masters_come_in(desks)
    order = trading.the_assistant_types_an_order(desks)
    trading.two_colleagues_agree(desks, order)
    trading.the_goods_leave(desks, order)
    trading.the_invoice_is_issued_and_paid(desks, order)
    trading.the_month_s_commission(desks)
    trading.a_salesperson_claims_a_journey(desks)
    trading.a_contract_and_how_it_stands(desks)
    the_general_manager_reads_the_day(desks)
    the_administrator_looks_after_it(desks)
    the_mail_arrives(smtp)
    assert list(run_checks()) == []


def the_general_manager_reads_the_day(desks) -> None:
    gu = desks("gu").open("/").sees("王业务")
    gu.open("/reports/daily/").sees("王业务", "2,373.00", "李业务", "3,390.00", "5,763.00")
    for username in ("cai", "ren"):
        desks(username).open("/reports/today/").sees("今天的事都办完了")


def the_administrator_looks_after_it(desks) -> None:
    """Nothing is missing any more; who did what is found; the mail will be in the outbox."""
    root = desks("root").open("/reports/today/")
    assert not root.page.locator(".begin").count(), root.page.locator(".begin").inner_text()
    root.open("/control/history/?step=approve_order").sees("马经理")
    worker.strike("daily_performance")
    root.open("/outbox/?topic=daily").sees("gu@example.com", "feng@example.com", "fan@example.com")


def the_mail_arrives(sink) -> None:
    """By SMTP, to the general manager and to finance: figures in the text and the same in the workbook."""
    worker.carry_mail()
    mails = {mail.to[0]: mail.message for mail in sink.mails if str(timezone.localdate()) in mail.message["Subject"]}
    assert set(mails) == {"gu@example.com", "feng@example.com", "fan@example.com"}
    for message in mails.values():
        html = founding.html_of(message)
        assert "王业务" in html and "2,373.00" in html and "3,390.00" in html and "5,763.00" in html
        (book,) = [part for part in message.iter_attachments() if str(part.get_filename()).endswith(".xlsx")]
        rows = list(load_workbook(io.BytesIO(book.get_content())).worksheets[-1].values)
        booked = {row[0]: row[2] for row in rows if row[0] in ("王业务", "李业务")}
        assert booked == {"王业务": 2373, "李业务": 3390}, rows
        collected = {row[0]: row[4] for row in rows if row[0] in ("王业务", "李业务")}
        assert collected == {"王业务": 2373, "李业务": 0}
