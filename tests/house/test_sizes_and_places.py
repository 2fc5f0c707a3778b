"""Small files, small functions, and no room called «utils»."""

import ast

import pytest

from .source import Function, files, files_of, functions, program_files, text

FORBIDDEN = {"core", "common", "utils", "helpers", "tools", "misc", "base", "mixins"}
MAX_FILE, MAX_FUNCTION = 400, 40
MAX_TEST = 80  # a journey through somebody's day is one test


def test_files_stay_under_400_lines() -> None:
    sources = files_of(".py", ".html", ".txt", ".js", ".css", ".mjs")
    long = {name: count for name in sources if (count := text(name).count("\n") + 1) > MAX_FILE}
    assert not long, f"split these: {long}"


def _length(function: Function) -> int:
    """Lines from `def` to the end, the docstring not counted."""
    first = function.body[0]
    is_told = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    told = (first.end_lineno or 0) - first.lineno + 1 if is_told else 0
    return (function.end_lineno or 0) - function.lineno + 1 - told


@pytest.mark.parametrize(("top", "limit"), [("program", MAX_FUNCTION), ("tests", MAX_TEST)])
def test_functions_stay_under_their_limit(top: str, limit: int) -> None:
    names = (
        [*program_files(), *files_of(".py", among=("embedded",))]
        if top == "program"
        else files_of(".py", among=("tests",))
    )
    long = {f"{name}:{f.name}": _length(f) for name in names for f in functions(name) if _length(f) > limit}
    assert not long, f"split these: {long}"


def test_no_folder_or_module_is_a_place_for_anything() -> None:
    parts = {(name, part) for name in files() for part in name.removesuffix(".py").split("/")}
    rooms = sorted(name for name, part in parts if part in FORBIDDEN and name.endswith(".py"))
    assert not rooms, f"give these a noun of their own: {rooms}"


def test_nobody_names_a_thing_after_nothing() -> None:
    empty = {"handle", "process", "do"}  # a command's `handle` is Django's word
    names = [name for name in program_files() if "/management/commands/" not in name]
    found = [f"{name}:{f.name}" for name in names for f in functions(name) if f.name in empty]
    assert not found
