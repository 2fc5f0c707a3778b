"""What higher layers do when something happens here; they register once, when they are loaded."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import Promise

from .models import Work


@dataclass
class Hooks:
    """`on_tick()` at each reconcile; `on_alarm(key, subject, words)` in the transaction that gives something up;
    `on_work_over(work)` in the transaction that ends it."""

    on_tick: list[Callable[[], None]] = field(default_factory=list)
    on_alarm: list[Callable[[str, str | Promise, str], None]] = field(default_factory=list)
    on_work_over: list[Callable[[Work], None]] = field(default_factory=list)


HOOKS = Hooks()


def alarm(key: str, subject: str | Promise, words: str) -> None:
    """Tell the administrators once about `key`; a lazy subject is read in each one's language."""
    for tell in HOOKS.on_alarm:
        tell(key, subject, words)
