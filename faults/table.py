"""The table of what was broken and what came of it: faults/latest.md after a whole run."""

from __future__ import annotations

import os
import platform
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from embedded.place import LOCAL, ROOT, write

if TYPE_CHECKING:
    from .runner import Row

LATEST, PARTIAL = ROOT / "faults" / "latest.md", LOCAL / "faults" / "latest.md"
HEAD = ("point", "what was done", "rounds", "seed", "goal", "result", "control", "work went on", "seconds", "met")


def write_latest(rows: list[Row], *, seconds: float, is_whole: bool) -> None:
    """A run of single points or of the short form is kept beside, it does not replace the whole table."""
    path = LATEST if is_whole else PARTIAL
    write(path, "\n".join(_lines(rows, seconds)) + "\n")
    print(f"  the table: {path.relative_to(ROOT)}", flush=True)


def _lines(rows: list[Row], seconds: float) -> list[str]:
    met = sum(row.is_met for row in rows)
    when = f"{datetime.now().astimezone():%Y-%m-%d %H:%M}, {_machine()}"
    return [
        "# What was broken on purpose",
        "",
        f"{when}; {met} of {len(rows)} goals met in {seconds / 60:.1f} minutes.",
        "",
        "Every row ended with `check_books` without a finding and with the goods of a new order leaving.",
        "A control is the same race with its lock off.",
        "",
        f"| {' | '.join(HEAD)} |",
        f"|{'---|' * len(HEAD)}",
        *(f"| {' | '.join(_cells(row))} |" for row in rows),
    ]


def _cells(row: Row) -> list[str]:
    control = f"{row.control.bad} of {row.control.done} wrong" if row.control else "–"
    result = f"{row.outcome.bad} wrong. {row.outcome.words}".strip()
    cells = (
        str(row.fault.point), row.fault.name, f"{row.outcome.done:,}", str(row.seed), row.fault.goal, result, control,
        f"{row.progress:.1f} s", f"{row.seconds:.1f}", "yes" if row.is_met else "no: " + "; ".join(row.failures),
    )  # fmt: skip
    return [cell.replace("|", "\\|").replace("\n", " ") for cell in cells]


def _machine() -> str:
    names = [line for line in _lines_of("/proc/cpuinfo") if line.startswith("model name")]
    processor = names[0].split(":", 1)[1].strip() if names else platform.machine()
    return f"{os.cpu_count()} cores ({processor}), Python {platform.python_version()}"


def _lines_of(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []
