"""Excel in: recognised, mapped, checked with nothing written, applied all or nothing, safe to repeat."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from backoffice.parties.models import Party
from backoffice.people.models import Region, Role
from backoffice.refusals import Refused
from backoffice.register.models import Opening
from backoffice.sheets import services
from backoffice.sheets.declared import REGISTRY, Row, Run, Sheet
from backoffice.sheets.fields import Field
from backoffice.sheets.models import Batch, Remembered, State
from backoffice.stock.models import Unit
from tests.people_of_the_tests import make_person
from tests.sheets.books import workbook, workbooks

pytestmark = pytest.mark.django_db


class Deliveries(Sheet):
    """A kind of our own: documents of several lines, some of them past ones in their final state."""

    title = "Deliveries"
    order = 90
    key = ("number",)
    is_opening = True
    fields = (
        Field("number", "Number", ("Delivery No", "发货单号"), required=True),
        Field("customer", "Customer", ("Customer No",), required=True),
        Field("quantity", "Quantity", ("Qty",), kind="quantity", required=True),
        Field(
            "state", "State", ("Status",), kind="choice", choices={"Open": "open", "Shipped": "done"}, default="open"
        ),
    )

    def opens(self, rows: list[Row]) -> bool:
        return any(row["state"] == "done" for row in rows)

    def check(self, rows: list[Row], run: Run) -> None:
        known = set(Party.objects.values_list("code", flat=True))
        for row in rows:
            if row["customer"] not in known:
                run.problem(row, "customer", "There is no customer %(code)s.", code=row["customer"])

    def apply(self, rows: list[Row], run: Run) -> None:
        for lines in self.groups(rows):
            with run.row(lines[0]):
                if Region.objects.filter(code=lines[0]["number"]).exists():
                    run.same()
                    continue
                if sum(line["quantity"] for line in lines) > 1000:
                    raise Refused("More than the store holds.", field="quantity")
                Region.objects.create(code=lines[0]["number"], name=f"{len(lines)} lines")
                run.made()
            run.step(len(lines))


@pytest.fixture(autouse=True)
def deliveries():
    Deliveries.name = "deliveries"
    REGISTRY["deliveries"] = Deliveries
    yield
    del REGISTRY["deliveries"]


HEAD = ("Delivery No", "Customer No", "Qty", "Status")
C1 = {"code": "C1", "name": "一号客户", "is_customer": True}


def bring(by, *rows, name="d.xlsx", kind="deliveries"):
    done = services.upload([(name, workbook(*rows))], by=by, kind=kind)
    services.check_group(done.group)
    return done, (Batch.objects.get(pk=done.batches[0].pk) if done.batches else None)


@pytest.mark.duty("C1")
def test_masters_come_in_by_code_and_a_second_sheet_updates_them(administrator):
    done, batch = bring(administrator, ("Region Code", "区域名称"), ("HD", "华东"), ("HN", "华南"), kind="")
    assert not batch.errors
    assert (batch.kind, batch.state, batch.counts["made"]) == ("regions", State.CHECKED, 2)
    assert not Region.objects.exists(), "a check writes nothing"
    services.apply_group(done.group, by=administrator)
    assert dict(Region.objects.values_list("code", "name")) == {"HD": "华东", "HN": "华南"}
    done, batch = bring(administrator, ("Region Code", "区域名称"), ("HD", "华东大区"), ("HN", "华南"), kind="regions")
    assert (batch.counts.get("changed"), batch.counts.get("same")) == (1, 1)


def test_every_wrong_row_is_named_with_its_cell_and_nothing_is_written(administrator):
    Party.objects.create(**C1)
    rows = [
        HEAD,
        ("D1", "C1", "twelve", "Shipped"),
        ("D2", "C9", 5, "Open"),
        ("", "C1", -1, "Lost"),
        ("D4", "C1", 7, ""),
    ]
    _done, batch = bring(administrator, *rows)
    assert batch.state == State.FAILED
    found = {(problem.row, problem.field) for problem in batch.problems}
    assert found == {(2, "quantity"), (3, "customer"), (4, "number"), (4, "quantity"), (4, "state")}
    assert batch.wrong_rows == 3
    assert not Region.objects.exists()


def test_a_reason_is_read_in_the_language_of_the_reader(administrator):
    _done, batch = bring(administrator, HEAD, ("D1", "C1", "twelve", ""))
    with translation.override("en"):
        assert "is no number" in batch.problems[0].in_words()
    with translation.override("zh-hans"):
        assert "twelve" in batch.problems[0].in_words() and "is no number" not in batch.problems[0].in_words()


def test_one_wrong_line_leaves_its_whole_document_out_and_the_rest_comes_in(administrator):
    Party.objects.create(**C1)
    rows = [
        HEAD,
        ("D1", "C1", 1, ""),
        ("D1", "C1", "x", ""),
        ("D2", "C1", 2, ""),
        ("D2", "C1", 2, ""),
        ("D3", "C1", 2000, ""),
    ]
    done, batch = bring(administrator, *rows)
    with pytest.raises(Refused):
        services.apply_group(done.group, by=administrator)
    services.leave_wrong_rows_out(done.group, by=administrator, leave_out=True)
    services.check_group(done.group)
    services.apply_group(done.group, by=administrator)
    assert list(Region.objects.values_list("code", "name")) == [("D2", "2 lines")]
    batch.refresh_from_db()
    assert batch.counts["left_out"] == 3


@pytest.mark.duty("S4")
def test_past_documents_are_applied_by_somebody_else_than_who_uploaded_them(administrator, finance, assistant):
    Party.objects.create(**C1)
    done, batch = bring(administrator, HEAD, ("D1", "C1", 1, "Shipped"))
    assert batch.is_opening
    for person in (administrator, assistant):
        with pytest.raises(Refused):
            services.apply_group(done.group, by=person)
    assert not Region.objects.exists()
    services.apply_group(done.group, by=finance)
    opening = Opening.objects.get()
    assert (opening.uploaded_by, opening.applied_by) == (administrator, finance)


@pytest.mark.duty("S4")
def test_the_database_itself_refuses_past_documents_applied_by_their_uploader(administrator):
    Party.objects.create(**C1)
    _done, batch = bring(administrator, HEAD, ("D1", "C1", 1, "Shipped"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(applied_by=administrator)


def test_the_same_file_a_second_time_says_so_and_changes_nothing(administrator):
    Party.objects.create(**C1)
    done, _batch = bring(administrator, HEAD, ("D1", "C1", 1, "Open"))
    services.apply_group(done.group, by=administrator)
    again, batch = bring(administrator, HEAD, ("D1", "C1", 1, "Open"))
    assert batch is None and [one.pk for one in again.repeated] == [done.batches[0].pk]
    other, batch = bring(administrator, HEAD, ("D1", "C1", 1, "Open"), ("D2", "C1", 1, "Open"))
    assert (batch.counts["same"], batch.counts["made"]) == (1, 1)
    services.apply_group(other.group, by=administrator)
    assert Region.objects.count() == 2


def test_applying_twice_has_one_effect(administrator):
    Party.objects.create(**C1)
    done, _batch = bring(administrator, HEAD, ("D1", "C1", 1, "Open"))
    services.apply_group(done.group, by=administrator)
    assert services.apply_group(done.group, by=administrator) == []
    assert Region.objects.count() == 1


def test_what_changed_since_the_check_takes_everything_back(administrator):
    party = Party.objects.create(**C1)
    done, _batch = bring(administrator, HEAD, ("D1", "C1", 1, "Open"), ("D2", "C1", 1, "Open"))
    party.delete()
    with pytest.raises(Refused):
        services.apply_group(done.group, by=administrator)
    assert not Region.objects.exists()
    assert Batch.objects.get(pk=done.batches[0].pk).state == State.FAILED


def test_sheets_uploaded_together_are_tried_and_applied_in_their_order(administrator):
    Unit.objects.filter(name="托").delete()
    content = workbooks(
        {
            "Regions": [("Region Code", "Region Name"), ("R1", "East")],
            "单位": [("计量单位", "小数位数"), ("托", 0)],
            "Notes": [("remember",)],
        }
    )
    done = services.upload([("all.xlsx", content)], by=administrator)
    assert sorted(batch.kind for batch in done.batches) == ["regions", "units"]
    assert done.unknown == ["all.xlsx · Notes"]
    services.check_group(done.group)
    services.apply_group(done.group, by=administrator)
    assert Region.objects.get().name == "East" and Unit.objects.filter(name="托").exists()


def test_a_mapping_corrected_by_hand_is_remembered_for_the_same_headings(administrator):
    Party.objects.create(**C1)
    rows = [("Delivery No", "Buyer", "Qty"), ("D1", "C1", 1)]
    done, batch = bring(administrator, *rows)
    assert [field.name for field in services.unmapped(batch)] == ["customer"] and batch.state == State.UPLOADED
    table = services.read_tables("d.xlsx", workbook(*rows))[0]
    mapping = {**batch.mapping, "customer": {"column": "Buyer"}, "state": {"value": "Open"}}
    services.change_mapping(batch, mapping, by=administrator, table=table)
    services.check_group(done.group)
    batch.refresh_from_db()
    assert batch.state == State.CHECKED
    assert Remembered.objects.get().mapping == mapping
    again = services.upload([("e.xlsx", workbook(*rows, ("D2", "C1", 4)))], by=administrator, kind="deliveries")
    assert again.batches[0].mapping == mapping


def test_another_persons_upload_is_not_seen_by_an_assistant(administrator, assistant, finance):
    done, batch = bring(administrator, HEAD, ("D1", "C1", 1, "Open"))
    assert not Batch.objects.visible_to(assistant).filter(group=done.group).exists()
    assert Batch.objects.visible_to(finance).get() == batch


def test_who_may_not_import_this_kind_is_told_so():
    with pytest.raises(Refused):
        services.upload([("d.xlsx", workbook(HEAD))], by=make_person(Role.WAREHOUSE))
