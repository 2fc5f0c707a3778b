"""A duty without a test is not done."""

import ast
import re

from . import exemptions
from .source import called, files_of, tree

DUE = [
    "C1",
    "C2",
    "C3",
    "C4",
    "C5",
    "C6",
    "C7",
    "C8",
    "C9",
    "C10",
    "C11",
    "C12",
    "K1",
    "K2",
    "K3",
    "K4",
    "K5",
    "K6",
    "K7",
    "K8",
    "O1",
    "O2",
    "O4",
    "O7",
    "S1",
    "S4",
    "S5",
    "I1",
    "I2",
    "I4",
    "I6",
    "I8",
    "I9",
    "E7",
    "R1",
    "R5",
    "R7",
    "F9",
]
REGISTER = {"C": 12, "K": 8, "O": 13, "S": 11, "I": 11, "E": 8, "R": 8, "P": 7, "F": 13}


def _marked() -> dict[str, list[str]]:
    """Duty → the tests that are marked with it."""
    found: dict[str, list[str]] = {}
    for name in files_of(".py", among=("tests",)):
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.Call) and called(node).endswith("mark.duty"):
                for argument in node.args:
                    if isinstance(argument, ast.Constant):
                        found.setdefault(str(argument.value), []).append(name)
    return found


def test_every_duty_that_is_due_has_a_test() -> None:
    missing = set(DUE) - _marked().keys() - exemptions.DUTIES_WITHOUT_A_TEST.keys()
    assert not missing, f"no test names {sorted(missing)}"


def test_no_exempted_duty_has_a_test_already() -> None:
    assert not exemptions.DUTIES_WITHOUT_A_TEST.keys() & _marked().keys()


def test_every_marked_duty_is_in_the_register() -> None:
    wrong = {
        duty: names
        for duty, names in _marked().items()
        if not re.fullmatch(r"[A-Z]\d+", duty) or not 1 <= int(duty[1:]) <= REGISTER.get(duty[0], 0)
    }
    assert not wrong
