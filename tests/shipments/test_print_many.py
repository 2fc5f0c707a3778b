"""The papers of many rows in one PDF: a morning's delivery notes, a day's invoices (X16, X21)."""

from io import BytesIO

import pikepdf
import pytest
from django.urls import reverse

from backoffice.lists.declared import REGISTRY
from backoffice.pages.list_page import MOST_PAPERS
from backoffice.pages.paper import PaperPage, paper_page
from backoffice.people.models import Role
from tests.making_shipments import make_house, submitted_shipment
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db
HERE = "/shipments/?view=all"


def pages_of(answer) -> list[str]:
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(b"".join(answer.streaming_content))) as pdf:
        fonts = {str(font["/BaseFont"]) for page in pdf.pages for font in page.Resources.Font.values()}
        assert len(fonts) <= 2, "each font once, in one and in two weights"
        return [str(number) for number in range(len(pdf.pages))]


def post(client, *shipments, **more):
    return client.post(HERE, {"act": "print", "ids": [one.pk for one in shipments], **more})


def test_the_papers_of_chosen_rows_come_as_one_pdf(client, house):
    client.force_login(house.assistant)
    three = [submitted_shipment(house) for _ in range(3)]
    assert len(pages_of(post(client, *three[:2]))) == 2
    assert len(pages_of(post(client, all="1"))) == 3


def test_each_is_the_paper_that_is_printed_alone(client, house, monkeypatch):
    client.force_login(house.assistant)
    two, printed = [submitted_shipment(house) for _ in range(2)], []
    monkeypatch.setattr("backoffice.pages.paper.print_html", lambda *documents: printed.append(documents) or b"%PDF-")
    for one in two:
        client.get(reverse("shipments:delivery-note", args=[one.pk]))
    post(client, *two)
    assert sorted(printed[-1]) == sorted(alone for (alone,) in printed[:-1])


def test_nobody_prints_what_they_may_not_see(client, house, monkeypatch):
    shipment = submitted_shipment(house)
    monkeypatch.setattr("backoffice.pages.paper.print_html", lambda *documents: pytest.fail("printed"))
    client.force_login(make_person(Role.SALESPERSON))
    assert post(client, shipment).status_code == 302
    assert post(client, all="1").status_code == 302
    client.force_login(make_person(Role.HR))
    assert post(client, shipment).status_code == 403


def test_too_many_are_refused_in_words(client, house, monkeypatch):
    client.force_login(house.assistant)
    monkeypatch.setattr("backoffice.pages.list_page.MOST_PAPERS", 1)
    two = [submitted_shipment(house) for _ in range(2)]
    answer = client.post(HERE, {"act": "print", "ids": [one.pk for one in two]}, follow=True)
    assert "1 rows at once" in answer.content.decode() or "最多" in answer.content.decode()
    assert MOST_PAPERS > 20


@pytest.mark.parametrize("shown", [shown for shown in REGISTRY.values() if shown.paper], ids=lambda shown: shown.name)
def test_the_paper_of_a_list_is_that_of_its_rows(shown):
    page = paper_page(shown.paper)
    assert issubclass(page, PaperPage) and page.model is shown.model


@pytest.fixture
def house():
    return make_house()
