"""The mail of the day: the worker dies at every named point, alone or with all its children."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from backoffice.jobs.models import DueRun

from ..deaths import CHILD, POINTS, TICK, TICKS, WHOLE, Point
from ..declare import Outcome, Run, fault
from ..mails import JOB, LAST_DAY, copies, findings, is_settled, make_readers, owe
from ..program import Program, program_on, wait_until

AT_ONCE = 3  # rounds whose deaths are asked for together: each day's run has its own
PATIENCE = 400  # seconds for so many reports, each written twice and more


@fault(8, "none lost; once per recipient under one Message-ID", short=1, full=20, budget=480)
def the_worker_is_killed_at_each_of_eighteen_points(run: Run) -> Outcome:
    """Each day's mail meets one death on its way; two pool children work and die side by side."""
    readers, days, dead = make_readers(), _days(), 0
    with program_on(run.place, FAULTS_TICK="1") as program:
        program.mail_worker_and_clock()
        run.set_out()
        periods: list[str] = []
        rounds = iter(run.rounds())
        while together := len(list(islice(rounds, AT_ONCE))):
            for point in POINTS * together:
                periods.append(_ask(program, next(days), point, CHILD))
            wait_until(lambda: is_settled(periods), PATIENCE)
            dead += together * len(POINTS) - len(program.asked.waiting())
        wrong = findings(program, readers, periods) + program.asked.waiting()
        again = DueRun.objects.filter(job=JOB, attempts__gt=1).count()
        words = f"{dead} killed, {again} runs begun again, {copies(program)} copies of the same message"
    return Outcome(len(periods), len(wrong), "; ".join([words, *wrong[:5]]))


@fault(8, "none lost; once per recipient under one Message-ID", short=0, full=10, budget=80)
def the_whole_worker_is_killed_at_ten_of_the_points(run: Run) -> Outcome:
    """Parent and children at once, as by the kernel when memory runs out; a supervisor puts it up again."""
    readers, days, periods = make_readers(), _days(), []
    with program_on(run.place, FAULTS_TICK="1") as program:
        program.mail_worker_and_clock()
        run.set_out()
        points = list(POINTS)
        run.random.shuffle(points)
        for number in run.rounds():
            periods.append(_ask(program, next(days), points[number], WHOLE))
            wait_until(lambda: not program.is_up("worker"))
            program.again("worker")
        wait_until(lambda: is_settled(periods))
        wrong = findings(program, readers, periods) + program.asked.waiting()
        words = f"{copies(program)} copies of the same message"
    return Outcome(len(periods), len(wrong), "; ".join([words, *wrong[:5]]))


@fault(8, "the next tick does it", short=0, full=10, budget=40)
def whoever_takes_the_tick_is_killed(run: Run) -> Outcome:
    """The clock's own work dies at four points while days fall due."""
    readers, days, periods = make_readers(), _days(), []
    with program_on(run.place, FAULTS_TICK="0.5") as program:
        program.mail_worker_and_clock()
        run.set_out()
        for number in run.rounds():
            program.asked.ask(TICK, TICKS[(0, 2, 3)[number % 3]])
            periods.append(owe(next(days)))
            wait_until(lambda: not program.asked.waiting())
        wait_until(lambda: is_settled(periods))
        wrong = findings(program, readers, periods) + program.asked.waiting()
    return Outcome(len(periods), len(wrong), "; ".join(wrong[:5]))


def _ask(program: Program, day, point: Point, how: str) -> str:
    program.asked.ask(day.isoformat(), point, how)
    return owe(day)


def _days() -> Iterator:
    day = LAST_DAY
    while True:
        yield day
        day -= timedelta(days=1)
