"""The table of what was broken and what came of it: faults/latest.md; a run of some points renews their rows and leaves the others."""

from __future__ import annotations

import fcntl
import os
import platform
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from embedded.place import LOCAL, ROOT, write

from .reasons import REASONS

if TYPE_CHECKING:
    from .runner import Row

LATEST, PARTIAL = ROOT / "faults" / "latest.md", LOCAL / "faults" / "latest.md"
HEAD = ("point", "what was done", "rounds", "seed", "goal", "result", "control", "work went on", "seconds", "on", "met")
KEY = 2  # the first cells say which row it is
DURATION = "The last run of all of them"


def write_latest(rows: list[Row], known: list[tuple[str, str]], *, is_short: bool) -> None:
    """Put these rows into the table; `known` are the (point, name) of all faults there are, in their order. The short form's is kept beside."""
    path = PARTIAL if is_short else LATEST
    with (LOCAL / "faults" / "table.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # lanes end beside each other
        there = _there(path) | {tuple(cells[:KEY]): cells for cells in map(_cells, rows)}
        write(path, "\n".join(_lines([there[key] for key in known if key in there])) + "\n")


def write_duration(minutes: float) -> None:
    """Say how long all of them took, under the head."""
    lines = [line for line in _lines_of(str(LATEST)) if not line.startswith(DURATION)]
    told = f"{DURATION} took {minutes:.1f} minutes, in two lanes, on {datetime.now().astimezone():%Y-%m-%d}."
    write(LATEST, "\n".join([*lines[:3], told, *lines[3:]]) + "\n")


def _there(path: Path) -> dict[tuple[str, ...], list[str]]:
    rows = [line[2:-2].split(" | ") for line in _lines_of(str(path)) if line[2:3].isdigit()]
    return {tuple(cells[:KEY]): cells for cells in rows if len(cells) == len(HEAD)}


def _lines(rows: list[list[str]]) -> list[str]:
    met = sum(cells[-1] == "yes" for cells in rows)
    return [
        "# What was broken on purpose",
        "",
        f"{_machine()}; {met} of {len(rows)} goals met.",
        *[line for line in _lines_of(str(LATEST)) if line.startswith(DURATION)],
        "",
        "Every row ended with `check_books` without a finding and with the goods of a new order leaving.",
        "A control is the same race with its lock off.",
        "",
        f"| {' | '.join(HEAD)} |",
        f"|{'---|' * len(HEAD)}",
        *(f"| {' | '.join(cells)} |" for cells in rows),
        "",
        *(f"* **{cells[1]}**: {REASONS[cells[1]]}" for cells in rows if cells[-1] != "yes" and cells[1] in REASONS),
    ]


def _cells(row: Row) -> list[str]:
    control = f"{row.control.bad} of {row.control.done} wrong" if row.control else "–"
    result = f"{row.outcome.bad} wrong. {row.outcome.words}".strip()
    cells = (
        str(row.fault.point), row.fault.name, f"{row.outcome.done:,}", str(row.seed), row.fault.goal, result, control,
        f"{row.progress:.1f} s", f"{row.seconds:.1f}", f"{datetime.now().astimezone():%Y-%m-%d %H:%M}", "yes" if row.is_met else "no: " + "; ".join(row.failures),
    )  # fmt: skip
    return [cell.replace("|", "\\|").replace("\n", " ") for cell in cells]


def _machine() -> str:
    names = [line for line in _lines_of("/proc/cpuinfo") if line.startswith("model name")]
    processor = names[0].split(":", 1)[1].strip() if names else platform.machine()
    return f"{os.cpu_count()} cores ({processor}), Python {platform.python_version()}"


def _lines_of(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []
