"""Calls, visits, telephone-sales plans and receptions, each state reached by real steps."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.register.models import Record
from customers.visits.models import CallPlan, Reception, Visit
from customers.visits.services import (
    Result,
    WantedItem,
    approve_reception,
    cancel_reception,
    host_reception,
    make_visit,
    plan_visit,
    save_plan,
    save_reception,
    settle_reception,
    submit_reception,
)
from tests.making_expenses import submitted_claim

DAY = datetime.timedelta(days=1)
D = Decimal


def talked(**more: Any) -> Result:
    """What one hears on an ordinary call."""
    told = {
        "outcome": "reached",
        "said": "业务平稳，月底补货",
        "business": "steady",
        "stock": "low",
        "demand": "A4 纸 20 箱",
    }
    return Result(**(told | more))


def unanswered(**more: Any) -> Result:
    return Result(outcome="no_answer", **more)


def planned_visit(party: Party, *, by: Person, days: int = 0, way: str = "call", **more: Any) -> Visit:
    """Due so many days from today; one that is overdue was planned for today and has lain since."""
    today = timezone.localdate()
    visit = plan_visit(party, by=by, way=way, due_on=max(today, today + days * DAY), **more)
    if days < 0:
        Visit.objects.filter(pk=visit.pk).update(due_on=today + days * DAY)
        visit.refresh_from_db()
    return visit


def made_visit(party: Party, *, by: Person, result: Result | None = None, **more: Any) -> Visit:
    return make_visit(planned_visit(party, by=by, **more), by=by, result=result or talked())


def running_plan(*, by: Person, days: int = 20, **more: Any) -> CallPlan:
    today = timezone.localdate()
    given = {
        "name": "春季促销",
        "starts_on": today,
        "ends_on": today + days * DAY,
        "product": None,
        "script": "先问库存。",
        "goal": None,
    }
    return save_plan(CallPlan(), by=by, given=given | more)


# ── receptions ─────────────────────────────────────────────────────────────────────────────
def item(kind: str = "meal", budget: str | int = 600, **more: Any) -> WantedItem:
    return WantedItem(
        **({"kind": kind, "on": timezone.localdate(), "people": 5, "budget": D(budget), "place": "楼外楼"} | more)
    )


def draft_reception(party: Party, *lines: WantedItem, by: Person, **more: Any) -> Reception:
    header = {
        "party": party, "purpose": "签年度合同", "dated_on": timezone.localdate(), "host": by, "guests": "张总 总经理\n李主任 采购", "guest_count": 2,
        "companion_count": 3, "companions": "王业务等",
    }  # fmt: skip
    return save_reception(Reception(), by=by, header=header | more, lines=lines or [item(), item("room", 400)])


def submitted_reception(party: Party, *lines: WantedItem, by: Person, **more: Any) -> Reception:
    return submit_reception(draft_reception(party, *lines, by=by, **more), by=by)


def approved_reception(party: Party, *lines: WantedItem, by: Person, manager: Person, **more: Any) -> Reception:
    return approve_reception(submitted_reception(party, *lines, by=by, **more), by=manager)


def hosted_reception(party: Party, *, by: Person, manager: Person, costs: tuple[int, ...] = (550, 400)) -> Reception:
    reception = approved_reception(party, by=by, manager=manager)
    spent = {line.pk: D(cost) for line, cost in zip(reception.lines.all(), costs, strict=True)}
    return host_reception(reception, by=by, costs=spent, outcome="口头答应续签", note="多一位客人")


def settled_reception(party: Party, *, by: Person, manager: Person) -> Reception:
    claim = Record.objects.get(pk=submitted_claim(by).pk)
    return settle_reception(hosted_reception(party, by=by, manager=manager), by=by, claim=claim)


def cancelled_reception(party: Party, *, by: Person) -> Reception:
    return cancel_reception(draft_reception(party, by=by), by=by, note="客人不来了")
