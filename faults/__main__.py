"""`python -m faults`, started by `make faults` inside the program's environment; --short is the form of every commit."""

import argparse
import os
import sys
from time import monotonic

from embedded.say import say

from .lanes import ALL, run_lanes
from .place import FOLDER, Place
from .table import write_duration


def main() -> int:
    asked = argparse.ArgumentParser(prog="faults")
    asked.add_argument("--only", default="", help="points, such as 2,3")
    asked.add_argument("--named", default="", help="of those, the ones whose name holds this")
    asked.add_argument("--short", action="store_true")
    asked.add_argument("--seed", type=int, default=20260310)
    asked.add_argument("--lane", default="", help=argparse.SUPPRESS)
    chosen = asked.parse_args()
    if (chosen.only or chosen.named) and not chosen.lane:
        chosen.lane = ALL
    if chosen.lane:
        return one_lane(chosen)
    began = monotonic()
    code = run_lanes(sys.argv[1:])
    minutes = (monotonic() - began) / 60
    say(f"\n  all of it in {minutes:.1f} minutes")
    if not chosen.short:
        write_duration(minutes)
    return code


def one_lane(chosen: argparse.Namespace) -> int:
    place = Place(FOLDER / chosen.lane)
    points = {int(part) for part in chosen.only.split(",") if part}
    try:
        place.begin()
        work_as_the_program(place)
        from . import runner  # the program is set up only when its servers are there

        return runner.run(
            place, points=points, named=chosen.named, lane=chosen.lane, short=chosen.short, seed=chosen.seed
        )
    finally:
        place.end()


def work_as_the_program(place: Place) -> None:
    """This process works as the runtime role, without any way to the owner's rights."""
    os.environ.update(place.env)
    os.environ.update(BACKOFFICE_PLACE="test", BACKOFFICE_PROCESS="faults", LOG_LEVEL="CRITICAL")
    del os.environ["OWNER_DATABASE_URL"]
    import django

    django.setup()


if __name__ == "__main__":
    raise SystemExit(main())
