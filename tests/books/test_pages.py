"""The books in the browser: who may read them, that figures lead to their rows, and closing a month by two people (I8)."""

import re
from datetime import date
from decimal import Decimal as D
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from backoffice.ledger.models import AccountingPeriod, Entry
from backoffice.lists.models import Export
from backoffice.people.models import Role
from backoffice.register.models import Dossier
from tests.books.making import commit_checks, dispatch, invoice, receive
from tests.making import PartyFactory
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("I8")]
DAY = date(2026, 1, 15)
PAGES = [
    "/ledger/entries/?view=all",
    "/ledger/lines/?view=all",
    "/ledger/accounts/?view=all",
    "/ledger/rules/?view=all",
    "/ledger/months/?view=all",
    "/ledger/trial-balance/?period=2026-01",
    "/ledger/accounts/1122/?period=2026-01",
]


@pytest.fixture
def books(finance):
    party = PartyFactory(short_name="示例")
    dispatch(party, "226", DAY, by=finance, dossier=Dossier.objects.create(party=party))
    invoice(party, "113", DAY, by=finance, number="IV-1")
    receive(party, "50", DAY, by=finance, number="PY-1")
    commit_checks()
    return party


def own_pages() -> list[str]:
    return [*PAGES, Entry.objects.latest("pk").get_absolute_url(), AccountingPeriod.objects.get().get_absolute_url()]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_finance_and_the_general_manager_read_every_page_of_the_books(client, books, language):
    for role in (Role.FINANCE, Role.GM):
        client.force_login(make_person(role, language=language))
        for address in own_pages():
            assert client.get(address).status_code == 200, address


@pytest.mark.duty("F9")
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.FINANCE, Role.GM}))
def test_nobody_else_reads_the_books(client, books, role):
    client.force_login(make_person(role))
    for address in own_pages():
        assert client.get(address).status_code == 403, address


def test_the_trial_balance_and_its_workbook_say_the_same(client, books, finance):
    client.force_login(finance)
    page = client.get("/ledger/trial-balance/?period=2026-01")
    answer = client.get("/ledger/trial-balance/?period=2026-01&export=xlsx")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[1]
    rows = {row[0]: [D(str(cell or 0)) for cell in row[4:6]] for row in sheet.iter_rows(min_row=2, values_only=True)}
    for row, _before, _after in page.context["rows"]:
        assert rows[row.code] == [row.debit, row.credit]
    assert rows["Total"] == [page.context["total"].debit, page.context["total"].credit]
    assert Export.objects.latest("pk").rows == len(page.context["rows"])


def test_a_figure_of_the_trial_balance_opens_the_lines_it_is_made_of(client, books, finance):
    client.force_login(finance)
    page = client.get("/ledger/trial-balance/?period=2026-01")
    links = re.findall(r'href="(/ledger/accounts/[\d.]+/\?period=2026-01)"', page.content.decode())
    assert len(links) == len(page.context["rows"])
    for link, (row, _before, _after) in zip(links, page.context["rows"], strict=True):
        ledger = client.get(link).context["ledger"]
        assert (ledger.opening, ledger.debit, ledger.credit, ledger.closing) == (
            row.opening,
            row.debit,
            row.credit,
            row.closing,
        )


def test_a_month_is_closed_in_the_browser_by_two_people(client, books, finance, gm):
    month = AccountingPeriod.objects.get()
    client.force_login(finance)
    client.post(month.get_absolute_url(), {"act": "ask_to_close"})
    refused = client.post(month.get_absolute_url(), {"act": "close"})
    assert refused.status_code == 422
    assert "second person" in refused.content.decode()
    client.force_login(gm)
    client.post(month.get_absolute_url(), {"act": "close", "note": "checked"})
    month.refresh_from_db()
    assert (month.state, month.requested_by, month.decided_by) == ("closed", finance, gm)
    assert client.post(month.get_absolute_url(), {"act": "ask_to_reopen"}).status_code == 422
    assert client.post(month.get_absolute_url(), {"act": "nothing"}).status_code == 404


@pytest.mark.parametrize("address", PAGES)
def test_more_rows_ask_no_more_of_the_database(client, books, finance, address):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    client.force_login(finance)
    client.get(address)
    before = asked()
    for n in range(5):
        invoice(PartyFactory(), "10", DAY, by=finance, number=f"IV-{n}")
    assert asked() <= before
