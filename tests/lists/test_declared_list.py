"""A declared list: filters, search, order, columns, totals, views, all in the address and nothing else believed."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List, NotAsked
from backoffice.lists.models import SavedView
from backoffice.lists.ranges import amount_range, date_range
from backoffice.lists.views import default_view, drop_view, save_view
from backoffice.parties.models import Party
from backoffice.people.models import Region, Role
from backoffice.refusals import Refused
from backoffice.stock.models import Product
from orders.models import Order
from orders.services import Wanted, save_order
from tests.making import PartyFactory, ProductFactory
from tests.making_shipments import make_house
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 5, 13)


class Parties(List):
    title = "Parties"
    model = Party
    columns = (
        c.Text("code", link=True),
        c.Text("name"),
        c.Choice("kind"),
        c.Person("owner"),
        c.Text("region", path="region__name"),
        c.Text("tax_no", roles=(Role.FINANCE,)),
        c.Text("word", "Word", value=lambda party: party.name[:1]),
    )
    filters = (
        f.Choice("kind"), f.PersonIs("owner"), f.OneOf("region", Region), f.MomentRange("created_at"), f.Bool("is_customer"), f.Contains("city"),
        f.Flag("nameless", "Nameless", lambda rows: rows.filter(name="")), f.Related("party", Party, path="pk"),
    )  # fmt: skip
    search = ("search", "tax_no")
    default_order = "code"


class Products(List):
    title = "Products"
    model = Product
    columns = (
        c.Text("code"),
        c.Money("list_price", total=True),
        c.Price("cost_price", roles=(Role.MANAGER,), total=True),
    )
    filters = (f.AmountRange("list_price"),)
    default_order = "-list_price"


class Orders(List):
    title = "Orders"
    model = Order
    columns = (c.Text("party_name"), c.Money("amount", total=True))
    filters = (f.Related("product", Product, path="lines__product"), f.AmountRange("price", path="lines__unit_price"))
    default_order = "party_name"


@pytest.fixture
def boss():
    return make_person(Role.GM)


def test_a_party_without_a_short_name_is_called_by_its_name_everywhere():
    party = PartyFactory.build(name="杭州医药有限公司")
    column = c.Party("party")
    row = {"party": party}
    assert column.cell(row).text == column.export(column.value(row)) == "杭州医药有限公司"
    party.short_name = "杭医"
    assert (column.cell(row).text, column.cell(row).hint) == ("杭医", "杭州医药有限公司")


def codes(person, query=""):
    return [party.code for party in Parties(person, query).on_page()]


@pytest.mark.parametrize(
    "query", ["bogus=1", "password=x", "o=password", "o=-owner__password", "c=password", "o=word", "p=x", "p=0", "n=7", "kind=ship",
              "created_at=someday", "owner=99999999", "region=99999", "is_customer=perhaps", "party=-1"],
)  # fmt: skip
def test_what_the_list_does_not_know_is_refused(boss, query):
    with pytest.raises(NotAsked):
        _ = Parties(boss, query).shown


@pytest.mark.duty("F9")
def test_a_list_shows_only_what_the_person_may_see():
    mine, other = make_person(Role.SALESPERSON), make_person(Role.SALESPERSON)
    PartyFactory(code="A", owner=mine)
    PartyFactory(code="B", owner=other)
    assert codes(mine) == ["A"] and codes(mine, f"owner={other.pk}") == []
    assert Parties(mine).count == 1


def test_filters_narrow_together_and_say_so_in_words(boss):
    PartyFactory(code="A", kind="company", owner=boss, city="杭州")
    PartyFactory(code="B", kind="hospital", owner=boss, city="杭州")
    PartyFactory(code="C", kind="dealer", city="上海")
    assert codes(boss, "kind=company&kind=hospital&city=杭") == ["A", "B"]
    assert codes(boss, "owner=me&kind=hospital") == ["B"]
    shown = Parties(boss, "owner=me&kind=company&q=zz")
    assert [(label, words) for label, words, _url in shown.chips][1:] and len(shown.chips) == 3
    assert "q=" not in shown.chips[0][2] and "owner=me" in shown.chips[0][2]


@pytest.mark.duty("C1")
def test_the_search_finds_by_code_name_and_pinyin_initials(boss):
    PartyFactory(code="HZ01", name="杭州医药有限公司")
    PartyFactory(code="SH01", name="上海器械有限公司")
    assert codes(boss, "q=hzyy") == ["HZ01"] == codes(boss, "q=医药") == codes(boss, "q=ＨＺ01")
    assert codes(boss, "q=有限 sh") == ["SH01"]
    assert codes(boss, "q=%25") == []


def test_pages_never_overlap_though_all_rows_are_equal(boss):
    for number in range(60):
        PartyFactory(code=f"C{number:03}", name="同名")
    seen = [row.pk for page in (1, 2, 3) for row in Parties(boss, f"o=name&n=25&p={page}").on_page()]
    assert len(seen) == len(set(seen)) == 60
    assert Parties(boss, "p=999999").page == 2


def test_totals_are_of_the_whole_filtered_set_and_not_of_the_page(boss):
    for number in range(60):
        ProductFactory(list_price=Decimal("1.11") if number < 50 else Decimal("1000.00"))
    shown = Products(boss, "list_price=..500&n=25")
    assert shown.count == 50 and shown.total(shown.allowed["list_price"]) == Decimal("55.50")


@pytest.mark.parametrize("query", ["product={product}", "price=1..", "product={product}&price=1.."])
def test_a_row_of_which_several_lines_match_is_one_row_in_count_page_and_total(boss, query):
    house = make_house()
    header = {
        "party": house.party, "dated_on": timezone.localdate(), "warehouse": house.place, "term": house.customer.term,
    }  # fmt: skip
    lines = [
        Wanted(product=house.goods[0], quantity=2, unit_price=Decimal(50), price_reason="agreed") for _n in range(3)
    ]
    order = save_order(Order(), by=house.assistant, header=header, lines=lines)
    shown = Orders(boss, query.format(product=house.goods[0].pk))
    assert [row.pk for row in shown.on_page()] == [order.pk]
    assert (shown.count, shown.total(shown.allowed["amount"])) == (1, order.amount)


def test_of_many_rows_a_page_counts_no_more_than_say_that_they_are_many(boss, monkeypatch):
    monkeypatch.setattr("backoffice.lists.declared.MANY", 59)
    for _number in range(60):
        ProductFactory(list_price=Decimal("1.11"))
    shown = Products(boss, "n=25&p=2")
    with CaptureQueriesContext(connection) as asked:
        assert len(shown.on_page()) == 25 and shown.is_many and shown.page == 2
    assert ["LIMIT 60" in sql["sql"] for sql in asked.captured_queries] == [True, False]
    assert (shown.count, shown.pages, shown.total(shown.allowed["list_price"])) == (60, 3, Decimal("66.60"))
    assert not shown.is_many
    behind = Products(boss, "n=25&p=9")
    assert len(behind.on_page()) == 10 and behind.page == 3


def test_a_column_of_other_roles_is_neither_shown_nor_ordered_by_nor_exported(boss):
    assert "cost_price" not in Products(boss).allowed
    for query in ("c=cost_price", "o=cost_price"):
        with pytest.raises(NotAsked):
            _ = Products(boss, query).shown
    assert "cost_price" in Products(make_person(Role.MANAGER)).allowed


def test_the_number_of_statements_does_not_grow_with_the_rows(boss):
    counts = []
    for number in (3, 40):
        for _time in range(number):
            PartyFactory(owner=boss, region=Region.objects.get_or_create(code="R", defaults={"name": "East"})[0])
        with CaptureQueriesContext(connection) as asked:
            shown = Parties(boss, "kind=company")
            assert [[column.cell(row) for column in shown.shown] for row in shown.on_page()]
            assert shown.count
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 3


def test_the_address_is_canonical_and_keeps_everything_but_the_page(boss):
    shown = Parties(boss, "view=all&kind=&kind=company&city=&p=1&o=-name&c=name&c=code&n=25")
    assert shown.query_string == "kind=company&o=-name&c=name%2Ccode&n=25"
    assert Parties(boss, shown.query_string).query_string == shown.query_string
    assert Parties(boss).address() == "?view=all"


@pytest.mark.parametrize(("text", "low", "high"), [
    ("this_month", "2026-05-01", "2026-05-31"), ("last_month", "2026-04-01", "2026-04-30"), ("this_quarter", "2026-04-01", "2026-06-30"),
    ("last_quarter", "2026-01-01", "2026-03-31"), ("this_week", "2026-05-11", "2026-05-17"), ("last_week", "2026-05-04", "2026-05-10"),
    ("this_year", "2026-01-01", "2026-12-31"), ("last_year", "2025-01-01", "2025-12-31"), ("today", "2026-05-13", "2026-05-13"),
    ("before_today", None, "2026-05-12"), ("from_today", "2026-05-13", None), ("next_7_days", "2026-05-13", "2026-05-19"),
    ("2026-02", "2026-02-01", "2026-02-28"), ("2025", "2025-01-01", "2025-12-31"), ("2026-01-05..", "2026-01-05", None),
    ("..2026-03", None, "2026-03-31"), ("2026-01..2026-03", "2026-01-01", "2026-03-31"),
])  # fmt: skip
def test_a_range_of_days_is_what_a_person_means(text, low, high):
    found = date_range(text, today=TODAY)
    assert (str(found.low) if found.low else None, str(found.high) if found.high else None) == (low, high)


@pytest.mark.parametrize(
    "text", ["..", "2026-13", "31-12-2026", "2026-03-01..2026-02-01", "x", "2026-02-30", "99999999"]
)
def test_what_is_no_range_of_days_is_refused(text):
    with pytest.raises((ValueError, OverflowError)):
        date_range(text, today=TODAY)


def test_a_range_of_amounts_reads_separators_and_wan():
    assert amount_range("1.2万..20,000").where("x") == {"x__gte": Decimal(12000), "x__lte": Decimal(20000)}
    for text in ("NaN", "inf", "1e400", "5..1", ".."):
        with pytest.raises(ValueError, match=r".*"):
            amount_range(text)


@pytest.mark.duty("R4")
def test_a_view_is_kept_shared_with_a_role_and_dropped_only_by_its_owner(boss):
    Shown = type("Shown", (Parties,), {"name": "parties-of-the-test"})
    helper, stranger = make_person(Role.ASSISTANT), make_person(Role.HR)
    view = save_view(Shown(boss, "kind=company&o=-name"), name="  Companies ", roles=["assistant"], is_default=True)
    assert view.query == "kind=company&o=-name" and view.name == "Companies"
    assert default_view(Shown, helper) == view and default_view(Shown, stranger) is None
    own = save_view(Shown(helper, "kind=dealer"), name="Mine", is_default=True)
    assert default_view(Shown, helper) == own, "one's own comes first"
    drop_view(str(view.pk), by=helper)
    assert SavedView.objects.filter(pk=view.pk).exists()
    drop_view(str(view.pk), by=boss)
    assert not SavedView.objects.filter(pk=view.pk).exists()
    with pytest.raises(Refused):
        save_view(Shown(boss), name=" ")
