"""Customers, products and salespeople from workbooks."""

from decimal import Decimal

import pytest

from backoffice.people.models import Person, Region
from backoffice.refusals import Refused
from backoffice.sheets import services
from backoffice.sheets.declared import remarks_in_words
from backoffice.sheets.models import Batch, State
from backoffice.stock.models import Movement, Product
from customers.models import Customer, CustomerChange
from customers.tables import CustomerList
from tests.making_customers import TAX_NO
from tests.people_of_the_tests import make_person
from tests.sheets.books import workbook

pytestmark = pytest.mark.django_db
HEAD = ("客户编码", "客户名称", "联系人", "电话", "业务员编号", "信用额度", "账期", "税号", "地址")


@pytest.fixture
def owner():
    return make_person(
        "salesperson", employee_no="1370", name="王志强", region=Region.objects.create(code="HD", name="华东")
    )


def bring(by, *rows, kind=""):
    done = services.upload([("x.xlsx", workbook(*rows))], by=by, kind=kind)
    services.check_group(done.group)
    return done.group, Batch.objects.get(pk=done.batches[0].pk)


def reasons(batch):
    return {(p.row, p.field): p.in_words() for p in batch.problems}


@pytest.mark.duty("C1", "C11")
def test_new_customers_bring_their_credit_and_a_second_person_applies_it(owner, assistant, finance):
    group, batch = bring(
        assistant, HEAD, ("103", "杭州医药有限公司", "张经理", "0571-1", "1370", 21000.0, 30.0, TAX_NO, "江南大道1号")
    )
    assert (batch.kind, batch.state, batch.is_opening) == ("customers", State.CHECKED, True)
    assert not Customer.objects.exists()
    with pytest.raises(Refused, match="somebody else"):
        services.apply_group(group, by=assistant)
    services.apply_group(group, by=finance)
    customer = Customer.objects.get(party__code="103")
    assert (customer.credit_limit, customer.term.code, customer.party.owner, customer.party.region.code) == (
        Decimal(21000),
        "N30",
        owner,
        "HD",
    )
    assert customer.party.contacts.get().name == "张经理" and customer.party.addresses.get().text == "江南大道1号"


@pytest.mark.duty("C8", "C11")
def test_credit_and_billing_data_of_customers_already_there_do_not_come_in_by_a_workbook(owner, assistant, finance):
    group, _batch = bring(assistant, HEAD, ("103", "杭州医药", "张", "1", "1370", 21000, "30天", "", ""))
    services.apply_group(group, by=finance)
    _group, batch = bring(assistant, HEAD, ("103", "杭州医药", "张", "1", "1370", 99000, "月结30天", TAX_NO, ""))
    assert batch.state == State.FAILED
    assert {field for _row, field in reasons(batch)} == {"credit_limit", "term", "tax_no"}
    assert "second person" in reasons(batch)[2, "credit_limit"]


def test_the_same_workbook_again_changes_nothing_and_another_changes_what_one_person_may(owner, assistant, finance):
    row = ("103", "杭州医药", "张", "1", "1370", 21000, "30天", "", "")
    group, _batch = bring(assistant, HEAD, row)
    services.apply_group(group, by=finance)
    _group, batch = bring(assistant, HEAD, row, ("104", "宁波医院", "", "", "1370", 0, "款到发货", "", ""))
    assert (batch.counts["same"], batch.counts["made"]) == (1, 1)
    group, batch = bring(assistant, HEAD[:4], ("103", "杭州医药股份", "李", "2"))
    assert not batch.is_opening
    services.apply_group(group, by=assistant)
    party = Customer.objects.get(party__code="103").party
    assert (party.name, party.contact, party.phone) == ("杭州医药股份", "李", "2") and "hzyygf" in party.search


@pytest.mark.duty("C1")
def test_how_they_settle_comes_in_by_its_word_and_goes_out_by_it(owner, assistant, finance):
    head = ("客户编码", "客户名称", "业务员编号", "结算方式")
    group, batch = bring(
        assistant, head, ("1", "甲", "1370", "银行承兑汇票"), ("2", "乙", "1370", "电汇"), ("3", "丙", "1370", "")
    )
    assert batch.is_opening
    services.apply_group(group, by=finance)
    rows = Customer.objects.order_by("party__code").values_list("settlement", flat=True)
    assert list(rows) == ["acceptance", "transfer", "transfer"]
    shown = CustomerList(finance, "settlement=acceptance")
    assert [row.party.name for row in shown.ordered] == ["甲"]
    _group, batch = bring(assistant, head, ("1", "甲", "1370", "现金"))
    assert "Bank acceptance in the archive" in reasons(batch)[2, "settlement"]


