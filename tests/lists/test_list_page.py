"""The list as a page: fragment and page are one view, bulk acts answer row by row, addresses are believed only as far as they are known."""

import pytest
from django.urls import path

from backoffice.files.models import File
from backoffice.jobs.models import Work
from backoffice.jobs.works import Progress
from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.bulk import Act
from backoffice.lists.declared import List
from backoffice.lists.models import Export, SavedView
from backoffice.lists.tasks import export_list
from backoffice.pages.list_page import ListPage
from backoffice.parties.models import Party
from backoffice.people.models import Role
from backoffice.refusals import Refused
from backoffice.urls import urlpatterns as program
from tests.making import PartyFactory
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
READERS = (Role.GM, Role.SALESPERSON)


def rename(party: Party, *, by, note: str) -> None:
    if party.code == "B":
        raise Refused("B keeps its name.")
    Party.objects.filter(pk=party.pk).update(name=note)


class Parties(List):
    name = "parties-of-the-page"
    title = "Parties"
    model = Party
    columns = (c.Text("code"), c.Text("name"), c.Choice("kind"))
    filters = (f.Choice("kind"),)
    search = ("search",)
    default_order = "code"
    roles = READERS
    bulk = (Act("rename", "Rename", (Role.GM,), rename, needs_note=True),)
    views = (("Dealers", "kind=dealer"),)
    empty = "Nobody yet."


class PartiesPage(ListPage):
    list = Parties


urlpatterns = [path("parties-of-the-page/", PartiesPage.as_view()), *program]
HERE = "/parties-of-the-page/"


@pytest.fixture
def boss(client):
    person = make_person(Role.GM)
    client.force_login(person)
    return person


@pytest.fixture
def parties():
    return [PartyFactory(code=code, kind=kind) for code, kind in (("A", "company"), ("B", "dealer"), ("C", "dealer"))]


@pytest.mark.usefixtures("boss", "parties")
def test_a_fragment_is_the_same_view_without_the_frame(client):
    whole = client.get(HERE + "?kind=dealer").content.decode()
    part = client.get(HERE + "?kind=dealer", headers={"HX-Request": "true", "HX-Target": "list"}).content.decode()
    assert "<html" in whole and "<html" not in part and 'id="list"' in part
    assert part.count("<tr id=") == whole.count("<tr id=") == 2
    again = client.get(HERE, headers={"HX-Request": "true", "HX-Target": "list", "HX-History-Restore-Request": "true"})
    assert "<html" in again.content.decode()


@pytest.mark.usefixtures("boss", "parties")
def test_many_rows_are_shown_before_they_are_counted(client, monkeypatch):
    monkeypatch.setattr("backoffice.lists.declared.MANY", 2)
    whole = client.get(HERE + "?view=all").content.decode()
    assert whole.count("<tr id=") == 3 and "data-counting" in whole and 'data-count=""' in whole
    foot = client.get(
        HERE + "?p=1&figures=1", headers={"HX-Request": "true", "HX-Target": "list-foot"}
    ).content.decode()
    assert foot.lstrip().startswith('<div id="list-foot"') and 'data-count="3"' in foot and "<tr id=" not in foot
    at_once = client.get(HERE + "?p=1&figures=1").content.decode()
    assert "<html" in at_once and "data-counting" not in at_once and 'data-count="3"' in at_once


@pytest.mark.usefixtures("boss")
def test_an_unknown_parameter_is_refused_in_words(client):
    answer = client.get(HERE + "?owner__password=x")
    assert answer.status_code == 400 and "owner__password" in answer.content.decode()


@pytest.mark.duty("F9")
@pytest.mark.usefixtures("parties")
def test_other_roles_are_kept_out_of_page_fragment_export_and_acts(client):
    client.force_login(make_person(Role.WAREHOUSE))
    for query in ("", "?export=xlsx", "?peek=1"):
        assert client.get(HERE + query, headers={"HX-Request": "true", "HX-Target": "list"}).status_code == 403
    assert client.post(HERE, {"act": "rename", "all": "1", "note": "x"}).status_code == 403
    assert not Export.objects.exists()


