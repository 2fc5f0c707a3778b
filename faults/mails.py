"""The mail of the day as the faults see it: what is owed, whether all of it is settled, and what is wrong with it."""

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from backoffice.jobs.models import DueRun, Holiday, RunState, Schedule
from backoffice.outbox.models import Message, MessageState
from backoffice.people.models import Person, Role
from reports.models import Issued
from tests.people_of_the_tests import make_person

from .program import Program

JOB = "daily_performance"
LAST_DAY = date(2026, 3, 10)


def make_readers() -> list[Person]:
    """Who gets the mail: the general manager and two in finance."""
    return [make_person(role) for role in (Role.GM, Role.FINANCE, Role.FINANCE)]


def owe(on: date) -> str:
    """Write the day's run down as due; its period."""
    due = datetime.combine(on, time(16, 50), ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)
    DueRun.objects.create(job=JOB, period=on.isoformat(), due_at=due, watermark=due, not_before=due)
    return on.isoformat()


def plan_from(moment: datetime) -> None:
    """The clock was seen last at this moment; every day since then is a working day."""
    day = moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    while day <= datetime.now(ZoneInfo(settings.TIME_ZONE)).date():
        Holiday.objects.update_or_create(day=day, defaults={"is_working": True})
        day += timedelta(days=1)
    Schedule.objects.update_or_create(job=JOB, defaults={"planned_until": moment})


def is_settled(periods: Collection[str]) -> bool:
    """Every run is done and nothing waits in the outbox."""
    done = DueRun.objects.filter(job=JOB, period__in=periods, state__in=(RunState.DONE, RunState.DEAD)).count()
    return done == len(periods) and not Message.objects.unsent().exists()


def findings(program: Program, readers: list[Person], periods: Collection[str]) -> list[str]:
    """What is wrong: a day not issued once, a mail lost, given up, written twice or not said to be late."""
    found = []
    states = dict(DueRun.objects.filter(job=JOB, period__in=periods).values_list("period", "state"))
    issued = list(Issued.objects.filter(kind=JOB, period__in=periods).values_list("period", flat=True))
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    for mail in program.sink.taken():
        if mail.topic == JOB:
            ids[mail.subject[-10:], mail.recipient].add(mail.message_id)
            if "Late" not in mail.subject or mail.attachments != 1:
                found.append(f"«{mail.subject}» with {mail.attachments} files")
    for period in periods:
        if states.get(period) != RunState.DONE or issued.count(period) != 1:
            found.append(f"{period} is {states.get(period)} and was issued {issued.count(period)} times")
        for person in readers:
            if len(ids[period, person.email]) != 1:
                found.append(f"{period} → {person.email}: {len(ids[period, person.email])} messages")
    found += [f"{mail} {mail.error}" for mail in Message.objects.filter(state=MessageState.DEAD)]
    return found


def copies(program: Program) -> int:
    """How many mails came a second time, as the same message."""
    taken = [(mail.message_id, mail.recipient) for mail in program.sink.taken()]
    return len(taken) - len(set(taken))
