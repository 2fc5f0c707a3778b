"""`python -m faults`, started by `make faults` inside the program's environment; --short is the form of every commit."""

import argparse
import os

from embedded.say import say

from .place import Place


def main() -> int:
    asked = argparse.ArgumentParser(prog="faults")
    asked.add_argument("--only", default="", help="points, such as 2,3")
    asked.add_argument("--short", action="store_true")
    asked.add_argument("--seed", type=int, default=20260310)
    chosen = asked.parse_args()
    place = Place()
    try:
        place.begin()
        work_as_the_program(place)
        from . import runner  # the program is set up only when its servers are there

        return runner.run(
            place, points={int(part) for part in chosen.only.split(",") if part}, short=chosen.short, seed=chosen.seed
        )
    finally:
        say("")
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