@pytest.mark.duty("F9")
@pytest.mark.usefixtures("parties")
def test_what_is_not_visible_is_not_found_by_peek_and_not_touched_by_acts(client, parties):
    client.force_login(make_person(Role.SALESPERSON))
    assert client.get(f"{HERE}?peek={parties[0].pk}").status_code == 404
    assert client.get(f"{HERE}?peek=0001x").status_code == 404
    client.force_login(make_person(Role.SALESPERSON, Role.GM))
    assert client.get(f"{HERE}?peek={parties[0].pk}").status_code == 200


def test_an_act_on_many_rows_answers_for_each_of_them(client, boss, parties):
    answer = client.post(HERE, {"act": "rename", "ids": [p.pk for p in parties], "note": "New"})
    text = answer.content.decode()
    assert answer.status_code == 200 and "B keeps its name." in text
    assert list(Party.objects.order_by("code").values_list("name", flat=True)) == ["New", parties[1].name, "New"]


@pytest.mark.usefixtures("boss")
def test_all_of_this_filter_is_evaluated_again_on_the_server(client, parties):
    PartyFactory(code="D", kind="dealer")
    client.post(HERE + "?kind=dealer", {"act": "rename", "all": "1", "ids": [parties[0].pk], "note": "New"})
    assert set(Party.objects.filter(name="New").values_list("code", flat=True)) == {"C", "D"}


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize("sent", [{"note": ""}, {"note": "x", "ids": []}, {"note": "x", "ids": ["1 or 1"]}])
def test_an_act_without_reason_or_rows_changes_nothing(client, parties, sent):
    answer = client.post(HERE, {"act": "rename", "ids": [parties[0].pk], **sent})
    assert answer.status_code == 302 and not Party.objects.filter(name="x").exists()


@pytest.mark.usefixtures("parties")
def test_an_act_of_another_role_is_refused(client):
    client.force_login(make_person(Role.SALESPERSON))
    assert client.post(HERE, {"act": "rename", "all": "1", "note": "x"}).status_code == 400


@pytest.mark.duty("R4")
@pytest.mark.usefixtures("parties")
def test_a_saved_view_opens_first_and_stands_among_the_tabs(client, boss):
    client.post(HERE + "?kind=company", {"save_view": "Companies", "is_default": "on"})
    assert SavedView.objects.get().query == "kind=company"
    answer = client.get(HERE)
    assert answer.status_code == 302 and answer["Location"] == HERE + "?kind=company"
    assert "Companies" in client.get(HERE + "?view=all").content.decode()


@pytest.mark.usefixtures("boss")
def test_an_empty_list_says_what_belongs_there_and_a_narrowed_one_how_to_see_more(client):
    assert "Nobody yet." in client.get(HERE + "?view=all").content.decode()
    PartyFactory()
    text = client.get(HERE + "?kind=hospital").content.decode()
    assert "Nobody yet." not in text and "?view=all" in text


@pytest.mark.usefixtures("boss", "parties")
def test_an_export_comes_as_a_file_and_is_logged(client):
    answer = client.get(HERE + "?kind=dealer&export=csv")
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).count(b"\n") == 4
    assert Export.objects.get().rows == 2
    assert client.get(HERE + "?export=exe").status_code == 400


@pytest.mark.duty("F9")
@pytest.mark.usefixtures("parties")
def test_a_long_export_is_written_in_the_background_for_whoever_asked(client, boss, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("backoffice.pages.list_page.AT_A_CLICK", 1)
    answer = client.get(HERE + "?kind=dealer&export=xlsx")
    assert answer.status_code == 302 and not Export.objects.exists()
    work = Work.objects.get()
    assert export_list(Progress(work)) is None
    log, file = Export.objects.get(), File.objects.get()
    assert (log.rows, log.person, file.uploaded_by) == (2, boss, boss) and log.watermark in file.original_name
    work.by.roles = [Role.WAREHOUSE]
    with pytest.raises(Refused):
        export_list(Progress(work))
