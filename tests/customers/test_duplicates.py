"""Who may be there twice: found at night, looked at in a list, said to be two or merged."""

from decimal import Decimal

import pytest
from django.utils import timezone

from customers.duplicates import Face, find_duplicates, likely_pairs
from customers.merging import dismiss_duplicate
from customers.models import Duplicate
from customers.tables import DuplicateList
from tests.making_customers import make_customer
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("C1")]


@pytest.fixture
def pairs(salesperson):
    """Two of one tax number, two of one telephone, two of nearly one name, and one like nobody."""
    for fields in (
        {"name": "甲乙丙"}, {"name": "丁戊己"}, {"name": "庚辛", "tax_no": "", "phone": "0571-87654321"},
        {"name": "壬癸", "tax_no": "", "phone": "(0571) 8765 4321"}, {"name": "杭州仁和堂医药有限公司", "tax_no": ""},
        {"name": "杭州仁和堂医药公司", "tax_no": ""}, {"name": "北京同济设备有限公司", "tax_no": ""},
    ):  # fmt: skip
        make_customer(salesperson, **fields)
    assert find_duplicates(on=timezone.localdate()) == 3
    return Duplicate.objects.all()


def test_tax_number_telephone_and_name_give_them_away(pairs, assistant, salesperson):
    found = {pair.why: (pair.party.name, pair.other.name, pair.likeness) for pair in pairs}
    assert found["tax_no"][:2] == ("甲乙丙", "丁戊己") and found["phone"][:2] == ("庚辛", "壬癸")
    assert found["name"] == ("杭州仁和堂医药有限公司", "杭州仁和堂医药公司", Decimal(1))
    assert find_duplicates(on=timezone.localdate()) == 0
    assert len(DuplicateList(salesperson, "open=1").ordered) == 3
    assert len(DuplicateList(make_person("salesperson"), "open=1").ordered) == 0


def test_who_is_said_to_be_two_is_not_asked_about_again(pairs, salesperson):
    dismiss_duplicate(pairs.get(why="phone"), by=salesperson, note="brothers, one telephone")
    assert find_duplicates(on=timezone.localdate()) == 0
    assert {row.why for row in DuplicateList(salesperson, "open=1").ordered} == {"tax_no", "name"}
    assert [row.note for row in DuplicateList(salesperson, "two=1").ordered] == ["brothers, one telephone"]


def test_what_a_crowd_shares_is_no_hint():
    crowd = [Face(pk, "", "05710000000", "示例") for pk in range(500)]
    assert likely_pairs(crowd) == {}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("杭州仁和堂医药", "杭州市仁和堂医药", True), ("示例贸易 12", "示例贸易 13", False), ("杭州市第一人民医院", "杭州市第二人民医院", False),
     ("hangzhou medical trading", "hangzhou medical tradings", True), ("仁和堂", "同济堂", False)],
)  # fmt: skip
def test_names_that_differ_in_a_number_only_are_two(one, other, alike):
    assert bool(likely_pairs([Face(1, "", "", one), Face(2, "", "", other)])) is alike
