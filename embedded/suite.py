"""`make test` and the single checks: every one is run, every one that failed is named at the end."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from . import program
from .children import Command, Household, run
from .install import install
from .packages import ASSETS, PYTHON, VENV, environment, python, tools
from .place import INSTALL_LOG as LOG
from .place import LOCAL, ROOT, alone
from .say import Trouble, say, step, total
from .system import browser

TEST = LOCAL / "test"
BIN = VENV / "bin"
TYPED = ("embedded/*.py", "backoffice/money.py", "backoffice/periods.py", "backoffice/jobs/*.py")
TYPED_BY_NAME = ("lifecycle.py", "selectors.py", "services.py", "services/*.py")


def _typed() -> list[str | Path]:
    """What house-style §7 wants checked strictly."""
    named = [f"{depth}/{name}" for depth in ("*", "*/*") for name in TYPED_BY_NAME]
    return sorted({path.relative_to(ROOT) for pattern in (*TYPED, *named) for path in ROOT.glob(pattern)})


STATIC_CHECKS: dict[str, Command] = {
    "ruff: lint": [BIN / "ruff", "check", "--quiet", "."],
    "ruff: format": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "types": [BIN / "mypy", *_typed()],
    "layers": [BIN / "lint-imports"],
    "templates": [BIN / "djlint", "--lint", "--quiet", "templates"],
}
MANAGE_CHECKS: dict[str, Command] = {
    "migrations are complete": [*program.MANAGE, "makemigrations", "--check", "--dry-run"],
    "fit for production": [*program.MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
}
PRODUCTION = {
    "BACKOFFICE_PLACE": "production",
    "ALLOWED_HOSTS": "office.example.com",
    "BASE_URL": "https://office.example.com",
}
TESTS: dict[str, Command] = {
    "tests": [PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", "-m", "not journey and not alone"],
    "tests that need the server alone": [PYTHON, "-m", "pytest", "-q", "-m", "alone"],
    "browser journeys": [PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", "-m", "journey"],
}

SHORT: dict[str, Command] = {  # each on servers of its own
    "faults, in short": [sys.executable, "-m", "embedded", "faults", "--short"],
    "measurements, in short": [sys.executable, "-m", "embedded", "bench", "--short"],
}


def test(*chosen: str) -> None:
    """The whole suite, or only the tests that are named, on services of its own."""
    with alone(LOCAL, "test"):
        node, remark = install(dev=True)
        if remark:
            raise Trouble(f"The tests make PDFs. {remark}")
        chromium = browser()
        household = Household()
        try:
            found = program.services(TEST, household, for_tests=True)
            env = program.environment(TEST, "test", {**found, "CHROMIUM": chromium}, node)
            program.compile_translations(env)
            failed = _chosen(chosen, env) if chosen else _all(env)
        finally:
            household.stop()
        failed += [] if chosen else [name for name, command in SHORT.items() if not _check(name, command, os.environ)]
    _conclude(failed)


def faults(*chosen: str) -> None:
    """What is broken on purpose, on servers of its own that may be killed without hurting anybody."""
    with alone(LOCAL, "faults"):
        node, remark = install(dev=True)
        if remark:
            raise Trouble(f"The faults make PDFs. {remark}")
        env = {
            **environment(),
            "CHROMIUM": browser(),
            "NODE": str(node),
            "ASSETS_DIR": str(ASSETS),
            "PYTHONUNBUFFERED": "1",
        }
        raise SystemExit(subprocess.run([str(PYTHON), "-m", "faults", *chosen], cwd=ROOT, env=env).returncode)


def _chosen(tests: tuple[str, ...], env: Mapping[str, str]) -> list[str]:
    return [] if _check("chosen tests", [PYTHON, "-m", "pytest", *tests], env) else ["chosen tests"]


def _all(env: Mapping[str, str]) -> list[str]:
    failed = [name for name, command in STATIC_CHECKS.items() if not _check(name, command, env)]
    failed += [name for name, command in MANAGE_CHECKS.items() if not _check(name, command, _fit(name, env))]
    return failed + [name for name, command in TESTS.items() if not _check(name, command, env)]


def _fit(name: str, env: Mapping[str, str]) -> Mapping[str, str]:
    return {**env, **PRODUCTION} if name == "fit for production" else env


def _check(name: str, command: Command, env: Mapping[str, str]) -> bool:
    began = time.monotonic()
    loud = name in (*TESTS, "chosen tests")
    if loud:
        say(f"  · {name}: {' '.join(str(part) for part in command[1:])}")
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, text=True, capture_output=not loud
    )
    well = done.returncode == 0
    if not well and not loud:
        say(done.stdout + done.stderr)
    say(f"  {'✓' if well else '✗'} {name:<34}{time.monotonic() - began:7.1f} s")
    return well


def _conclude(failed: list[str]) -> None:
    if failed:
        raise Trouble(f"Failed after {total():.0f} s: {', '.join(failed)}.")
    say(f"\nAll is well after {total():.0f} s.")


def lint() -> None:
    """The checks that need no services."""
    _ready()
    env = _without_services()
    _conclude([name for name, command in STATIC_CHECKS.items() if not _check(name, command, env)])


def format_code() -> None:
    _ready()
    for command in ([BIN / "ruff", "check", "--quiet", "--fix", "."], [BIN / "ruff", "format", "--quiet", "."]):
        subprocess.run([str(part) for part in command], cwd=ROOT, check=False)


def messages() -> None:
    """List the texts that no catalogue has, and give each its empty entry."""
    _ready()
    command = [str(part) for part in (*program.MANAGE, "messages")]
    raise SystemExit(subprocess.run(command, cwd=ROOT, env=_without_services()).returncode)


def _without_services() -> dict[str, str]:
    return program.environment(TEST, "test", {"DATABASE_URL": "postgres://nobody@127.0.0.1/none"}, Path("node"))


def lock() -> None:
    """Resolve every *.in anew, for all platforms, with hashes and without the address of any registry."""
    with alone(LOCAL, "install", waits=True):
        tools()
        common = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--upgrade"]
        for name in ("requirements", "requirements-dev", "requirements-tools"):
            with step(f"{name}.lock"):
                held = ["-c", "requirements.lock"] if name == "requirements-dev" else []
                written = ["--custom-compile-command", "make lock", "-q", f"{name}.in", "-o", f"{name}.lock"]
                run(
                    [LOCAL / "tools/bin/uv", "pip", "compile", *common, *held, *written],
                    log=LOG,
                    cwd=ROOT,
                    env=environment(),
                )
        with step("package-lock.json"):
            run(["npm", "update", "--package-lock-only", "--ignore-scripts"], log=LOG, cwd=ROOT, env=environment())


def _ready() -> None:
    with alone(LOCAL, "install", waits=True):
        python(dev=True)


def pictures(*chosen: str) -> None:
    """Pictures of the kinds of pages, from the demonstration that is up."""
    env = {**_running(), "CHROMIUM": browser()}
    _ready()
    command = [str(part) for part in (PYTHON, ROOT / "docs" / "pictures.py", *chosen)]
    raise SystemExit(subprocess.run(command, cwd=ROOT, env=env).returncode)


def manage(*arguments: str) -> None:
    """`manage.py` with the settings of the demo place while `make run` is up."""
    command = [str(part) for part in (*program.MANAGE, *arguments)]
    raise SystemExit(subprocess.run(command, cwd=ROOT, env=_running()).returncode)


def _running() -> dict[str, str]:
    """The environment of the program that `make run` has up."""
    path = LOCAL / "environment.json"
    if not path.exists():
        raise Trouble("Nothing runs here; start it with `make run`.")
    return {**os.environ, **json.loads(path.read_text())}
