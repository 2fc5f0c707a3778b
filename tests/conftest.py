"""The suite makes its database as the owner and then works as the program's own role, with what the role may not do."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.utils.translation import override

from backoffice.celery import app

pytest_plugins = ["tests.people_of_the_tests"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """After the database is made: every further connection works as the runtime role."""
    with django_db_blocker.unblock():
        connection.settings_dict["OPTIONS"] = {"options": "-c role=backoffice_app"}
        connection.close()
    yield
    with django_db_blocker.unblock():
        connection.settings_dict["OPTIONS"] = {}
        connection.close()


@pytest.fixture(autouse=True)
def words_in_english():
    """Tests read the words as they stand in the source; who wants Chinese asks for it."""
    with override("en"):
        yield


@pytest.fixture(autouse=True)
def nothing_left_in_the_cache():
    yield
    for each in caches.all():
        each.clear()


@pytest.fixture
def at_once(monkeypatch):
    """`at_once(TASK)`: a worker is there that does this task as soon as it is sent; what else is sent waits."""

    def work_on(task: str) -> None:
        monkeypatch.setattr("backoffice.celery._send", lambda name, args: name == task and app.tasks[name](*args))

    return work_on
