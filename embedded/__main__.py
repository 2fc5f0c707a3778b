"""`python3 -m embedded run` and its sisters; the Makefile names them all."""

import signal
import sys

from . import suite
from .bench import bench
from .place import ROOT
from .say import Trouble, stop_with
from .start import run

COMMANDS = {
    "run": run,
    "test": suite.test,
    "lint": suite.lint,
    "format": suite.format_code,
    "lock": suite.lock,
    "manage": suite.manage,
    "messages": suite.messages,
    "bench": bench,
    "faults": suite.faults,
    "pictures": suite.pictures,
}


def _interrupted(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def main(arguments: list[str]) -> None:
    if not arguments or arguments[0] not in COMMANDS:
        stop_with(f"python3 -m embedded {'|'.join(COMMANDS)}")
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        COMMANDS[arguments[0]](*arguments[1:])
    except Trouble as trouble:
        stop_with(str(trouble))
    except KeyboardInterrupt:
        print("\nStopped. Nothing is left half done; the same command goes on from here.", flush=True)
        raise SystemExit(130) from None


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main(sys.argv[1:])
