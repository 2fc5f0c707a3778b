"""`make bench`: the loaded company in a database of its own, kept between runs while its size and its tables stay what they are."""

import argparse
import os
import subprocess
from functools import partial
from pathlib import Path

from . import program
from .children import Household, side_by_side
from .install import install
from .packages import PYTHON
from .place import LOCAL, ROOT, Kept, Stamp, alone, digest
from .postgres import Postgres
from .say import Trouble, say

USUAL = 100_000
SIZES = {"short": ("--customers", "400", "--products", "300", "--orders", "2000", "--catalogue", "500")}
CATALOGUE = "495000"  # products that are only listed: half a million can be looked up


def bench(*arguments: str) -> None:
    """Bring the company up, measure, take everything down again."""
    asked = argparse.ArgumentParser(prog="make bench")
    asked.add_argument("--short", action="store_true")
    asked.add_argument("--orders", type=int, default=USUAL)
    asked.add_argument("--only", default="")
    given = asked.parse_args(arguments)
    name = "short" if given.short else "" if given.orders == USUAL else str(given.orders)
    folder = LOCAL / f"bench-{name}".rstrip("-")
    with alone(LOCAL, "bench"):
        node, remark = install(dev=True)  # the visits are made with a browser
        if remark:
            raise Trouble(f"The measurements make PDFs. {remark}")
        size = SIZES.get(name) or (
            "--orders",
            str(given.orders),
            "--customers",
            str(max(2000, given.orders // 5)),
            "--catalogue",
            CATALOGUE,
        )
        household = Household()
        try:
            env = _company(folder, household, node, size)
            code = _measure(folder, household, env, given)
        finally:
            household.stop()
        if code:
            raise SystemExit(code)


def _company(folder: Path, household: Household, node: Path, size: tuple[str, ...]) -> dict[str, str]:
    """Services, tables and the company of that size; another size or other tables begin with an empty cluster."""
    tables = sorted(path for pattern in ("*/migrations", "backoffice/*/migrations") for path in ROOT.glob(pattern))
    stamp = Stamp(
        "load",
        *size,
        digest(ROOT / "reports" / "load", *(file for path in tables for file in path.glob("0*.py"))),
        folder=folder,
    )
    folder.mkdir(mode=0o700, exist_ok=True)
    if not stamp.fits() and "DATABASE_URL" not in os.environ:
        stamp.clear()  # a company that was broken off half made must not pass for the former one
        Postgres(folder).forget()
    found = program.services(folder, household)
    env = program.environment(folder, "demo", found, node)
    side_by_side(
        partial(program.migrate, folder, env),
        partial(program.compile_translations, env),
        partial(program.collect_static, folder, env),
    )
    if not stamp.fits():
        say(f"  The company is made once: {' '.join(size)}")
        command = [str(part) for part in (*program.MANAGE, "make_load", *size)]
        subprocess.run(command, cwd=ROOT, env={**env, "BACKOFFICE_PROCESS": "load"}, check=True)
        stamp.set()
    return env


def _measure(folder: Path, household: Household, env: dict[str, str], given: argparse.Namespace) -> int:
    command = [
        str(PYTHON),
        "-m",
        "benchmarks",
        *(["--short"] if given.short else []),
        *(["--only", given.only] if given.only else []),
    ]
    if given.orders != USUAL:
        command += ["--to", str(ROOT / "benchmarks" / f"orders-{given.orders}.md")]
    env = {**env, "BACKOFFICE_PROCESS": "benchmarks", "LOG_LEVEL": "ERROR"}
    if not given.short:
        port = Kept(folder).port("web_port")
        env["BENCH_URL"] = f"http://127.0.0.1:{port}"
        program.web(folder, household, env, port)
    return subprocess.run(command, cwd=ROOT, env=env).returncode
