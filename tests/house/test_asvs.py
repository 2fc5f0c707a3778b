"""The list of security requirements holds what it names, and what a machine can see of them is so."""

import ast
import csv
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from backoffice.people.models import Person

from .source import ROOT, called, files_of, program_files, text, tree

ROWS = list(csv.DictReader((ROOT / "docs" / "asvs.csv").read_text(encoding="utf-8").splitlines()))
STATES = {"met", "exception", "open"}


def test_every_row_of_the_list_is_answered() -> None:
    numbers = [row["id"] for row in ROWS]
    assert len(numbers) == len(set(numbers))
    assert len([row for row in ROWS if row["level"] in "12"]) == 187
    assert {"2.3.5", "7.5.3", "8.3.2", "15.4.2", "15.4.3"} == {row["id"] for row in ROWS if row["level"] == "3"}
    assert {row["state"] for row in ROWS} <= STATES and all(row["requirement"] and row["proof"] for row in ROWS)
    assert not [row["id"] for row in ROWS if row["level"] == "1" and row["state"] != "met"]
    met = [row for row in ROWS if row["level"] == "2" and row["state"] == "met"]
    assert len(met) >= 0.94 * len([row for row in ROWS if row["level"] == "2"])


def _headings(name: str) -> set[str]:
    return {
        line.lstrip("# ").strip().lower().replace(" ", "-") for line in text(name).splitlines() if line.startswith("#")
    }


def test_every_proof_of_the_list_is_there() -> None:
    missing = []
    for row in ROWS:
        for proof in row["proof"].split(";"):
            name, _, inside = proof.partition("::") if "::" in proof else proof.partition("#")
            if (
                not (ROOT / name).exists()
                or ("::" in proof and f"def {inside}(" not in text(name))
                or ("#" in proof and inside not in _headings(name))
            ):
                missing.append(f"{row['id']}: {proof}")
    assert not missing


def test_exceptions_are_explained() -> None:
    explained = text("docs/security.md").split("## Exceptions")[1]
    assert not [row["id"] for row in ROWS if row["state"] == "exception" and row["id"] not in explained]


def _calls(names: list[str], wanted: set[str]) -> list[str]:
    return [
        f"{name}:{node.lineno}"
        for name in names
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call) and called(node) in wanted
    ]


def test_no_code_is_made_from_text() -> None:
    assert not _calls(
        program_files(), {"eval", "exec", "compile", "__import__", "Template", "engine.from_string", "os.system"}
    )
    assert not [name for name in program_files() if re.search(r"shell\s*=\s*True", text(name))]


def test_nothing_is_unpickled() -> None:
    found = [
        n
        for n in program_files()
        if re.search(r"^\s*(?:import|from) (?:pickle|marshal|shelve|dill)\b|yaml\.load\(", text(n), re.M)
    ]
    assert not found


def test_no_weak_hash_guards_anything() -> None:
    assert not _calls(program_files(), {"hashlib.md5", "hashlib.sha1", "md5", "sha1"})


def test_scripts_make_no_html_from_text() -> None:
    """HTML that scripts put in came from our own templates; nothing listens to other windows or merges foreign objects."""
    for name in files_of(".js", ".mjs", among=("static",)):
        source = text(name)
        assert not re.search(
            r"\beval\(|new Function|document\.write|insertAdjacentHTML|__proto__|addEventListener\(.message.", source
        ), name
        for put in re.findall(r"(?:inner|outer)HTML\s*\+?=\s*(.+)", source):
            assert re.match(r"(await \w+\.text\(\)|\"\"|'')", put), f"{name}: {put}"


def test_forms_name_their_fields() -> None:
    assert not [name for name in program_files() if '"__all__"' in text(name) and name.endswith("forms.py")]


def test_the_policy_of_contents_is_closed() -> None:
    rules = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert rules["default-src"] == rules["script-src"] == rules["style-src"] == ["'self'"]
    assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == ["'none'"]
    assert "unsafe" not in str(rules) and "http" not in str(rules)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/accounts/login/", "/orders/", "/nowhere/", "/healthz"])
def test_every_answer_carries_the_guards_of_the_browser(address: str, finance: Person) -> None:
    client = Client()
    if address != "/accounts/login/":
        client.force_login(finance, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(address)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    kind = answer.headers["Content-Type"]
    assert "charset=utf-8" in kind or kind.startswith("application/json")


@pytest.mark.django_db
def test_no_other_origin_is_let_in(finance: Person) -> None:
    client = Client()
    client.force_login(finance, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/orders/", headers={"origin": "https://elsewhere.example"})
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


@pytest.mark.django_db
def test_trace_is_refused(finance: Person) -> None:
    client = Client()
    client.force_login(finance, backend="django.contrib.auth.backends.ModelBackend")
    assert client.generic("TRACE", "/orders/").status_code == 405


@pytest.mark.django_db
def test_no_account_can_sign_in_that_nobody_made() -> None:
    made = list(Person.objects.all())
    assert [person.username for person in made] == ["system"]
    assert not made[0].is_active and not made[0].has_usable_password()


def test_passwords_are_kept_by_argon2() -> None:
    assert _of_production("print(settings.PASSWORD_HASHERS)") == "['django.contrib.auth.hashers.Argon2PasswordHasher']"


SOUND = {
    "BACKOFFICE_PLACE": "production",
    "SECRET_KEY": "k" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "office.example.com",
    "DATABASE_URL": "postgres://backoffice_app:a-word-of-our-own@127.0.0.1/backoffice",
    "PATH": os.environ["PATH"],
}


def _of_production(code: str, **changes: str) -> str:
    """What a process with these settings prints; its error when it refuses to start."""
    start = "import os; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'backoffice.settings'); from django.conf import settings; settings.DEBUG; "
    done = subprocess.run(
        [sys.executable, "-c", start + code], cwd=ROOT, env=SOUND | changes, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else f"refused: {done.stderr.strip().splitlines()[-1]}"


def test_production_guards_its_cookies_and_transport() -> None:
    names = [
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "CSRF_COOKIE_HTTPONLY",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS",
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "LANGUAGE_COOKIE_NAME",
        "ACTED_COOKIE_NAME",
        "SESSION_COOKIE_SAMESITE",
        "SECURE_HSTS_SECONDS",
        "ALLAUTH_TRUSTED_PROXY_COUNT",
        "REQUIRE_TOTP",
    ]
    shown = _of_production(f"print(*[getattr(settings, name) for name in {names!r}])")
    assert (
        shown
        == "True True True True True True __Host-sessionid __Host-csrftoken __Host-language __Host-acted Lax 31536000 1 True"
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"DEBUG": "1"}, "DEBUG"), ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"), ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"DATABASE_URL": "postgres://postgres:postgres@127.0.0.1/backoffice"}, "DATABASE_URL"),
    ],
)  # fmt: skip
def test_production_refuses_an_unsafe_start(changes: dict[str, str], why: str) -> None:
    assert re.search(rf"refused: .*{why}", _of_production("print('runs')", **changes))
    assert _of_production("print('runs')") == "runs"
