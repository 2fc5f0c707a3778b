"""An office at work: people who enter orders one after the other over HTTP, beside a worker and a clock."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

from tests.making_shipments import House, make_house

from .browser import Answer, Away, Browser, order_form, words_of
from .declare import Run
from .mails import make_readers
from .program import Program, program_on, wait_until

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
    """Those who write, and the program they write to."""

    program: Program
    writers: list[Writer]
    stop: Event
    threads: list[Thread]

    @property
    def acknowledged(self) -> list[int]:
        """Keys of the orders that somebody was told of."""
        return [pk for writer in self.writers for pk in list(writer.acknowledged.values())]

    @property
    def errors(self) -> dict[str, int]:
        """What was shown while a server was away, and how often."""
        return dict(sum((writer.errors for writer in self.writers), Counter[str]()))

    def all_write_again(self) -> float:
        """Seconds from the moment the server takes connections until each writer has had an order acknowledged."""
        began = time.monotonic()
        wait_until(lambda: all(writer.last_at > began for writer in self.writers), 2 * BACK_WITHIN)
        return time.monotonic() - began

    def end_of_day(self) -> None:
        """Everybody finishes the order in hand."""
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def what_fell(self) -> list[str]:
        """Processes that ended, and answers that should not have been given."""
        fell = [f"{name} fell" for name in ("web", "worker", "beat") if not self.program.is_up(name)]
        return fell + [words for writer in self.writers for words in writer.other]


@contextmanager
def office_at_work(run: Run) -> Iterator[Office]:
    house = make_house(limit=None, on_hand=(10**8, 10**8))
    make_readers()
    stop = Event()
    with program_on(run.place, FAULTS_TICK="1") as program:
        program.web()
        program.mail_worker_and_clock()
        writers = [Writer(Browser(program.web_port, house.assistant), house, stop) for _ in range(WRITERS)]
        office = Office(program, writers, stop, [Thread(target=writer.work) for writer in writers])
        for thread in office.threads:
            thread.start()
        office.all_write_again()
        run.set_out()
        try:
            yield office
        finally:
            office.end_of_day()
