"""What is written down of each event: one JSON line, in UTC, without secrets, and nobody can forge a second one."""

import json
import logging

import pytest
from django.test import Client

from backoffice.logs import logging_config
from tests.people_of_the_tests import make_person


@pytest.fixture
def lines():
    """What the program's own formatter makes of the events of a test."""
    wanted = dict(logging_config("INFO")["formatters"]["json"])
    handler = logging.StreamHandler()
    handler.setFormatter(wanted.pop("()")(**wanted))
    records: list[str] = []
    handler.emit = lambda record: records.append(handler.format(record))
    root = logging.getLogger()
    root.addHandler(handler)
    before = root.level
    root.setLevel(logging.INFO)
    yield records
    root.setLevel(before)
    root.removeHandler(handler)


def test_what_is_secret_never_reaches_a_log(lines):
    logging.getLogger("backoffice").info("trying redis://:hunter2@queue/0")
    assert "hunter2" not in lines[-1] and "•••" in lines[-1]


def test_a_line_break_in_a_value_makes_no_second_line(lines):
    logging.getLogger("backoffice").warning('a\n{"event": "forged"}')
    assert "\n" not in lines[-1] and json.loads(lines[-1])["event"].startswith("a\n")


@pytest.mark.django_db
def test_signing_in_and_refusals_are_written_down(lines, department):
    person = make_person("salesperson", department=department, username="lin")
    person.set_password("a quiet pond at noon")
    person.save()
    client = Client()
    client.post("/accounts/login/", {"login": "lin", "password": "wrong"})
    client.post("/accounts/login/", {"login": "lin", "password": "a quiet pond at noon"})
    assert client.get("/control/people/").status_code == 403
    text = "\n".join(lines)
    assert "403" in text and "/control/people/" in text
    assert all(json.loads(line)["timestamp"].endswith("Z") for line in lines)
    assert "quiet pond" not in text and any("axes" in json.loads(line).get("logger", "") for line in lines)
