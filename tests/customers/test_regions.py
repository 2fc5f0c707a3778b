"""The tree of regions from the country's own tables, brought by the page of the imports."""

import csv
import io

import pytest

from backoffice.people.models import Region, below
from backoffice.sheets import services
from backoffice.sheets.models import Batch, State
from customers.selectors import serving
from customers.tables import CustomerList
from tests.making_customers import make_customer
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("C1")]
TABLES = {
    "provinces.csv": [("code", "name"), ("33", "浙江省"), ("11", "北京市")],
    "cities.csv": [("code", "name", "provinceCode"), ("3301", "杭州市", "33"), ("1101", "市辖区", "11")],
    "areas.csv": [
        ("code", "name", "cityCode", "provinceCode"), ("330106", "西湖区", "3301", "33"), ("110101", "东城区", "1101", "11"),
    ],
}  # fmt: skip


def table(rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


@pytest.fixture
def regions(administrator):
    done = services.upload([(name, table(rows)) for name, rows in TABLES.items()], by=administrator, kind="regions")
    services.check_group(done.group)
    assert {batch.state for batch in Batch.objects.all()} == {State.CHECKED}, [
        p.in_words() for b in Batch.objects.all() for p in b.problems
    ]
    services.apply_group(done.group, by=administrator)


def brought(files, by):
    done = services.upload(files, by=by, kind="regions")
    services.check_group(done.group)
    return done, list(Batch.objects.filter(group=done.group).order_by("pk"))


def test_the_three_tables_may_be_chosen_in_any_order_and_bringing_them_again_changes_nothing(administrator):
    """As a dialog for files gives them: by their names, areas first."""
    files = [(name, table(rows)) for name, rows in sorted(TABLES.items())]
    done, batches = brought(files, administrator)
    assert [(batch.state, batch.counts["made"]) for batch in batches] == [(State.CHECKED, 2)] * 3
    services.apply_group(done.group, by=administrator)
    longer = [(name, table([*rows, (f"9{len(rows)}", "新区")])) for name, rows in sorted(TABLES.items())][-1:]
    done, batches = brought([*files, *longer], administrator)
    assert len(done.repeated) == 3 and [batch.counts for batch in batches] == [
        {"made": 1, "changed": 0, "same": 2, "left_out": 0}
    ]


def test_a_tree_comes_in_one_sheet_too_whatever_the_order_of_its_rows(administrator):
    rows = [
        ("代码", "名称", "上级代码"),
        ("330106", "西湖区", "3301"),
        ("3301", "杭州市", "33"),
        ("33", "浙江省", ""),
        ("1", "环", "1"),
    ]
    done, batches = brought([("x.csv", table(rows))], administrator)
    assert [(problem.row, problem.field) for problem in batches[0].problems] == [(5, "parent")]
    done, batches = brought([("x.csv", table(rows[:-1]))], administrator)
    services.apply_group(done.group, by=administrator)
    assert Region.objects.get(code="330106").parent.parent.name == "浙江省"


@pytest.mark.usefixtures("regions")
def test_what_stands_here_does_not_come_to_lie_in_what_lies_in_it(administrator):
    head = ("代码", "名称", "上级代码")
    for parent in ("330106", "33"):
        _done, batches = brought([("x.csv", table([head, ("33", "浙江省", parent)]))], administrator)
        assert [(p.row, p.field) for p in batches[0].problems] == [(2, "parent")]
        assert "belongs to itself" in batches[0].problems[0].in_words()
    assert Region.objects.get(code="33").parent is None


@pytest.mark.usefixtures("regions")
def test_provinces_cities_and_areas_become_one_tree():
    lake = Region.objects.select_related("parent__parent").get(code="330106")
    assert (lake.name, lake.parent.name, lake.parent.parent.name) == ("西湖区", "杭州市", "浙江省")
    province = Region.objects.get(code="33")
    assert set(Region.objects.filter(pk__in=below(Region, [province.pk])).values_list("code", flat=True)) == {
        "33",
        "3301",
        "330106",
    }


@pytest.mark.usefixtures("regions")
def test_a_province_holds_the_customers_of_its_areas_and_who_serves_it_serves_them(salesperson):
    customer = make_customer(salesperson, region=Region.objects.get(code="330106"))
    make_customer(salesperson, region=Region.objects.get(code="110101"))
    province = Region.objects.get(code="33")
    assert [row.pk for row in CustomerList(salesperson, f"region={province.pk}").ordered] == [customer.pk]
    assistant = make_person("assistant")
    assistant.serves_regions.add(province)
    assert list(serving(customer.party)) == [assistant]
