"""Two at once: acts side by side, each on a connection of its own, and what makes a race likely enough to be worth running."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from time import sleep
from unittest.mock import patch

from django.db import DatabaseError, connection
from django.utils.translation import get_language, override

from backoffice.refusals import Refused

Act = Callable[[], object]


@contextmanager
def racers(count: int = 2) -> Iterator[Callable[..., list[str]]]:
    """`with racers() as at_once: at_once(act, other)`: as many hands as acts, whose connections stay open between rounds."""
    language = get_language()

    def one(act: Act, start: Barrier) -> str:
        with override(language):
            start.wait(20)
            try:
                said = act()
                return said if isinstance(said, str) else "done"
            except (Refused, DatabaseError) as refusal:
                return type(refusal).__name__

    with ThreadPoolExecutor(count) as pool:

        def at_once(*acts: Act) -> list[str]:
            start = Barrier(len(acts))
            return list(pool.map(one, acts, [start] * len(acts)))

        try:
            yield at_once
        finally:
            leaving = Barrier(count)
            list(pool.map(lambda _hand: (leaving.wait(20), connection.close()), range(count)))


def at_once(*acts: Act) -> list[str]:
    """Run the acts side by side; for each what it said, «done», or the name of its refusal."""
    with racers(len(acts)) as run:
        return run(*acts)


@contextmanager
def pausing_after(name: str, pause: Callable[[], float]) -> Iterator[None]:
    """After the function of this dotted name everybody rests a moment: between looking and writing the other one comes in."""
    module, _dot, attribute = name.rpartition(".")
    original = getattr(__import__(module, fromlist=[attribute]), attribute)

    def rested(*args, **kwargs):
        result = original(*args, **kwargs)
        sleep(pause())
        return result

    with patch(name, rested):
        yield
