"""`python -m benchmarks`: every row over the loaded company that DATABASE_URL leads to; `make bench` brings that company."""

import argparse
import math
import os
import sys
import time
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.utils.translation import override

AREAS = ("pages", "figures", "steps", "paper", "sheets", "web", "visits")
HERE = Path(__file__).parent
GROSS = 2.0  # in the short form a ratio may be so many times over before it fails
TRIES = 2


def main() -> int:
    asked = argparse.ArgumentParser(prog="benchmarks")
    asked.add_argument(
        "--short", action="store_true", help="a few rounds over a small company; fails where something is grossly over"
    )
    asked.add_argument("--only", default="", help="rows whose name or area holds this")
    asked.add_argument("--to", type=Path, default=None, help="the file to write")
    given = asked.parse_args()
    django.setup()
    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = "benchmarks.bare", ["*"]
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "structlog" not in name]
    results, seconds = run(given.short, given.only)
    return conclude(
        results, given.short, given.to or (None if given.only or given.short else HERE / "latest.md"), seconds
    )


def run(short: bool, only: str) -> tuple[list, float]:
    from importlib import import_module

    from benchmarks.load import Load
    from benchmarks.measuring import ROWS, Result, measure

    for area in AREAS:
        import_module(f"benchmarks.{area}")
    began, results, load = time.monotonic(), [], Load(short)
    with override("zh-hans"):
        for row in ROWS.values():
            if (
                (only and only not in row.name and only not in row.area)
                or (short and not row.in_short)
                or needs_web(row)
            ):
                continue
            try:
                result = measure(row, load, rounds=5 if short else 0)
            except Exception as error:  # noqa: BLE001 — one row that cannot be measured leaves the others their turn
                result = Result(row, 0.0, broken=f"{type(error).__name__}: {error}"[:200].replace("\n", " "))
            results.append(result)
            told = "; ".join(result.misses()) or "met"
            print(f"  {result.median:9.1f} {row.unit:<3} {result.ratio or 0:6.2f} ×  {row.name}: {told}", flush=True)
            connection.close()
    return results, time.monotonic() - began


def needs_web(row) -> bool:
    return row.area in ("web", "visits") and "BENCH_URL" not in os.environ


def conclude(results: list, short: bool, path: Path | None, seconds: float) -> int:
    from benchmarks.company import about
    from benchmarks.report import write

    if path:
        write(path, "What the program takes", about(), results, seconds=seconds)
        print(f"  written to {path}")
    if not short:
        return 0
    bad = [r.row.name for r in results if r.ratio and r.ratio > (r.row.worst or GROSS * (r.row.ratio or math.inf))]
    bad += [
        f"{r.row.name}: {told}" for r in results for told in r.misses() if told.startswith(("statements", "broken"))
    ]
    for name in bad:
        print(f"  ✗ {name}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
