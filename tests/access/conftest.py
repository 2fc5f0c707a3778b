"""One world for the whole module; what a question changes is undone after it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils.translation import override

from tests.access.world import World, make_world


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done inside is taken back."""
    inside = transaction.atomic()
    inside._from_testcase = True  # a durable block of the program may stand inside of it
    with inside:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patched, override("en"):
        patched.setattr("django.conf.settings.MEDIA_ROOT", tmp_path_factory.mktemp("files"))
        # The press and the pages that say why not have tests of their own, and cost the most.
        patched.setattr("backoffice.files.pdf.print_html", lambda html: b"%PDF-1.7")
        patched.setattr("backoffice.pages.errors._shown", lambda request, status, *words: HttpResponse(status=status))
        with undone():
            yield make_world()
        connection.close()


@pytest.fixture
def asked(world) -> Iterator[World]:
    with undone():
        yield world


@pytest.fixture
def caller() -> Client:
    """A fault of the program is an answer of 500 here, not an exception: it is listed with the others."""
    return Client(raise_request_exception=False)
