"""The program itself on services that are already there: its environment, its preparation, its processes."""

import os
import signal
import socket
from pathlib import Path

from . import valkey
from .children import Household, Service, run
from .packages import ASSETS, PYTHON, VENV
from .place import LOCAL, ROOT, Kept, Stamp, alone, digest
from .postgres import Postgres
from .say import say, step

SETTINGS = ("BACKOFFICE_PLACE", "BACKOFFICE_LOCAL_DIR", "SECRET_KEY", "ASSETS_DIR", "NODE", "STATIC_ROOT", "MEDIA_ROOT")
MANAGE: list[str | Path] = [PYTHON, ROOT / "manage.py"]


def services(folder: Path, household: Household, for_tests: bool = False) -> dict[str, str]:
    """Addresses of database, queue and mail: those of the environment where given, else embedded ones."""
    found = {}
    if own := os.environ.get("DATABASE_URL"):
        found["DATABASE_URL"] = own
        found["OWNER_DATABASE_URL"] = os.environ.get("OWNER_DATABASE_URL", own)
        say(
            "  · PostgreSQL from DATABASE_URL"
            + ("" if "OWNER_DATABASE_URL" in os.environ else " (also to migrate: no OWNER_DATABASE_URL)")
        )
    else:
        postgres = Postgres(folder, for_tests)
        if for_tests:
            postgres.forget()
            household.afterwards.append(postgres.forget)
        found |= postgres.start(household)
    if own := os.environ.get("REDIS_URL"):
        found["REDIS_URL"] = own
        say("  · Redis from REDIS_URL")
    else:
        found["REDIS_URL"] = valkey.start(folder, household, for_tests)
    if own := os.environ.get("EMAIL_URL"):
        found["EMAIL_URL"] = own
        say("  · mail server from EMAIL_URL")
    elif not for_tests:
        found["EMAIL_URL"] = mail_sink(folder, household)
    return found


def mail_sink(folder: Path, household: Household) -> str:
    with step("Mail sink") as notes:
        port = Kept(folder).port("mail_port")
        sink = Service("mail", [PYTHON, "-m", "embedded.sink", folder / "mail", str(port)], folder=folder, patience=3)
        household.add(sink, lambda: _listens(port))
        notes.append(f"mails become files in {_short(folder / 'mail')}")
    return f"smtp://127.0.0.1:{port}"


def environment(folder: Path, place: str, found: dict[str, str], node: Path) -> dict[str, str]:
    """Everything settings.py asks for; what the person at the keyboard has set themselves wins."""
    values = (place, folder, Kept(folder).secret("secret_key"), ASSETS, node, folder / "static", folder / "media")
    ours = dict(zip(SETTINGS, map(str, values), strict=True))
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return {
        **ours,
        **os.environ,
        **found,
        "PATH": path,
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "backoffice.settings",
    }


def compile_translations(env: dict[str, str]) -> None:
    with alone(LOCAL, "translations", waits=True), step("Translations") as notes:
        files = sorted(p for p in ROOT.glob("**/locale/**/*.po") if LOCAL not in p.parents)
        stamp = Stamp("translations", *(digest(p) for p in files))
        if stamp.fits() and all(p.with_suffix(".mo").exists() for p in files):
            notes.append("unchanged")
            return
        run([*MANAGE, "compile_translations"], log=LOCAL / "logs" / "prepare.log", env=env)
        stamp.set()


def migrate(folder: Path, env: dict[str, str]) -> None:
    with step("Migrations"):
        owner = {**env, "BACKOFFICE_PROCESS": "migrate"}
        run([*MANAGE, "migrate", "--noinput"], log=folder / "logs" / "migrate.log", env=owner)


def collect_static(folder: Path, env: dict[str, str]) -> None:
    with step("Static files") as notes:
        stamp = Stamp(
            "static", digest(ROOT / "static"), digest(ASSETS), digest(ROOT / "requirements.lock"), folder=folder
        )
        if stamp.fits() and (folder / "static").exists():
            notes.append("unchanged")
            return
        stamp.clear()
        fonts = ["--ignore", "*.ttf"]  # for PDF only, by path: ten megabytes each, no browser asks for them
        run([*MANAGE, "collectstatic", "--noinput", "--clear", *fonts], log=folder / "logs" / "static.log", env=env)
        stamp.set()


def web(folder: Path, household: Household, env: dict[str, str], port: int) -> None:
    with step("Web"):
        command: list[str | Path] = [
            VENV / "bin" / "gunicorn",
            "backoffice.wsgi",
            "--config",
            ROOT / "gunicorn.conf.py",
        ]
        own = {**env, "BACKOFFICE_PROCESS": "web", "BIND": f"127.0.0.1:{port}"}
        household.add(Service("web", command, folder=folder, env=own), lambda: web_answers(port), within=60)


def jobs(folder: Path, household: Household, env: dict[str, str]) -> None:
    """The workers and the clock; none is waited for, the pages are there without them."""
    celery: list[str | Path] = [VENV / "bin" / "celery", "-A", "backoffice"]
    workers = {
        "worker": [*celery, "worker", "--loglevel=INFO", "--concurrency=2", "-Q", "celery", "-n", "worker@%h"],
        "worker-long": [*celery, "worker", "--loglevel=INFO", "--concurrency=1", "-Q", "long", "-n", "long@%h"],
    }
    beat = [*celery, "beat", "--loglevel=INFO", "--pidfile="]
    with step("Workers and clock"):
        own = {**env, "BACKOFFICE_PROCESS": "worker"}
        for name, worker in workers.items():
            household.add(Service(name, worker, folder=folder, env=own, patience=40), lambda: True)
        own = {**env, "BACKOFFICE_PROCESS": "beat"}
        household.add(Service("beat", beat, folder=folder, env=own, stop=signal.SIGTERM), lambda: True)


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def web_answers(port: int) -> bool:
    """One whole answer to the first page, whatever it is, so that the next one is quick."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as sock:
            sock.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            return sock.recv(16).startswith(b"HTTP/")
    except OSError:
        return False


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if ROOT in path.parents else str(path)
