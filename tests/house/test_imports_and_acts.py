"""Imports at the top, no signals, no way round escaping or tokens, no floats, foreign keys down the layers."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterable

import pytest
from django.apps import apps

from . import exemptions
from .source import PROGRAM, ROOT, called, files_of, functions, program_files, text, tree


def _settle(found: Iterable[str], allowed: dict[str, str], advice: str) -> None:
    """Every finding has an exemption with a reason, and every exemption still has its finding."""
    places = {place.split(":")[0] for place in found}
    assert all(reason.strip() for reason in allowed.values()), "an exemption needs a reason"
    assert not places - allowed.keys(), f"{advice}: {sorted(p for p in found if p.split(':')[0] not in allowed)}"
    assert not allowed.keys() - places, f"no longer needed: {sorted(allowed.keys() - places)}"


def _lines(names: Iterable[str], is_meant: Callable[[ast.AST], bool]) -> list[str]:
    return [f"{n}:{getattr(node, 'lineno', 0)}" for n in names for node in ast.walk(tree(n)) if is_meant(node)]


def test_imports_stand_at_the_top() -> None:
    inside = [
        f"{name}:{node.lineno}"
        for name in program_files()
        for function in functions(name)
        if not (function.name == "ready" and name.endswith("apps.py"))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    _settle(inside, exemptions.IMPORTS_INSIDE, "an import inside a function hides a cycle")


def test_nothing_happens_by_signal() -> None:
    def is_signal(node: ast.AST) -> bool:
        module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        return module == "django.dispatch" or (module.startswith("django.") and module.endswith(".signals"))

    _settle(_lines(program_files(), is_signal), exemptions.SIGNALS, "say it in a service")


def test_a_model_saves_without_side_effects() -> None:
    own = [
        f"{name}:{node.name}"
        for name in program_files()
        if "/models" in name
        for node in ast.walk(tree(name))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(f, ast.FunctionDef) and f.name == "save" for f in node.body)
    ]
    assert not own, f"`save` belongs to Django, acts belong to services: {own}"


def test_html_is_escaped_unless_a_reason_says_otherwise() -> None:
    def is_marked(node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and called(node).split(".")[-1] in {"mark_safe", "SafeString", "safestring"}

    found = _lines(program_files(), is_marked)
    found += [n for n in files_of(".html") if re.search(r"\|\s*safe\b|autoescape\s+off", text(n))]
    _settle(found, exemptions.MARKED_SAFE, "use format_html or a template")


def test_every_post_carries_a_token() -> None:
    found = [name for name in program_files() if re.search(r"\bcsrf_exempt\b", text(name))]
    _settle(found, exemptions.CSRF_EXEMPT, "a form without a token can be sent by anybody's page")


def test_money_is_never_a_float() -> None:
    def is_float(node: ast.AST) -> bool:
        if not isinstance(node, ast.Call):
            return False
        return called(node) == "float" or called(node).split(".")[-1] == "FloatField"

    found = _lines(program_files(), is_float)
    found += [
        n for n in files_of(".py", ".sql", among=PROGRAM) if re.search(r"double precision|::\s*(float|real)\b", text(n))
    ]
    found += [n for n in files_of(".js", among=("static",)) if re.search(r"\bparseFloat\(", text(n))]
    _settle(found, exemptions.FLOATS, "use Decimal")


def _contracts() -> list[dict[str, list[str]]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def _layers() -> dict[str, float]:
    """Package → height, from the same contracts that the imports obey; a part stands half a step above its app."""
    layers, parts = _contracts()
    rows = [row.split(" | ") for row in layers["layers"]]
    height: dict[str, float] = {package: len(rows) - at for at, row in enumerate(rows) for package in row}
    return height | {part: height[part.split(".")[0]] + 0.5 for part in parts["modules"]}


def test_the_ground_of_an_app_knows_none_of_its_parts() -> None:
    parts = set(_contracts()[1]["modules"])
    for app in {part.split(".")[0] for part in parts}:
        own = {part for part in parts if part.startswith(f"{app}.")}

        def is_part(node: ast.AST, own: set[str] = own) -> bool:
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            return any(".".join(module.split(".")[:2]) in own for module in modules)

        ground = [n for n in program_files() if n.startswith(f"{app}/") and ".".join(n.split("/")[:2]) not in own]
        assert not _lines(ground, is_part), "let the part register itself"


def test_every_package_of_the_program_has_its_layer() -> None:
    ours = {config.name for config in apps.get_app_configs() if config.name.split(".")[0] in PROGRAM}
    assert not ours - _layers().keys()


def test_foreign_keys_point_down_the_layers() -> None:
    height, up = _layers(), []
    for model in apps.get_models():
        own = model._meta.app_config.name
        for field in model._meta.get_fields():
            if own not in height or not field.is_relation or field.auto_created or field.related_model is None:
                continue
            other = field.related_model._meta.app_config.name
            if other in height and other != own and height[other] >= height[own]:
                up.append(f"{model.__name__}.{field.name} → {other}")
    assert not up, f"a lower layer must not know a higher one: {up}"


@pytest.mark.parametrize("allowed", [v for k, v in vars(exemptions).items() if k.isupper()])
def test_every_exemption_gives_its_reason(allowed: dict[str, str]) -> None:
    assert all(len(reason.split()) >= 4 for reason in allowed.values())
