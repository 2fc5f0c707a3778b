"""PostgreSQL is killed under load: what was acknowledged stands, once; the program comes back by itself."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Thread

from django.db import connection

from backoffice.jobs.models import DueRun, RunState
from orders.models import Order
from tests.making_shipments import House, make_house

from ..browser import Answer, Away, Browser, order_form, words_of
from ..declare import Outcome, Run, fault
from ..mails import JOB, LAST_DAY, make_readers, owe
from ..program import PATIENCE, Program, program_on, wait_until

WRITERS = 4
BACK_WITHIN = 30.0


@dataclass
class Writer:
    """Somebody who enters orders one after the other; an order that was not acknowledged is sent again as it is."""

    browser: Browser
    house: House
    stop: Event
    acknowledged: dict[str, int] = field(default_factory=dict)
    unsure: str = ""
    last_at: float = 0.0
    errors: Counter[str] = field(default_factory=Counter)
    other: list[str] = field(default_factory=list)

    def work(self) -> None:
        while not self.stop.is_set():
            form = order_form(self.house.customer, self.house.goods, self.house.place, then="submit")
            self.unsure = str(form["once"])
            while not self.stop.is_set() and not self.sent(form):
                time.sleep(0.2)

    def sent(self, form: dict) -> bool:
        try:
            answer = self.browser.post("/orders/new/", **form)
        except Away:
            self.errors["no answer"] += 1
            return False
        if answer.status != 302:
            self.errors[str(answer.status)] += 1
            self.look_at(answer)
            return False
        self.acknowledged[str(form["once"])] = answer.pk
        self.last_at = time.monotonic()
        return True

    def look_at(self, answer: Answer) -> None:
        """An error may be shown while the database is away (400 is Django's for a session that it could not save); a refusal never."""
        if answer.status < 500 and answer.status != 400:
            self.other.append(f"{answer.status} {words_of(answer)}")
            time.sleep(1)


@dataclass
class Office:
    """Four writers at work, and what came of it."""

    program: Program
    writers: list[Writer]
    stop: Event
    threads: list[Thread]
    backs: list[float] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)

    def lose_the_server(self, run: Run, seconds: float = 0) -> None:
        """kill -9, away for so long, put up again; how long until everybody writes."""
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")  # what we ourselves ask for must not be lost either
        self.periods.append(owe(LAST_DAY - timedelta(days=len(self.periods))))
        run.place.kill("postgres")
        time.sleep(seconds)
        run.place.revive("postgres")
        connection.close()  # ours broke too
        self.backs.append(all_write_again(self.writers))

    def end_of_day(self) -> None:
        """Everybody finishes the order in hand."""
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def judged(self) -> Outcome:
        wait_until(lambda: unfinished(self.periods) == 0, PATIENCE)
        wrong = what_is_wrong(self)
        said = sum((writer.errors for writer in self.writers), Counter[str]())
        kept = sum(len(writer.acknowledged) for writer in self.writers)
        words = (
            f"{kept} orders acknowledged; all write again after {max(self.backs):.1f} s at most; meanwhile {dict(said)}"
        )
        return Outcome(len(self.backs), len(wrong), "; ".join([words, *wrong[:5]]))


@contextmanager
def office_at_work(run: Run) -> Iterator[Office]:
    house = make_house(limit=None, on_hand=(10**8, 10**8))
    make_readers()
    stop = Event()
    with program_on(run.place, FAULTS_TICK="1") as program:
        program.web()
        program.mail_worker_and_clock()
        writers = [Writer(Browser(program.web_port, house.assistant), house, stop) for _ in range(WRITERS)]
        threads = [Thread(target=writer.work) for writer in writers]
        for thread in threads:
            thread.start()
        all_write_again(writers)
        run.set_out()
        try:
            yield Office(program, writers, stop, threads)
        finally:
            stop.set()
            for thread in threads:
                thread.join()


@fault(9, "0 acknowledged writes lost or doubled; back within 30 s without a restart", short=1, full=20, budget=150)
def postgresql_is_killed_under_load(run: Run) -> Outcome:
    """kill -9 of the server while four people enter orders and a worker issues reports; web and worker are not touched."""
    with office_at_work(run) as office:
        for _round in run.rounds():
            time.sleep(0.5 + run.random.random())
            office.lose_the_server(run)
        office.end_of_day()
        return office.judged()


@fault(9, "0 acknowledged writes lost or doubled; back within 30 s without a restart", short=0, full=34, budget=150)
def postgresql_is_away_for_so_many_seconds(run: Run) -> Outcome:
    """Long enough for whoever waits twice as long after each failure to wait too long."""
    with office_at_work(run) as office:
        office.lose_the_server(run, run.times)
        office.end_of_day()
        return office.judged()


def all_write_again(writers: list[Writer]) -> float:
    """Seconds from the moment the server takes connections until each writer has had an order acknowledged."""
    began = time.monotonic()
    wait_until(lambda: all(writer.last_at > began for writer in writers), 2 * BACK_WITHIN)
    return time.monotonic() - began


def unfinished(periods: list[str]) -> int:
    return len(periods) - DueRun.objects.filter(job=JOB, period__in=periods, state=RunState.DONE).count()


def what_is_wrong(office: Office) -> list[str]:
    acknowledged = [pk for writer in office.writers for pk in writer.acknowledged.values()]
    stand = set(Order.objects.filter(pk__in=acknowledged).exclude(state="draft").values_list("pk", flat=True))
    found = [f"order {pk} was acknowledged and is lost" for pk in acknowledged if pk not in stand]
    found += ["two forms led to one order"] if len(set(acknowledged)) != len(acknowledged) else []
    extra = Order.objects.exclude(pk__in=acknowledged).count()
    found += [f"{extra} orders too many"] if extra > WRITERS else []  # each may have had one on its way at the end
    found += [f"back only after {seconds:.0f} s" for seconds in office.backs if seconds > BACK_WITHIN]
    found += [f"{name} fell" for name in ("web", "worker", "beat") if not office.program.is_up(name)]
    found += [f"{unfinished(office.periods)} reports not issued"] if unfinished(office.periods) else []
    return found + [words for writer in office.writers for words in writer.other]
