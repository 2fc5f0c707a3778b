"""The mail of the day: the queue is killed, emptied, full."""

import time
from datetime import timedelta

from ..declare import Outcome, Run, fault
from ..mails import LAST_DAY, copies, findings, is_settled, make_readers, owe
from ..program import PATIENCE, Program, program_on


@fault(8, "none lost, done within 60 s of its coming back", short=2, full=20, budget=120)
def the_queue_is_killed(run: Run) -> Outcome:
    """At any moment of the work, away for up to a second."""
    readers, periods = make_readers(), []
    with program_on(run.place, FAULTS_TICK="1") as program:
        program.mail_worker_and_clock()
        run.set_out()
        for number in run.rounds():
            periods.append(owe(LAST_DAY - timedelta(days=number)))
            time.sleep(run.random.random() * 1.5)
            run.place.kill("valkey")
            time.sleep(run.random.random())
            run.place.revive("valkey")
        return _after(program, readers, periods)


@fault(8, "none lost, done within 60 s", short=0, full=3, budget=30)
def the_queue_is_emptied(run: Run) -> Outcome:
    """FLUSHALL while work is on its way."""
    readers, periods = make_readers(), []
    with program_on(run.place, FAULTS_TICK="1") as program:
        program.mail_worker_and_clock()
        run.set_out()
        for number in run.rounds():
            periods.append(owe(LAST_DAY - timedelta(days=number)))
            time.sleep(run.random.random() * 2)
            run.place.redis().flushall()
        return _after(program, readers, periods)


@fault(8, "none lost, done within 60 s of there being room again", short=0, full=2, budget=30)
def the_queue_is_full(run: Run) -> Outcome:
    """`maxmemory` reached under `noeviction`: every write is refused for five seconds while days fall due."""
    readers, periods = make_readers(), []
    with program_on(run.place, FAULTS_TICK="1") as program:
        program.mail_worker_and_clock()
        run.set_out()
        for number in run.rounds():
            run.place.redis().config_set("maxmemory", "1")
            try:
                periods += [owe(LAST_DAY - timedelta(days=2 * number + more)) for more in (0, 1)]
                time.sleep(5)
            finally:
                run.place.redis().config_set("maxmemory", "0")
            time.sleep(2)
        return _after(program, readers, periods)


def _after(program: Program, readers: list, periods: list[str]) -> Outcome:
    """Back within a minute, with nobody at hand but the supervisor that every installation has."""
    took = program.supervised(lambda: is_settled(periods), 2 * PATIENCE)
    wrong = findings(program, readers, periods)
    wrong += [f"only after {took:.0f} s"] if took > PATIENCE else []
    words = f"all done {took:.0f} s after the last time, {copies(program)} copies"
    return Outcome(len(periods), len(wrong), "; ".join([words, *program.told_of_falls(), *wrong[:5]]))
