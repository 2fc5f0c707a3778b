"""Backup and restore by the documented commands: what comes back is equal, and what was spoilt is refused."""

import subprocess
import sys
import zipfile
from pathlib import Path
from time import monotonic

from embedded.place import ROOT
from tests.making_shipments import dispatched_shipment, make_house

from ..declare import Outcome, Run, fault


def manage(run: Run, *words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "manage.py"), *map(str, words)]
    return subprocess.run(
        command, env=run.place.env | {"BACKOFFICE_PROCESS": "faults"}, cwd=ROOT, capture_output=True, text=True
    )


def spoilt(whole: Path, how: str) -> Path:
    """The same backup with its end missing, or with a row of the books less."""
    other = whole.with_suffix(f".{how}.zip")
    if how == "cut":
        other.write_bytes(whole.read_bytes()[:-200])
        return other
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            lost = name == "tables/stock_movement"
            new.writestr(name, b"\n".join(content.split(b"\n")[1:]) if lost else content)
    return other


@fault(
    16,
    "restored into an empty database equal row by row, books in order; spoilt backups refused: 0 wrong",
    short=1,
    full=3,
    budget=200,
)
def a_backup_comes_back_equal(run: Run) -> Outcome:
    done = bad = 0
    house, told, took = make_house(), "", 0.0
    for number in run.rounds():
        for _deal in range(3):
            dispatched_shipment(house)
        whole = run.place.folder / f"backup{number}.zip"
        bad += manage(run, "backup", whole).returncode != 0
        dispatched_shipment(house)  # what is written afterwards is not in it, and does not disturb
        began = monotonic()
        drill = manage(run, "restore_drill", whole)
        took, told = monotonic() - began, (drill.stdout.strip().splitlines() or [drill.stderr[-300:]])[-1]
        bad += drill.returncode != 0
        done += 2
        if not number:  # the first time only what every night does
            continue
        bad += manage(run, "restore_drill", spoilt(whole, "cut")).returncode == 0
        bad += manage(run, "restore_drill", spoilt(whole, "short")).returncode == 0
        bad += manage(run, "restore", whole).returncode == 0  # somebody works here
        done += 3
    return Outcome(done, bad, f"drill in {took:.0f} s: {told}")
