"""`check_books`: a line for everything that does not hold; silent and exit code 0 when all does."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backoffice.control.checks import CHECKS, run_checks


class Command(BaseCommand):
    help = "Check the books: debit and credit, items and ledger, counters and sums, numbers, reviews, closed months, hash chain."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("checks", nargs="*", help="only these checks")
        parser.add_argument("--list", action="store_true", help="name the checks")

    def handle(self, *args: Any, checks: list[str], **options: Any) -> None:
        if options["list"]:
            self.stdout.write("\n".join(sorted(CHECKS)))
            return
        if unknown := set(checks) - CHECKS.keys():
            raise CommandError(f"There is no check {', '.join(sorted(unknown))}. See --list.")
        found = 0
        for finding in run_checks(checks):
            found += 1
            self.stdout.write(str(finding))
        if found:
            sys.exit(1)
        if options["verbosity"] > 1:
            self.stdout.write(f"{len(checks or CHECKS)} checks, nothing found.")
