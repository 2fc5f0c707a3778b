"""What the rules of the house are checked on: the files of the repository and what Python makes of them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("customers", "contracts", "orders", "shipments", "purchasing", "invoices", "expenses", "office", "reports")
PROGRAM = ("backoffice", *APPS)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[str, ...]:
    """All files that are or may become part of the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(sorted(name for name in set(listed) if (ROOT / name).is_file()))


def files_of(*endings: str, among: tuple[str, ...] = (), without: tuple[str, ...] = ("/migrations/",)) -> list[str]:
    """Files by their ending, of these top folders, none of them with one of these parts in its path."""
    return [
        name
        for name in files()
        if name.endswith(endings)
        and (not among or name.split("/")[0] in among)
        and not any(part in f"/{name}" for part in without)
    ]


def program_files() -> list[str]:
    return files_of(".py", among=PROGRAM)


@cache
def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(text(name), name)


def functions(name: str) -> Iterator[Function]:
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def called(node: ast.AST) -> str:
    """The dotted name of a call, a decorator or an attribute, as it is written."""
    if isinstance(node, ast.Call):
        return called(node.func)
    if isinstance(node, ast.Attribute):
        return f"{called(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
