"""The mail of the day: the mail server is away, says «later», refuses one, takes it and never says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from django.test import override_settings
from django.utils import timezone

from backoffice.jobs.runs import run_due
from backoffice.outbox import sending
from backoffice.outbox.models import Message, MessageState
from backoffice.people.models import Role
from tests.people_of_the_tests import make_person

from ..declare import Outcome, Run, fault
from ..mails import JOB, LAST_DAY, copies, findings, make_readers, owe
from ..program import Program, program_on

TICK = timedelta(seconds=30)
TWO_HOURS = timedelta(hours=2)


class Clock:
    """The program's clock in this process, set ahead."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def ticks(self, until: timedelta) -> None:
        """As the real clock would: free what was left, send what waits, every thirty seconds."""
        while self.ahead < until:
            self.ahead += TICK
            sending.free_abandoned()
            sending.send_waiting()

    def ticks_until_sent(self) -> timedelta:
        began = self.ahead
        while Message.objects.unsent().exists() and self.ahead - began < timedelta(days=1):
            self.ticks(self.ahead + TICK)
        return self.ahead - began


@contextmanager
def clock_and_server(run: Run) -> Iterator[tuple[Clock, Program]]:
    clock, at_home = Clock(), timezone.now
    ahead = patch.object(timezone, "now", lambda: at_home() + clock.ahead)
    server = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": run.place.free_port("sink"), "EMAIL_TIMEOUT": 2}
    with program_on(run.place) as program, ahead, override_settings(**server):
        program.mail_server()
        run.set_out()
        yield clock, program


@fault(8, "none lost; sent within 2 min of its being back", short=1, full=3, budget=40)
def the_mail_server_is_away_for_two_hours(run: Run) -> Outcome:
    readers, waits, wrong, periods = make_readers(), [], [], []
    with clock_and_server(run) as (clock, program):
        for number in run.rounds():
            program.kill("sink")
            periods.append(issue(number))
            clock.ticks(clock.ahead + TWO_HOURS)
            program.again("sink")
            waits.append(clock.ticks_until_sent())
        wrong += findings(program, readers, periods)
        wrong += [f"only after {max(waits)}"] if max(waits) > timedelta(minutes=2) else []
        words = f"after {max(waits)} at most, {copies(program)} copies"
    return Outcome(len(periods) * len(readers), len(wrong), "; ".join([words, *wrong[:5]]))


@fault(8, "none lost; sent within the hour of its taking mail again", short=1, full=3, budget=40)
def the_mail_server_says_later_for_two_hours(run: Run) -> Outcome:
    readers, waits, wrong, periods = make_readers(), [], [], []
    with clock_and_server(run) as (clock, program):
        for number in run.rounds():
            program.sink.behave("4xx")
            periods.append(issue(number))
            clock.ticks(clock.ahead + TWO_HOURS)
            program.sink.behave("ok")
            waits.append(clock.ticks_until_sent())
        wrong += findings(program, readers, periods)
        wrong += [f"only after {max(waits)}"] if max(waits) > timedelta(hours=1) else []
        words = f"after {max(waits)} at most, {copies(program)} copies"
    return Outcome(len(periods) * len(readers), len(wrong), "; ".join([words, *wrong[:5]]))


@fault(8, "the others have theirs at once; the administrator is told", short=1, full=3, budget=40)
def the_mail_server_refuses_one_recipient_for_good(run: Run) -> Outcome:
    readers, administrator, wrong, periods = make_readers(), make_person(Role.ADMINISTRATOR), [], []
    with clock_and_server(run) as (clock, program):
        refused = readers.pop()
        program.sink.behave(f"5xx {refused.email}")
        for number in run.rounds():
            periods.append(issue(number))
            clock.ticks(clock.ahead + TICK)
        dead = Message.objects.filter(state=MessageState.DEAD)
        told = sum(mail.topic == "alarm" and mail.recipient == administrator.email for mail in program.sink.taken())
        gone = set(dead.values_list("recipient", "topic"))
        wrong += [] if gone == {(refused.email, JOB)} and dead.count() == told == len(periods) else [f"{gone}, {told}"]
        dead.delete()
        wrong += findings(program, readers, periods)
        words = f"{told} refused and told of"
    return Outcome(len(periods) * len(readers), len(wrong), "; ".join([words, *wrong[:5]]))


@fault(8, "none lost; a copy carries the same Message-ID", short=1, full=3, budget=40)
def the_mail_server_takes_a_mail_and_never_says_so(run: Run) -> Outcome:
    readers, wrong, periods = make_readers(), [], []
    with clock_and_server(run) as (clock, program):
        for number in run.rounds():
            periods.append(issue(number))
            program.sink.behave("hang")
            clock.ticks(clock.ahead + TICK)
            program.sink.behave("ok")
            clock.ticks_until_sent()
        wrong += findings(program, readers, periods)
        words = f"{copies(program)} copies of the same message"
    return Outcome(len(periods) * len(readers), len(wrong), "; ".join([words, *wrong[:5]]))


def issue(number: int) -> str:
    """One more day's report, its mails in the outbox."""
    period = owe(LAST_DAY - timedelta(days=number))
    if not run_due(JOB, period):
        raise AssertionError(f"{period} was not issued")
    return period
