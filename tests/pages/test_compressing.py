"""Pages are compressed for browsers that take it; workbooks are not packed twice."""

import gzip

import pytest

from backoffice.people.models import Role
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db


def test_a_page_goes_compressed_and_a_workbook_as_it_is(client):
    client.force_login(make_person(Role.GM))
    page = client.get("/orders/?view=all", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip" and b"<html" in gzip.decompress(page.content)
    plain = client.get("/orders/?view=all")
    assert "Content-Encoding" not in plain.headers and "Accept-Encoding" in plain.headers["Vary"]
    book = client.get("/orders/?view=all&export=xlsx", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in book.headers and b"".join(book.streaming_content).startswith(b"PK")
