"""Faults side by side: each lane breaks servers of its own; what is measured comes after them, with the machine to itself."""

import subprocess
import sys
from collections.abc import Sequence

from .declare import Fault

LANES = ("1", "2")
AFTERWARDS, ALL = "alone", "all"  # single points go one after the other


def share(faults: Sequence[Fault], lane: str, *, short: bool) -> list[Fault]:
    """The faults of one lane, in their order. Always the same ones: the longest first, to whichever lane has least to do."""
    if lane == ALL:
        return list(faults)
    if lane == AFTERWARDS:
        return [fault for fault in faults if fault.alone]
    lanes: dict[str, list[Fault]] = {name: [] for name in LANES}
    for fault in sorted(faults, key=lambda one: -one.weight(short=short)):
        if not fault.alone:
            least = min(lanes, key=lambda name: sum(one.weight(short=short) for one in lanes[name]))
            lanes[least].append(fault)
    return [fault for fault in faults if fault in lanes[lane]]


def run_lanes(arguments: Sequence[str]) -> int:
    """All lanes at once, then what goes alone (not in the short form); the worst of their exit codes."""
    command = [sys.executable, "-m", "faults", *arguments, "--lane"]
    running = [subprocess.Popen([*command, lane]) for lane in LANES]
    codes = [lane.wait() for lane in running]
    if "--short" not in arguments:
        codes.append(subprocess.run([*command, AFTERWARDS]).returncode)
    return max(codes)
