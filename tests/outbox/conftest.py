"""The outbox hands its mails to a real server."""

from tests.sink import smtp  # noqa: F401 — a fixture of these tests
