"""Nothing in the repository points at one machine, one registry or somebody else's files."""

import re

from .source import ROOT, files, text

BINARY = (".png", ".jpg", ".ico", ".webp", ".xlsx", ".pdf")
REGISTRIES = re.compile(
    "|".join(("py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(org|com)", "npm" + r"mirror"))
)
MACHINES = re.compile("|".join((r"(?<![\w.])/ro" + r"ot/", "/ho" + r"me/[a-z]", "/wo" + r"rk/", r"C:\\\\Us" + "ers")))


def _readable() -> list[str]:
    return [name for name in files() if not name.endswith(BINARY)]


def test_no_address_of_a_registry_is_committed() -> None:
    found = [name for name in _readable() if REGISTRIES.search(text(name))]
    assert not found


def test_no_path_of_a_machine_is_committed() -> None:
    found = [name for name in _readable() if MACHINES.search(text(name))]
    assert not found


def test_no_third_party_asset_is_committed() -> None:
    found = [
        name for name in files() if name.endswith((".min.js", ".min.css", ".woff", ".woff2", ".ttf", ".otf", ".whl"))
    ]
    assert not found


def test_every_locked_package_is_pinned_by_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-tools.lock"):
        entries = re.split(r"\n(?=\S)", (ROOT / name).read_text())
        loose = [e.splitlines()[0] for e in entries if not e.startswith("#") and "--hash=sha256:" not in e]
        assert not loose
    packages = text("package-lock.json")
    assert packages.count('"node_modules/') == packages.count('"integrity":')
    assert '"resolved"' not in packages


def test_every_decision_has_a_number_of_its_own() -> None:
    numbers = [path.name.partition("-")[0] for path in (ROOT / "docs" / "decisions").glob("*.md")]
    assert sorted(numbers) == sorted(set(numbers))
    wrong = [
        path.name
        for path in (ROOT / "docs" / "decisions").glob("0*.md")
        if not path.read_text().startswith(f"# {int(path.name[:4])} ")
    ]
    assert not wrong, wrong