@pytest.mark.duty("C1")
def test_a_district_of_a_common_name_is_the_one_of_the_city_in_its_row(owner, assistant):
    for city, code in (("北京市", "11"), ("长春市", "22")):
        above = Region.objects.create(code=code, name=city)
        Region.objects.create(code=f"{code}01", name="朝阳区", parent=above)
    head = ("客户编码", "客户名称", "城市", "区域")
    group, batch = bring(
        assistant, head, ("1", "甲", "长春", "朝阳区"), ("2", "乙", "", "1101"), ("3", "丙", "", "华东")
    )
    assert not batch.problems
    services.apply_group(group, by=assistant)
    assert [c.party.region.code for c in Customer.objects.order_by("party__code").select_related("party__region")] == [
        "2201",
        "1101",
        "HD",
    ]
    _group, batch = bring(assistant, head, ("4", "丁", "", "朝阳区"))
    assert "1101, 2201" in reasons(batch)[2, "region"]


def test_the_city_says_which_district_before_the_province_and_none_is_taken_that_lies_elsewhere(owner, assistant):
    province = Region.objects.create(code="13", name="河北省")
    other = Region.objects.create(code="33", name="浙江省")
    for code, city in (("1301", "石家庄市"), ("1309", "沧州市")):
        above = Region.objects.create(code=code, name=city, parent=province)
        Region.objects.create(code=f"{code}05", name="新华区", parent=above)
    above = Region.objects.create(code="3301", name="杭州市", parent=other)
    Region.objects.create(code="330109", name="萧山区", parent=above)
    head = ("客户编码", "客户名称", "城市", "省份", "区域")
    rows = [
        ("1", "甲", "沧州市", "河北省", "新华区"), ("2", "乙", "Hangzhou", "浙江", "萧山区"), ("3", "丙", "杭州", "浙江省", "华东"),
        ("4", "丁", "沧州市", "", "330109"), ("5", "戊", "杭州", "", "浙江省"),
    ]  # fmt: skip
    group, batch = bring(assistant, head, *rows)
    assert not batch.problems, reasons(batch)
    services.apply_group(group, by=assistant)
    found = Customer.objects.order_by("party__code").values_list("party__region__code", flat=True)
    assert list(found) == ["130905", "330109", "HD", "330109", "33"]
    _group, batch = bring(assistant, head, ("6", "己", "沧州", "", "萧山区"), ("7", "庚", "", "河北", "萧山区"))
    assert [said.partition(" does not lie in ")[2][:2] for said in reasons(batch).values()] == ["沧州", "河北"]


def test_a_ring_of_regions_that_stands_here_from_before_holds_nobody_up(owner, assistant):
    ring = Region.objects.create(code="R", name="环")
    Region.objects.filter(pk=ring.pk).update(parent=ring)
    Region.objects.create(code="R2", name="环")
    _group, batch = bring(assistant, ("客户编码", "客户名称", "城市", "区域"), ("1", "甲", "杭州", "环"))
    assert "R, R2" in reasons(batch)[2, "region"]


def test_every_wrong_reference_is_named_with_its_cell(owner, assistant):
    bad_tax = TAX_NO[:-1] + "0"
    _group, batch = bring(
        assistant, HEAD, ("1", "甲", "", "", "9999", 1, "30", "", ""), ("2", "乙", "", "", "1370", -5, "30", "", ""),
        ("3", "丙", "", "", "1370", 1, "看情况", "", ""), ("4", "丁", "", "", "1370", 1, "30", bad_tax, ""), ("1", "戊", "", "", "", "", "", "", ""),
    )  # fmt: skip
    assert set(reasons(batch)) == {(2, "owner_no"), (3, "credit_limit"), (4, "term"), (5, "tax_no"), (6, "code")}
    assert not Customer.objects.exists() and not CustomerChange.objects.exists()


