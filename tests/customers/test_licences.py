"""Licences: registered with their scan, verified by somebody else, renewed, warned of, and what their lapse does to orders (C2)."""

import datetime

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from backoffice.audit import acting
from backoffice.database.checks import run_checks
from backoffice.outbox.models import Message, Notification
from backoffice.people.models import Role
from backoffice.refusals import Refused
from backoffice.sheets import services as sheets
from backoffice.sheets.models import Batch
from backoffice.stock.models import Category
from customers.licences.models import Licence, LicenceKind
from customers.licences.selectors import lacks, standing_of
from customers.licences.services import (
    return_licence,
    revoke_licence,
    save_kind,
    save_licence,
    submit_licence,
    verify_licence,
    warn_of_lapses,
)
from tests.making import CategoryFactory
from tests.making_customers import applied_change
from tests.making_licences import (
    a_scan,
    draft_licence,
    in_days,
    kind,
    revoked_licence,
    submitted_licence,
    verified_licence,
)
from tests.making_shipments import House, make_house
from tests.people_of_the_tests import make_person
from tests.sheets.books import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.duty("C2")]


@pytest.fixture
def house() -> House:
    return make_house()


def verified(house, **more) -> Licence:
    return verified_licence(house.customer, by=house.assistant, verified_by=house.manager, **more)


def lacking(house, *categories: int) -> list[str]:
    return [str(lack) for lack in lacks(house.party, categories=categories, on=timezone.localdate())]


def test_a_licence_counts_once_somebody_else_has_verified_it(house):
    licence = submitted_licence(house.customer, by=house.assistant)
    assert not Licence.objects.valid(timezone.localdate()).exists()
    with pytest.raises(Refused, match="You wrote this"):
        verify_licence(licence, by=house.assistant)
    done = verify_licence(licence, by=house.manager)
    assert done.state == "verified" and done.number == f"LC-{timezone.localdate().year}-000001"
    assert Licence.objects.valid(timezone.localdate()).get() == done
    assert not list(run_checks(["licences.verified"]))


def test_postgresql_verifies_nothing_without_a_second_person(house):
    licence = submitted_licence(house.customer, by=house.assistant)
    with (
        pytest.raises(DatabaseError, match="reviews"),
        transaction.atomic(),
        acting(house.manager, step="verify_licence"),
    ):
        Licence.objects.filter(pk=licence.pk).update(state="verified")


@pytest.mark.parametrize(
    ("missing", "field"), [({"with_scan": False}, "scan"), ({"external_number": ""}, "external_number")]
)
def test_without_scan_or_number_it_is_not_handed_in(house, missing, field):
    licence = draft_licence(house.customer, by=house.assistant, **missing)
    with pytest.raises(Refused) as refusal:
        submit_licence(licence, by=house.assistant)
    assert refusal.value.field == field


def test_it_does_not_end_before_it_begins(house):
    with pytest.raises(Refused, match="ends before"):
        draft_licence(house.customer, by=house.assistant, valid_from=in_days(1), valid_until=in_days(0))


def test_the_same_licence_is_on_its_way_once(house):
    licence = draft_licence(house.customer, by=house.assistant)
    with pytest.raises(Refused, match="on its way"):
        draft_licence(house.customer, by=house.assistant, external_number=licence.external_number)


def test_what_was_returned_is_mended_and_handed_in_again(house):
    licence = submitted_licence(house.customer, by=house.assistant)
    licence = return_licence(licence, by=house.manager, note="the number is another one")
    assert Notification.objects.get(person=house.assistant).topic == "licence_returned"
    licence = save_licence(
        licence, by=house.assistant, header={"external_number": "913301X"}, scan=a_scan("better.pdf")
    )
    assert verify_licence(submit_licence(licence, by=house.assistant), by=house.manager).external_number == "913301X"


