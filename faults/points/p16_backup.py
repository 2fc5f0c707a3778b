"""Backup and restore by the documented commands: what comes back is equal, and what was spoilt is refused."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from time import monotonic

from backoffice.files.services import keep
from embedded.children import Household
from embedded.place import ROOT
from embedded.postgres import Postgres
from tests.making_shipments import dispatched_shipment, make_house

from ..declare import Outcome, Run, fault


def manage(run: Run, *words: object, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "manage.py"), *map(str, words)]
    env = run.place.env | {"BACKOFFICE_PROCESS": "faults"} | settings
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True)


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
    full=2,
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


@fault(16, "restored into an empty server with no files, equal row by row, books in order: 0 wrong", short=0, full=1)
def a_backup_comes_back_on_another_server(run: Run) -> Outcome:
    """Other processes, another port, other passwords, an empty folder of files: only the backup and the program are left."""
    whole, files = run.place.folder / "backup.zip", run.place.folder / "files of the other"
    house = make_house()
    for number in range(3):
        deal = dispatched_shipment(house)
        keep(f"{number}.pdf", b"%PDF-1.7 signed", "application/pdf", by=house.assistant, record=deal)
    bad = int(manage(run, "backup", whole).returncode != 0)
    other, household = Postgres(run.place.folder / "other"), Household()
    other.forget()
    shutil.rmtree(files, ignore_errors=True)
    try:
        found = other.start(household)
        began = monotonic()
        restored = manage(run, "restore", whole, **found, MEDIA_ROOT=str(files))
        took = monotonic() - began
        again = manage(run, "check_books", **found, MEDIA_ROOT=str(files))
    finally:
        household.stop()
        other.forget()
    bad += sum(done.returncode != 0 for done in (restored, again))
    told = (restored.stdout.strip().splitlines() or [restored.stderr[-300:]])[-1]
    return Outcome(3, bad, f"with its tables made in {took:.0f} s: {told}")