@pytest.mark.duty("S11")
def test_products_bring_line_prices_and_opening_stock_as_a_movement(purchasing, manager):
    head = ("产品编码", "产品名称", "产品线", "规格", "单位", "成本价", "标价", "库存")
    group, batch = bring(
        purchasing,
        head,
        ("S10", "摩托车模型", "摩托", "1:10", "件", 48.81, 95.7, 7933.0),
        ("S11", "船", "船", "", "吨", 1, 2, 1.5),
    )
    assert (batch.kind, batch.is_opening) == ("products", True)
    services.apply_group(group, by=manager)
    product = Product.objects.with_stock().get(code="S10")
    assert (product.category.name, product.cost_price, product.list_price, product.on_hand) == (
        "摩托",
        Decimal("48.81"),
        Decimal("95.7"),
        Decimal(7933),
    )
    assert Movement.objects.get(product=product).reason == "opening"
    group, _batch = bring(purchasing, head, ("S10", "摩托车模型", "摩托", "1:10", "件", 48.81, 99, 5.0))
    services.apply_group(group, by=manager)
    product = Product.objects.with_stock().get(code="S10")
    assert (product.list_price, product.on_hand) == (Decimal(99), Decimal(7933)), (
        "what has moved is counted, not imported again"
    )


def test_salespeople_become_accounts_without_a_password(administrator):
    head = ("Salesperson No", "Name", "Job Title", "Email", "Office", "Territory", "Manager No", "Commission %")
    group, batch = bring(
        administrator, head, ("1056", "Mary", "VP Sales", "mary@example.com", "Boston", "NA", "1002", ""),
        ("1165", "Leslie", "Sales Rep", "leslie@example.com", "Boston", "NA", "1056", "3"),
    )  # fmt: skip
    assert (batch.kind, batch.problems) == ("salespeople", [])
    services.apply_group(group, by=administrator)
    mary, leslie = Person.objects.get(employee_no="1056"), Person.objects.get(employee_no="1165")
    assert (mary.roles, leslie.roles, leslie.manager) == (["manager"], ["salesperson"], mary)
    assert (leslie.username, leslie.region.name, leslie.department.name) == ("leslie", "NA", "Boston")
    assert not leslie.has_usable_password()


def test_regions_come_in_with_what_they_belong_to(administrator):
    for rows in ([("code", "name"), ("33", "浙江省")], [("code", "name", "provinceCode"), ("3301", "杭州市", "33")],
                 [("code", "name", "cityCode", "provinceCode"), ("330102", "上城区", "3301", "33")]):  # fmt: skip
        group, batch = bring(administrator, *rows, kind="regions")
        assert batch.problems == []
        services.apply_group(group, by=administrator)
    assert Region.objects.get(code="330102").parent.parent.name == "浙江省"


@pytest.mark.duty("C1")
def test_a_new_code_with_the_tax_number_or_telephone_of_another_customer_is_remarked_on_and_comes_in(
    owner, assistant, finance, client
):
    group, _batch = bring(
        assistant, HEAD, ("103", "杭州医药", "张", "0571-87654321", "1370", 0, "款到发货", TAX_NO, "")
    )
    services.apply_group(group, by=finance)
    _group, batch = bring(
        assistant, HEAD, ("103", "杭州医药", "张", "0571-87654321", "1370", "", "", TAX_NO, ""),
        ("104", "杭州医药销售", "张", "(0571) 8765 4321", "1370", "", "", TAX_NO.lower(), ""),
        ("105", "宁波医院", "李", "0574-11112222", "1370", "", "", "", ""),
        ("106", "宁波诊所", "李", "057411112222", "1370", "", "", "", ""), ("107", "象山药房", "王", "123", "1370", "", "", "", ""),
        ("108", "石浦药房", "王", "123", "1370", "", "", "", ""),
    )  # fmt: skip
    assert batch.state == State.CHECKED and not batch.problems and batch.counts["made"] == 5
    assert remarks_in_words(batch.counts) == [
        ("New customers with the tax number of another one (row → code: 3 → 103)", 1),
        ("New customers with the telephone of another one (row → code: 3 → 103, 5 → 105)", 2),
    ]
    client.force_login(assistant)
    assert "3 → 103, 5 → 105" in client.get(batch.get_absolute_url()).content.decode()
