"""`make run`: from nothing to the first page, then the demo company, then watch until Ctrl-C."""

import json
import os
import subprocess
from functools import partial
from pathlib import Path

from . import program
from .children import Household, side_by_side
from .install import install
from .place import LOCAL, ROOT, Kept, alone, write
from .say import say, step, total


def run() -> None:
    with alone(LOCAL, "run"):
        say("The back office, on this machine only. Ctrl-C stops everything in order.\n")
        node, remark = install(dev=False)
        household = Household()
        try:
            _up(household, node, remark)
            household.watch()
        finally:
            (LOCAL / "environment.json").unlink(missing_ok=True)
            with step("Stopped in order"):
                household.stop()


def _up(household: Household, node: Path, remark: str) -> None:
    found = program.services(LOCAL, household)
    port = Kept(LOCAL).port("web_port", wanted=int(os.environ.get("PORT", 8000)))
    found["BASE_URL"] = os.environ.get("BASE_URL", f"http://127.0.0.1:{port}")
    env = program.environment(LOCAL, os.environ.get("BACKOFFICE_PLACE", "demo"), found, node)
    ours = {name: env[name] for name in (*program.SETTINGS, *found)}
    write(LOCAL / "environment.json", json.dumps(ours, indent=1), 0o600)
    side_by_side(
        partial(program.migrate, LOCAL, env),
        partial(program.compile_translations, env),
        partial(program.collect_static, LOCAL, env),
    )
    program.web(LOCAL, household, env, port)
    say(f"\n  The first page is there after {total():.1f} s:  {found['BASE_URL']}\n")
    program.jobs(LOCAL, household, env)
    if env["BACKOFFICE_PLACE"] == "demo":
        _fill(env)
    if remark:
        say(f"  ! {remark}")
    say(f"\n  Ready after {total():.1f} s:  {found['BASE_URL']}    (mails sent: .local/mail, logs: .local/logs)\n")


def _fill(env: dict[str, str]) -> None:
    """The demo company, once; the command tells its own progress and the logins."""
    command = [*program.MANAGE, "demo", "--if-empty"]
    filling = subprocess.Popen([str(c) for c in command], env={**env, "BACKOFFICE_PROCESS": "demo"}, cwd=ROOT)
    try:
        if filling.wait():
            say("  ! the demo company could not be filled; the program runs, start again to go on")
    finally:
        if filling.poll() is None:
            filling.terminate()
            filling.wait()
