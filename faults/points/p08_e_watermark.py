"""The mail of the day comes late and carries the figures of its due instant, whatever was done since."""

import os
import signal
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from backoffice.jobs.models import DueRun, RunState
from backoffice.jobs.runs import run_due
from backoffice.people.models import Role
from orders.models import Order
from orders.services import Wanted, approve_order, cancel_order, return_order, save_order, submit_order
from reports.models import Issued
from reports.selectors.daily import daily_performance
from tests.making_shipments import House, dispatched_shipment, make_house, receive
from tests.people_of_the_tests import make_person

from ..deaths import HOLD, Point
from ..declare import Outcome, Run, fault
from ..mails import JOB, findings, is_settled, make_readers
from ..program import program_on, wait_until

FIGURES = Point("the figures are computed", "reports.services.daily", "daily_performance", after=True)
ACTS = 6  # before the due instant, and again after it


@dataclass
class Trade:
    """A sales office at random: orders entered, handed in, approved, given back, changed, cancelled, shipped, paid."""

    house: House
    chance: Random
    other: Any = None
    open: list[Order] = field(default_factory=list)

    def act(self) -> None:
        acts = (
            self.enter,
            self.enter,
            self.approve,
            self.give_back_and_change,
            self.cancel,
            self.ship,
            self.pay,
            self.hand_in,
        )
        self.chance.choice(acts)()

    def enter(self) -> None:
        self.open.append(self._save(Order()))

    def hand_in(self) -> None:
        if order := self._one("draft"):
            submit_order(order, by=self.house.assistant)

    def approve(self) -> None:
        if order := self._one("submitted"):
            approve_order(order, by=self.house.manager)

    def give_back_and_change(self) -> None:
        """Another amount, another day or another salesperson; mostly handed in again."""
        if order := self._one("submitted"):
            order = self._save(return_order(order, by=self.house.manager, note="another price"))
            if self.chance.random() < 0.7:
                submit_order(order, by=self.house.assistant)

    def cancel(self) -> None:
        if order := self._one("submitted", "approved", "draft"):
            cancel_order(order, by=self.house.assistant, note="called off")

    def ship(self) -> None:
        if order := self._one("approved"):
            dispatched_shipment(self.house, order)

    def pay(self) -> None:
        receive(self.house, self.chance.randint(100, 9999))

    def _save(self, order: Order) -> Order:
        line = Wanted(product=self.chance.choice(self.house.goods), quantity=Decimal(self.chance.randint(1, 20)))
        header = {
            "party": self.house.party, "dated_on": timezone.localdate() - timedelta(days=self.chance.choice((0, 0, 1))),
            "warehouse": self.house.place, "term": self.house.customer.term, "delivery_address": "Wensan Road 1",
            "salesperson": self.chance.choice((self.house.salesperson, self.other)),
        }  # fmt: skip
        order = save_order(order, by=self.house.assistant, header=header, lines=[line])
        return submit_order(order, by=self.house.assistant) if self.chance.random() < 0.7 and not order.round else order

    def _one(self, *states: str) -> Order | None:
        rows = list(Order.objects.filter(pk__in=[order.pk for order in self.open], state__in=states).order_by("pk"))
        return self.chance.choice(rows) if rows else None


@fault(8, "to the cent the figures of the due instant", short=3, full=25, budget=40)
def a_late_report_says_what_stood_when_it_was_due(run: Run) -> Outcome:
    """Random trade, the due instant, random trade again; then the figures of that instant are asked for, and issued."""
    trade, wrong, figures = _trade(run), [], 0
    make_readers()
    for number in run.rounds():
        _some(trade)
        at, rows = _read(_today())
        _some(trade)
        figures += sum(len(row) for row in rows)
        if wrong_now := _differences(rows, daily_performance(on=_today(), at=at).as_json()["rows"]):
            wrong.append(f"round {number}: {wrong_now}")
    period = _owe(_today(), at)
    if not run_due(JOB, period) or Issued.objects.get(kind=JOB, period=period).figures["rows"] != rows:
        wrong.append("issued with other figures")
    return Outcome(figures, len(wrong), "; ".join(wrong[:5]))


@fault(8, "one report, of one moment", short=0, full=2, budget=60)
def a_worker_stands_still_in_the_middle_of_the_report(run: Run) -> Outcome:
    """Held while others work on: for a moment, then until its lease has run out and another has done it."""
    trade, readers, wrong, periods = _trade(run), make_readers(), [], []
    with program_on(run.place, FAULTS_TICK="1", FAULTS_AHEAD="3600") as program:
        program.mail_worker_and_clock()
        run.set_out()
        for number in run.rounds():
            day = _today() - timedelta(days=number)
            _some(trade)
            at, rows = _read(day)
            program.asked.ask(f"{day}", FIGURES, HOLD)
            periods.append(_owe(day, at))
            wait_until(lambda: not program.asked.waiting())
            _some(trade)
            if number:
                _wait_for_end(periods[-1])
            for child in _stopped_children(program.pid("worker")):
                os.kill(child, signal.SIGCONT)
            _wait_for_end(periods[-1])
            if Issued.objects.get(kind=JOB, period=periods[-1]).figures["rows"] != rows:
                wrong.append(f"round {number} has other figures")
        wait_until(lambda: is_settled(periods))
        wrong += findings(program, readers, periods)
    return Outcome(len(periods), len(wrong), "; ".join(wrong[:5]))


def _wait_for_end(period: str) -> None:
    wait_until(lambda: DueRun.objects.get(job=JOB, period=period).state == RunState.DONE)


def _today() -> date:
    return timezone.localdate()


def _trade(run: Run) -> Trade:
    house = make_house(limit=None, on_hand=(10**6, 10**6))
    other = make_person(Role.SALESPERSON, department=house.salesperson.department)
    house.assistant.serves.add(other)
    return Trade(house, run.random, other)


def _some(trade: Trade) -> None:
    for _act in range(ACTS):
        trade.act()


def _read(day: date) -> tuple[datetime, list[dict]]:
    at = timezone.now()
    return at, daily_performance(on=day, at=at).as_json()["rows"]


def _owe(day: date, at: datetime) -> str:
    """The day's run, to say what stood at that instant."""
    due = datetime.combine(day, time(0), timezone.get_current_timezone())
    DueRun.objects.create(job=JOB, period=str(day), due_at=due, watermark=at, not_before=due)
    return str(day)


def _differences(before: list[dict], after: list[dict]) -> list[str]:
    one, two = ({row["person"]: row for row in rows} for rows in (before, after))
    keys = [(person, name) for person in one | two for name in (one | two)[person]]
    return [f"{name} {value} → {other}" for person, name in keys
            if (value := one.get(person, {}).get(name)) != (other := two.get(person, {}).get(name))]  # fmt: skip


def _stopped_children(parent: int) -> list[int]:
    found = []
    for task in os.scandir("/proc"):
        if task.name.isdigit():
            words = _stat(int(task.name))
            if words[:1] == ["T"] and words[1] == str(parent):
                found.append(int(task.name))
    return found


def _stat(pid: int) -> list[str]:
    """State and parent of a process."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[:2]
    except OSError:
        return []
