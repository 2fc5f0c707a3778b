"""What is being done, a line with a time per step."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

STARTED = time.monotonic()
_writing = threading.Lock()


class Trouble(Exception):
    """Something the person at the keyboard has to know; shown without a traceback."""


def say(text: str) -> None:
    with _writing:
        print(text, flush=True)


@contextmanager
def step(name: str) -> Iterator[list[str]]:
    """Time one step; what is appended to the list is shown behind it. The line appears when the step is done."""
    began = time.monotonic()
    notes: list[str] = []
    try:
        yield notes
    except BaseException:
        say(f"  ✗ {name}  after {time.monotonic() - began:.1f} s")
        raise
    tail = f"  ({'; '.join(notes)})" if notes else ""
    say(f"  ✓ {name:<34}{time.monotonic() - began:7.1f} s{tail}")


def total() -> float:
    return time.monotonic() - STARTED


def stop_with(text: str) -> None:
    print(f"\n{text}\n", file=sys.stderr, flush=True)
    raise SystemExit(1)
