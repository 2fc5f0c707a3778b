"""Writes what was measured, so that a reader needs nothing else: date, machine, each figure beside its baselines and its goal."""

import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measuring import Result
from benchmarks.reasons import REASONS

HEAD = (
    "| work | ours | p95 | statements | baselines of the same run | ratio | goal | |\n|---|---|---|---|---|---|---|---|"
)


def number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value:,.0f} {unit}" if value >= 100 or unit != "ms" else f"{value:.1f} {unit}"


def goal_of(result: Result) -> str:
    row = result.row
    parts = [f"{'≥' if row.more_is_better else '≤'} {row.goal:g} {row.unit}"]
    parts += [f"p95 {row.p95:g}"] if row.p95 else []
    parts += [f"≤ {row.ratio:g} ×"] if row.ratio else []
    parts += [f"≤ {row.statements} statements"] if row.statements else []
    return ", ".join(parts)


def line(result: Result) -> str:
    unit, ratio = result.row.unit, result.ratio
    against = "; ".join(f"{name} {number(value, unit)}" for name, value in result.baselines.items())
    told = "; ".join(filter(None, [", ".join(result.misses()), result.remark]))
    met = "✗ " + told if result.misses() else "✓ " + told if told else "✓"
    shown = "" if ratio is None else f"{ratio:.2f}"
    counted = "" if result.statements is None else str(result.statements)
    cells = (
        result.row.name,
        f"**{number(result.median, unit)}**",
        number(result.p95, unit),
        counted,
        against,
        shown,
        goal_of(result),
        met,
    )
    return "| " + " | ".join(cells) + " |"


def machine() -> str:
    """Processor, cores, memory, system."""
    model = cores = ""
    if Path("/proc/cpuinfo").exists():
        told = Path("/proc/cpuinfo").read_text()
        model = next(
            (text.partition(":")[2].strip() for text in told.splitlines() if text.startswith("model name")), ""
        )
        cores = f"{told.count('processor')} cores, "
    memory = ""
    if Path("/proc/meminfo").exists():
        memory = f"{int(Path('/proc/meminfo').read_text().split()[1]) / 1024**2:.0f} GB, "
    return f"{model or platform.processor()}, {cores}{memory}{platform.system()} {platform.release()}, Python {platform.python_version()}"


def write(path: Path, title: str, about: str, results: Iterable[Result], *, seconds: float) -> str:
    results = list(results)
    areas = list(dict.fromkeys(result.row.area for result in results))
    missed = sum(bool(result.misses()) for result in results)
    parts = [f"# {title}\n", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {machine()} · {about}"]
    parts.append(
        f"Median of rounds in which ours and the baselines take turns. {len(results) - missed} of {len(results)} goals met; {seconds:.0f} s.\n"
    )
    for area in areas:
        of_it = [result for result in results if result.row.area == area]
        parts += [f"## {area}\n", HEAD, *map(line, of_it), ""]
        parts += [f"* **{r.row.name}**: {REASONS.get(r.row.name, '—')}" for r in of_it if r.misses()] + [""]
    text = "\n".join(parts)
    path.write_text(text, encoding="utf-8")
    return text