def test_a_renewed_one_takes_the_place_of_the_one_before(house):
    old = verified(house, valid_until=in_days(10))
    new = verified(house, replaces=old, external_number="NEW-1")
    old.refresh_from_db()
    assert (old.state, new.state) == ("replaced", "verified")
    same_number = verified(house, external_number="NEW-1", valid_until=in_days(900))
    new.refresh_from_db()
    assert new.state == "replaced" and Licence.objects.valid(timezone.localdate()).get() == same_number


def test_billing_data_are_verified_as_they_stood_when_handed_in(house):
    party = house.party
    party.invoice_title = party.name  # the factory gives none
    licence = submitted_licence(
        with_title(house), by=house.assistant, code="BILLING", external_number="", valid_until=None, valid_from=None
    )
    assert licence.stated["tax_no"] == party.tax_no
    applied_change(house.customer, by=house.assistant, agreed_by=house.finance, bank_name="示例银行")
    with pytest.raises(Refused, match="changed meanwhile"):
        verify_licence(licence, by=house.manager)
    again = submit_licence(return_licence(licence, by=house.manager, note="other bank"), by=house.assistant)
    assert verify_licence(again, by=house.manager).stated["bank_name"] == "示例银行"


def with_title(house):
    applied_change(house.customer, by=house.assistant, agreed_by=house.finance, invoice_title=house.party.name)
    return house.customer


def test_a_lapsed_one_is_lacked_and_one_never_registered_only_where_that_is_wanted(house):
    assert lacking(house) == []
    verified(house, code="MEDICINE", external_number="ZJ-1", valid_until=in_days(-1))
    assert lacking(house) == [f"药品经营许可证 ZJ-1 lapsed on {in_days(-1)}."]
    device = kind("DEVICE")
    device.hold = LicenceKind.Hold.MISSING
    save_kind(device, by=house.manager)
    assert "No verified 医疗器械经营许可证 is on file." in lacking(house)
    verified(house, code="DEVICE")
    assert len(lacking(house)) == 1


def test_a_withdrawn_one_and_one_that_has_not_begun_do_not_count(house):
    revoked_licence(house.customer, by=house.assistant, verified_by=house.manager, code="FOOD", external_number="F-1")
    verified(house, code="DEVICE2", external_number="D-1", valid_from=in_days(5), valid_until=in_days(50))
    assert sorted(lacking(house)) == sorted(
        [
            "食品经营许可证 F-1 was withdrawn by its issuer.",
            f"第二类医疗器械经营备案凭证 D-1 is valid from {in_days(5)} only.",
        ]
    )


def test_a_kind_is_wanted_of_its_customers_for_its_goods_and_what_lies_below_them(house):
    above = CategoryFactory()
    below = CategoryFactory(parent=above)
    food = kind("FOOD")
    food.hold, food.party_kinds = LicenceKind.Hold.MISSING, ["company"]
    save_kind(food, by=house.manager, categories=[above])
    assert lacking(house) == [] and lacking(house, CategoryFactory().pk) == []
    assert lacking(house, below.pk) == ["No verified 食品经营许可证 is on file."]
    food.party_kinds = ["hospital"]
    save_kind(food, by=house.manager)
    assert lacking(house, below.pk) == [] and Category.objects.count() == 3


def test_what_matters_most_stands_first_on_the_customer_s_page(house):
    verified(house, code="MEDICINE", valid_until=in_days(20))
    verified(house, code="FOOD", valid_until=in_days(-20))
    rows = standing_of(house.party, on=timezone.localdate())
    assert [(row.kind.code, row.tone) for row in rows] == [
        ("FOOD", "bad"),
        ("MEDICINE", "warn"),
        ("BILLING", "neutral"),
    ]


@pytest.mark.parametrize(("left", "told"), [(61, 0), (60, 1), (31, 1), (30, 1), (7, 1), (0, 1), (-1, 2), (-31, 0)])
def test_warned_of_in_time_and_once(house, left, told):
    verified(house, valid_until=in_days(left))
    Notification.objects.all().delete()
    warn_of_lapses(on=timezone.localdate())
    assert warn_of_lapses(on=timezone.localdate()) == 0
    people = set(Notification.objects.values_list("person", flat=True))
    assert people == ({house.assistant.pk, house.salesperson.pk} if told else set()) | (
        {house.manager.pk} if told > 1 else set()
    )


def test_each_warning_comes_closer_than_the_one_before_and_a_machine_that_was_down_gives_the_closest(house):
    verified(house, valid_until=in_days(70))
    days = [in_days(n) for n in (5, 12, 45, 50, 66, 71, 72)]
    assert [warn_of_lapses(on=day) for day in days] == [0, 1, 1, 0, 1, 1, 0]
    assert Message.objects.filter(person=house.manager).count() == 1  # lapsed: by mail, at once


def test_who_is_not_of_the_house_neither_hears_nor_reads_of_it(house):
    verified(house, valid_until=in_days(-1))
    stranger = make_person(Role.MANAGER)
    warn_of_lapses(on=timezone.localdate())
    assert not Notification.objects.filter(person=stranger).exists()
    assert not Licence.objects.visible_to(stranger).exists()


def test_only_those_who_keep_the_kinds_change_them(house):
    with pytest.raises(Refused):
        save_kind(LicenceKind(code="X", name="X"), by=house.assistant)
    with pytest.raises(Refused, match="this code"):
        save_kind(LicenceKind(code="FOOD", name="X"), by=house.manager)


def test_withdrawing_needs_its_reason_and_tells_the_sales_side(house):
    licence = verified(house)
    with pytest.raises(Refused, match="reason"):
        revoke_licence(licence, by=house.manager)
    revoke_licence(licence, by=house.manager, note="struck off")
    assert Notification.objects.filter(topic="licence_revoked", person=house.salesperson).exists()


def test_the_customer_s_page_and_the_workbench_show_what_is_to_be_done(house, client):
    submitted_licence(house.customer, by=house.assistant, external_number="ZJ-77")
    verified(house, code="MEDICINE", external_number="ZJ-88", valid_until=timezone.localdate() + datetime.timedelta(3))
    client.force_login(house.manager)
    panel = client.get(f"/panels/licences_of_customer/{house.party.pk}/").content.decode()
    assert "ZJ-77" in panel and "lapses soon" in panel
    today = client.get("/reports/today/").content.decode()
    assert "ZJ-77" in today and "ZJ-88" in today


def test_a_company_that_goes_live_brings_its_licences_and_a_second_person_applies_them(house):
    rows = [
        ("客户编码", "证照种类", "证照编号", "发证机关", "有效期至"),
        (house.party.code, "营业执照", "91330100X", "杭州市市场监督管理局", in_days(300)),
        (house.party.code, "药品经营许可证", "ZJ-9", "", in_days(-3)),
    ]
    done = sheets.upload([("licences.xlsx", workbook(*rows))], by=house.assistant)
    sheets.check_group(done.group)
    with pytest.raises(Refused, match="somebody else"):
        sheets.apply_group(done.group, by=house.assistant)
    sheets.apply_group(done.group, by=house.manager)
    assert set(Licence.objects.values_list("external_number", "state")) == {
        ("91330100X", "verified"),
        ("ZJ-9", "verified"),
    }
    assert lacking(house) == [f"药品经营许可证 ZJ-9 lapsed on {in_days(-3)}."] and not list(
        run_checks(["licences.verified"])
    )


def test_a_row_of_nobody_or_of_no_kind_is_named_and_nothing_comes_in(house):
    rows = [("客户编码", "证照种类", "证照编号"), ("NOBODY", "营业执照", "1"), (house.party.code, "没有这种证照", "2")]
    done = sheets.upload([("licences.xlsx", workbook(*rows))], by=house.assistant, kind="licences")
    sheets.check_group(done.group)
    found = {(problem.row, problem.field) for problem in Batch.objects.get(pk=done.batches[0].pk).problems}
    assert {(2, "customer"), (3, "kind")} <= found and not Licence.objects.exists()
