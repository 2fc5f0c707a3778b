"""Jobs of the test's own, in a registry of their own."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backoffice.jobs import cadence, registry
from backoffice.jobs.models import DueRun

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)  # a Tuesday; 20:00 in Shanghai


@pytest.fixture
def jobs(monkeypatch):
    """An empty registry; `jobs(name, function, **of the job)` registers one in it."""
    known: dict[str, registry.Job] = {}
    for module in ("registry", "runs", "reconcile"):
        monkeypatch.setattr(f"backoffice.jobs.{module}.JOBS", known)

    def register(name: str, function: Any, **given: Any) -> registry.Job:
        registry.job(name, **{"every": cadence.day, "at": "17:00"} | given)(function)
        return known[name]

    return register


@pytest.fixture
def works(monkeypatch):
    known: dict[str, registry.WorkKind] = {}
    for module in ("registry", "works"):
        monkeypatch.setattr(f"backoffice.jobs.{module}.WORKS", known)
    return lambda name, function, **given: registry.work(name, **{"label": name} | given)(function)


def owe(job: str, period: str = "2026-03-10", due: datetime = NOON - timedelta(hours=3), **given: Any) -> DueRun:
    return DueRun.objects.create(job=job, period=period, due_at=due, watermark=due, not_before=due, **given)
