"""The mail of the day: the clock is away, comes twice, loses its file, and goes over the edges of the calendar."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from unittest.mock import patch
from zoneinfo import ZoneInfo

from backoffice.jobs import cadence, reconcile, registry
from backoffice.jobs.calendar import is_working_day
from backoffice.jobs.models import DueRun, Schedule
from backoffice.jobs.registry import Job
from embedded.place import ROOT

from ..declare import Outcome, Run, fault
from ..mails import JOB, findings, is_settled, make_readers, plan_from
from ..program import PATIENCE, program_on, wait_until

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
HOURS = ("00:00", "00:30", "01:30", "02:00", "02:30", "16:50", "23:59")
EDGES = (
    date(2024, 2, 29), date(2025, 10, 1), date(2026, 1, 1), date(2026, 2, 28), date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5),
    date(2026, 10, 4), date(2026, 10, 25), date(2026, 11, 1), date(2026, 12, 31), date(2027, 1, 31), date(2028, 2, 29),
)  # fmt: skip


@fault(8, "each missed day once, said to be late, within 60 s", short=0, full=2, budget=150)
def the_clock_was_away_for_days_and_comes_back(run: Run) -> Outcome:
    """With the real clock of thirty seconds: away for three days and the sixteen minutes around the mail of today."""
    due, took, wrong, count = _sixteen_minutes_ago(), [], [], 0
    readers = make_readers()
    with program_on(run.place, DAILY_REPORT_AT=f"{due:%H:%M}") as program:
        program.mail_server()
        program.worker()
        run.set_out()
        for number in run.rounds():
            days = (0, 3)[number]  # the second time from further back: what stands is not done again
            plan_from(due - timedelta(days=days + number, minutes=1))
            periods = [str((due - timedelta(days=back)).date()) for back in range(days + number + 1)]
            program.beat()
            took.append(wait_until(partial(is_settled, periods), 2 * PATIENCE))
            program.kill("beat")
            wrong += findings(program, readers, periods)
            wrong += [f"{took[-1]:.0f} s"] if took[-1] > PATIENCE else []
            wrong += [f"{path.name} was left" for path in ROOT.glob("celerybeat*")]
            count += len(periods)
    return Outcome(count, len(wrong), "; ".join([f"handed over after at most {max(took):.0f} s", *wrong[:5]]))


@fault(8, "each day once", short=0, full=10, budget=40)
def two_clocks_run_and_one_is_killed(run: Run) -> Outcome:
    """Both tick every half second; in every third round one of them falls and comes back."""
    due, readers, periods = _sixteen_minutes_ago(), make_readers(), []
    with program_on(run.place, DAILY_REPORT_AT=f"{due:%H:%M}", FAULTS_TICK="0.5") as program:
        program.mail_server()
        program.worker()
        program.beat("beat")
        program.beat("second")
        run.set_out()
        for number in run.rounds():
            periods.append(str((due - timedelta(days=number)).date()))
            plan_from(due - timedelta(days=number, minutes=1))
            if number % 3 == 0:
                program.kill("second")
            wait_until(lambda: DueRun.objects.filter(job=JOB).count() == len(periods), 20)
            program.again("second") if number % 3 == 0 else None
        wait_until(lambda: is_settled(periods))
        wrong = findings(program, readers, periods)
    return Outcome(len(periods), len(wrong), "; ".join(wrong[:5]))


@fault(8, "each day once, at its minute", short=2, full=len(EDGES), budget=60, checks_books=False)
def the_clock_goes_over_an_edge_of_the_calendar(run: Run) -> Outcome:
    """Every half hour or after a nap, through leap days, ends of months and years, and both changes of summer time."""
    wrong, count = [], 0
    jobs = {job.name: job for job in _jobs_of_every_hour()}
    with patch.object(reconcile, "JOBS", jobs), patch.object(reconcile, "wake"):
        for number in run.rounds():
            first, last = _noon(EDGES[number] - timedelta(days=2)), _noon(EDGES[number] + timedelta(days=2))
            DueRun.objects.filter(job__in=jobs).delete()
            Schedule.objects.filter(job__in=jobs).delete()
            moment = first
            while moment < last:
                reconcile.reconcile(moment)
                moment += timedelta(minutes=29 if run.random.random() < 0.9 else 60 * run.random.randint(1, 30))
            reconcile.reconcile(last)
            written = set(DueRun.objects.filter(job__in=jobs).values_list("job", "period", "due_at"))
            owed = {row for job in jobs.values() for row in _by_hand(job, first, last)}
            count += len(owed)
            wrong += sorted(f"{what}" for what in written ^ owed)
    return Outcome(count, len(wrong), "; ".join(wrong[:5]))


def _sixteen_minutes_ago() -> datetime:
    """The due instant of today's mail, so that it is late."""
    now = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(minutes=16)
    return now.replace(second=0, microsecond=0)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _jobs_of_every_hour() -> Iterator[Job]:
    for zone in ZONES:
        for at in HOURS:
            for every in (cadence.day, cadence.working_day, cadence.month_first):
                with patch.dict(registry.JOBS):
                    name = f"{zone} {at} {every.label}"
                    registry.job(name, every=every, at=at, zone=zone)(lambda due: None)
                    yield registry.JOBS[name]


def _by_hand(job: Job, first: datetime, last: datetime) -> Iterator[tuple[str, str, datetime]]:
    """What is owed, found by walking over every minute: the first at which the wall shows the hour, or has passed it."""
    seen: set[date] = set()
    moment = first
    while moment <= last:
        wall = moment.astimezone(job.zone)
        day = wall.date()
        if wall.time() >= job.at and day not in seen:
            seen.add(day)
            before = (moment - timedelta(minutes=1)).astimezone(job.zone)
            is_now = before.date() != day or before.time() < job.at
            if moment > first and is_now and _is_due(job, day):
                yield job.name, day.strftime("%Y-%m") if job.every is cadence.month_first else str(day), moment
        moment += timedelta(minutes=1)


def _is_due(job: Job, day: date) -> bool:
    if job.every is cadence.working_day:
        return is_working_day(day)
    return job.every is cadence.day or day.day == 1
