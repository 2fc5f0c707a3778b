"""Numbers of documents: many writers at once, transactions that go back, connections that are killed under them."""

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from random import Random
from threading import Event, Thread
from time import sleep

from django.db import Error, connection
from django.db.models import Max

from backoffice.documents.once import once
from backoffice.numbering.models import Given, Series
from backoffice.numbering.services import next_number
from backoffice.people.models import Person, Role
from tests.people_of_the_tests import make_person

from ..declare import Outcome, Run, fault

DAY = date(2026, 3, 10)


class ChangedMind(Exception):
    """The transaction goes back after it has taken its number."""


def write(person: Person, draw, goes_back: bool) -> str:
    """One form that takes a number; a connection that breaks under it is none of the writer's business."""

    def act() -> str:
        number = draw()
        if goes_back:
            raise ChangedMind
        return number

    return once(uuid.uuid4(), by=person, path="/faults/", act=act)


def writer(person: Person, draw, rounds: int, seed: int) -> tuple[list[str], Counter[str]]:
    """What one writer was given, and the errors it was shown."""
    chance, given, shown = Random(seed), [], Counter()
    try:
        for _round in range(rounds):
            try:
                given.append(write(person, draw, chance.random() < 0.1))
            except ChangedMind:
                pass
            except Error as error:
                shown[f"{type(error).__name__}: {str(error).splitlines()[0][:80]}"] += 1
    finally:
        connection.close()
    return given, shown


@contextmanager
def connections_killed(wanted: int, seed: int):
    """Meanwhile that many connections of the program are ended by the server, those in a transaction first."""
    killed, over = [], Event()

    def kill() -> None:
        chance = Random(seed)
        with connection.cursor() as cursor:
            while len(killed) < wanted and not over.is_set():
                sleep(chance.uniform(0.01, 0.1))
                cursor.execute(
                    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user "
                    "AND pid <> pg_backend_pid() AND state <> 'idle' ORDER BY random() LIMIT 1"
                )
                if (found := cursor.fetchone()) and (cursor.execute("SELECT pg_terminate_backend(%s)", found) or True):
                    killed.append(found[0])
        connection.close()

    killer = Thread(target=kill)
    killer.start()
    try:
        yield killed
    finally:
        over.set()
        killer.join()


def written_by(writers: int, rounds: int, draw, run: Run, *, kills: int) -> tuple[list[str], Counter[str], int]:
    person = make_person(Role.ASSISTANT)
    with connections_killed(kills, run.seed) as killed, ThreadPoolExecutor(writers) as pool:
        seeds = [run.random.random() for _writer in range(writers)]
        done = list(pool.map(lambda seed: writer(person, draw, rounds, seed), seeds))
    return [number for given, _shown in done for number in given], sum((s for _g, s in done), Counter()), len(killed)


def highest_and_one() -> str:
    """How not to do it: no counter row is locked."""
    series = Series.objects.get(kind="order")
    place = (Given.objects.filter(series=series, year=DAY.year).aggregate(last=Max("place"))["last"] or 0) + 1
    Given.objects.create(series=series, year=DAY.year, place=place)
    return f"{place}"


def without_the_counter(run: Run) -> Outcome:
    writers, rounds = 10, run.times
    _given, shown, _killed = written_by(writers, rounds, highest_and_one, run, kills=0)
    return Outcome(writers * rounds, sum(shown.values()), f"{dict(shown)}")


@fault(
    2,
    "50 writers × 40 rounds, 10 % rolled back, 20 connections killed: 0 gaps, 0 doubles, 0 errors shown",
    short=4,
    full=40,
    control=without_the_counter,
    control_times=8,
)
def numbers_are_given_without_gaps(run: Run) -> Outcome:
    writers, kills = (50, 20) if run.times >= 40 else (20, 3)
    numbers, shown, killed = written_by(writers, run.times, lambda: next_number("order", on=DAY), run, kills=kills)
    places = sorted(int(number.rsplit("-", 1)[1]) for number in numbers)
    doubles = len(places) - len(set(places))
    gaps = (places[-1] if places else 0) - len(set(places))
    unknown = Given.objects.count() - len(set(places))
    words = f"{len(places)} numbers, {gaps} gaps, {doubles} doubles, {sum(shown.values())} errors shown, {killed} connections killed"
    for error, times in shown.items():
        print(f"    ! {times} × {error}", flush=True)
    return Outcome(writers * run.times, gaps + doubles + abs(unknown) + sum(shown.values()) + (killed < kills), words)
