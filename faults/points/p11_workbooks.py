"""Workbooks that mean harm, odd cells, and ten thousand mutations: refused in words that name file or cell, nothing half imported."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from random import Random
from typing import Any

from django.db import connection
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import override

from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from backoffice.sheets.models import Batch
from backoffice.sheets.passing import parse
from backoffice.sheets.services import apply_group, check_group, upload
from backoffice.sheets.views import Shown
from tests.people_of_the_tests import make_person
from tests.sheets.books import workbook
from tests.sheets.hostile import HEAD, HOSTILE, ODD, mutated

from ..declare import Outcome, Run, fault

SECONDS, MEGABYTES = 30, 512
AT_ONCE = 250  # mutations in one process


def apart(act: Callable[..., list[str]], *given: Any) -> list[str]:
    """Do it in a process of its own, as a worker would, with its time and memory; what went wrong, in words."""
    connection.close()
    with multiprocessing.get_context("fork").Pool(1) as pool:
        try:
            return pool.apply_async(limited, (act, given)).get(timeout=4 * SECONDS)
        except multiprocessing.TimeoutError:
            return [f"{given[:1]}: no answer"]


def limited(act: Callable[..., list[str]], given: tuple[Any, ...]) -> list[str]:
    began = time.process_time()
    with override("en"):
        wrong = act(*given)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if used > MEGABYTES:
        wrong.append(f"{given[:1]}: {used:.0f} MB")
    if time.process_time() - began > SECONDS:
        wrong.append(f"{given[:1]}: {time.process_time() - began:.0f} s")
    return wrong


def brought_in(name: str, content: bytes, by: Person, second: Person) -> tuple[int, list[str]]:
    """How many customers became of it, and every cell that was named; a refusal of the whole file is raised."""
    before = Party.objects.count()
    done = upload([(f"{name}.xlsx", content)], by=by, kind="customers")
    check_group(done.group)
    batches = list(Batch.objects.filter(group=done.group).select_related("file"))
    if batches and all(batch.can_apply for batch in batches):
        apply_group(done.group, by=second)
    cells = [line["cells"] or f"row {line['row']}" for batch in batches for line in Shown(batch).lines]
    return Party.objects.count() - before, cells


def hostile(name: str, by: Person, second: Person) -> list[str]:
    try:
        brought_in(name, HOSTILE[name], by, second)
    except Refused as refusal:
        return [] if f"{name}.xlsx" in str(refusal) else [f"{name}: «{refusal}» does not name the file"]
    return [f"{name}: was taken"]


def odd(name: str, by: Person, second: Person) -> list[str]:
    content, cell, makes = ODD[name]
    Party.objects.filter(code__startswith="X").update(code=Concat(Value("GONE"), Cast("pk", CharField())))
    made, cells = brought_in(name, content, by, second)
    if made != makes or (cell and cell not in " ".join(cells).split()):
        return [f"{name}: made {made}, named {cells}"]
    return []


def mutations(seed: int, count: int, by: Person, second: Person) -> list[str]:
    """Each is read and its cells are understood; every tenth goes the whole way. All or nothing of it is here afterwards."""
    chance, wrong = Random(seed), []
    for number in range(count):
        rows = [(f"M{seed}-{number}-{n}", f"名{n}", n * 100, "2026-05-01") for n in range(12)]
        content = mutated(workbook(HEAD, *rows), chance)
        try:
            if number % 10:
                for batch in upload([("m.xlsx", content)], by=by, kind="customers").batches:
                    parse(batch)
            else:
                made, cells = brought_in("m", content, by, second)
                if made and cells:
                    wrong.append(f"seed {seed}, mutation {number}: made {made} though {cells} are wrong")
        except Refused:
            continue
        except Exception as error:  # whatever it is, a person would see a traceback
            wrong.append(f"seed {seed}, mutation {number}: {type(error).__name__} {error}")
    return wrong


def two_people() -> tuple[Person, Person]:
    return make_person(Role.ADMINISTRATOR), make_person(Role.FINANCE)


@fault(
    11,
    f"hostile workbooks and odd cells: words that name the file or the cell, nothing half imported, each within {SECONDS} s and {MEGABYTES} MB",
    short=1,
    full=1,
    budget=240,
)
def hostile_and_odd_workbooks_are_refused_in_words(run: Run) -> Outcome:
    by, second = two_people()
    wrong = [words for name in HOSTILE for words in apart(hostile, name, by, second)]
    wrong += [words for name in ODD for words in apart(odd, name, by, second)]
    return Outcome(len(HOSTILE) + len(ODD), len(wrong), "; ".join(wrong[:5]))


@fault(11, "10,000 mutations of a workbook: no traceback, nothing half imported", short=1, full=40, budget=420)
def mutated_workbooks_end_in_words(run: Run) -> Outcome:
    by, second = two_people()
    wrong, done = [], 0
    for _round in run.rounds():
        wrong += apart(mutations, run.random.randrange(10**9), AT_ONCE, by, second)
        done += AT_ONCE
    return Outcome(done, len(wrong), "; ".join(wrong[:5]))
