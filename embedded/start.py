"""`make run`: from nothing to the first page, then the demo company, then watch until Ctrl-C."""

import json
import os
import subprocess
from functools import partial
from pathlib import Path

from . import program
from .children import Household, side_by_side
from .install import install
from .place import LOCAL, ROOT, Kept, alone, is_free, write
from .say import Trouble, say, step, total


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
    port = _port()
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


def _port() -> int:
    """The one that was asked for, else that of last time, else 8000 or the next that is free."""
    if asked := os.environ.get("PORT"):
        if not is_free(int(asked)):
            raise Trouble(f"Port {asked} is taken; name another one in PORT.")
        return int(asked)
    return Kept(LOCAL).port("web_port", wanted=8000)


def _fill(env: dict[str, str]) -> None:
    """The demo company, once; the command tells its own progress and the logins."""
    command = [str(part) for part in (*program.MANAGE, "demo", "--if-empty")]
    log = LOCAL / "logs" / "demo.log"
    with log.open("ab") as words:
        filling = subprocess.Popen(command, env={**env, "BACKOFFICE_PROCESS": "demo"}, cwd=ROOT, stderr=words)
    try:
        if filling.wait():
            say(f"  ! the demo company is not complete; the program runs, start again to go on (log: {log})")
    finally:
        if filling.poll() is None:
            filling.terminate()
            filling.wait()
