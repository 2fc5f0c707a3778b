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
