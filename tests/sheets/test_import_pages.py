"""The pages of the imports: upload, columns, result, apply by two people; another's upload is not found."""

import io
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from python_calamine import CalamineWorkbook

from backoffice.jobs.models import Work
from backoffice.jobs.works import run_work
from backoffice.outbox.models import Notification
from backoffice.parties.models import Party
from backoffice.people.models import Region, Role
from backoffice.sheets.declared import REGISTRY
from backoffice.sheets.models import Batch, State
from backoffice.stock.models import Warehouse
from tests.people_of_the_tests import make_person
from tests.sheets.books import workbook
from tests.sheets.test_import_workbook import C1, HEAD, Deliveries

pytestmark = pytest.mark.django_db(transaction=True)
REGIONS = [("Region Code", "区域名称"), ("HD", "华东"), ("HN", "华南")]


@pytest.fixture(autouse=True)
def kept_in(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    Deliveries.name = "deliveries"
    REGISTRY["deliveries"] = Deliveries
    with mock.patch("backoffice.jobs.works.wake"):
        yield
    del REGISTRY["deliveries"]


def send(client, *rows, name="w.xlsx", kind=""):
    return client.post("/imports/", {"files": SimpleUploadedFile(name, workbook(*rows)), "kind": kind})


def work():
    """What the worker would do now."""
    for waiting in Work.objects.filter(state="waiting").order_by("pk"):
        assert run_work(waiting.pk)


@pytest.mark.duty("C1")
def test_a_workbook_goes_from_the_drop_box_to_applied(client):
    person = make_person(Role.ADMINISTRATOR)
    client.force_login(person)
    answer = send(client, *REGIONS)
    page = answer["Location"]
    assert "every 1s" in client.get(page).content.decode()
    work()
    assert not Region.objects.exists()
    assert client.get(page, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    client.post(page, {"act": "apply"})
    work()
    assert Region.objects.count() == 2 and Batch.objects.get().state == State.APPLIED
    assert Work.objects.order_by("-pk")[0].result_url == page
    assert "HX-Refresh" not in client.get(page).headers


def test_columns_that_nobody_knows_are_named_by_the_person_and_then_checked(client):
    client.force_login(make_person(Role.ADMINISTRATOR))
    unknown = ("仓库代码", "叫什么"), ("W1", "主仓")
    assert send(client, *unknown)["Location"] == "/imports/"
    page = send(client, *unknown, kind="warehouses")["Location"]
    batch = Batch.objects.get()
    assert not Work.objects.exists(), "what is not mapped is not checked"
    mapping = f"/imports/sheet/{batch.pk}/columns/"
    assert "叫什么" in client.get(mapping).content.decode()
    client.post(
        mapping,
        {
            "kind": "warehouses",
            "column-code": "仓库代码",
            "column-name": "叫什么",
            "value-address": "杭州",
            "column-evil": "x",
        },
    )
    work()
    client.post(page, {"act": "apply"})
    work()
    assert Warehouse.objects.filter(code="W1", name="主仓", address="杭州").exists()


def test_the_marked_workbook_names_what_is_wrong_and_can_be_uploaded_again(client):
    client.force_login(make_person(Role.ADMINISTRATOR, language="en"))
    send(client, *REGIONS, ("", "nameless"))
    work()
    batch = Batch.objects.get()
    for query, lines in (("", 4), ("?rows=wrong", 2)):
        content = client.get(f"/imports/sheet/{batch.pk}/errors.xlsx{query}").content
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        assert len(rows) == lines and rows[0][0] == "errors" and "empty" in rows[-1][0]
    again = client.post("/imports/", {"files": SimpleUploadedFile("again.xlsx", content)})
    assert again["Location"] != "/imports/" and Batch.objects.count() == 2


@pytest.mark.duty("S4")
def test_past_documents_are_applied_by_a_second_person_on_the_page(client):
    uploader, second = make_person(Role.ADMINISTRATOR), make_person(Role.FINANCE)
    Party.objects.create(**C1)
    client.force_login(uploader)
    page = send(client, HEAD, ("D1", "C1", 1, "Shipped"))["Location"]
    work()
    assert (
        Notification.objects.filter(person=second, url=page).exists()
        and not Notification.objects.filter(person=uploader, url=page, topic="import_waits").exists()
    )
    client.post(page, {"act": "apply"})
    assert not Work.objects.filter(kind="apply_import").exists()
    client.force_login(second)
    client.post(page, {"act": "apply"})
    work()
    assert Region.objects.filter(code="D1").exists() and Batch.objects.get().applied_by == second


@pytest.mark.duty("F9")
def test_anothers_upload_is_not_found(client):
    client.force_login(make_person(Role.ADMINISTRATOR))
    page = send(client, *REGIONS)["Location"]
    pk = Batch.objects.get().pk
    client.force_login(make_person(Role.ASSISTANT))
    for address in (page, f"/imports/sheet/{pk}/columns/", f"/imports/sheet/{pk}/errors.xlsx"):
        assert client.get(address).status_code == 404
        assert client.post(address, {"act": "withdraw"}).status_code in (404, 405)
    client.force_login(make_person(Role.SALESPERSON))
    for address in ("/imports/", "/imports/template/regions.xlsx", "/imports/all/"):
        assert client.get(address).status_code == 403
    assert client.get(page).status_code in (403, 404)


def test_an_upload_that_is_no_workbook_is_refused_in_words_and_keeps_nothing(client):
    client.force_login(make_person(Role.ADMINISTRATOR))
    answer = client.post("/imports/", {"files": SimpleUploadedFile("bad.xlsx", b"MZ\x90")}, follow=True)
    assert "bad.xlsx" in answer.content.decode() and not Batch.objects.exists()
    assert client.post("/imports/", {}, follow=True).status_code == 200


def test_a_template_has_the_headings_that_are_recognised_again(client):
    client.force_login(make_person(Role.ADMINISTRATOR))
    for kind in ("regions", "units", "product_lines"):
        content = client.get(f"/imports/template/{kind}.xlsx").content
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        heading = book.get_sheet_by_index(0).to_python()[0]
        assert len(heading) == len(REGISTRY[kind].fields)
    assert client.get("/imports/template/nothing.xlsx").status_code == 404


def test_the_command_checks_applies_and_asks_for_the_second_person(tmp_path, capsys):
    by, second = make_person(Role.ADMINISTRATOR), make_person(Role.FINANCE)
    file = tmp_path / "regions.xlsx"
    file.write_bytes(workbook(*REGIONS))
    call_command("import_workbook", str(file), "--by", by.username)
    assert not Region.objects.exists()
    call_command("import_workbook", str(file), "--by", by.username, "--second", second.username, "--apply")
    assert Region.objects.count() == 2
    call_command("import_workbook", str(file), "--by", by.username, "--apply")
    assert "applied before" in capsys.readouterr().out
    file.write_bytes(workbook(*REGIONS, ("", "x")))
    with pytest.raises(CommandError):
        call_command("import_workbook", str(file), "--by", by.username, "--apply")
    with pytest.raises(CommandError):
        call_command("import_workbook", str(file), "--by", "nobody")
