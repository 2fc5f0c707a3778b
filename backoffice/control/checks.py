"""The register of checks, under the name by which the pages and commands of control know it."""

from backoffice.database.checks import CHECKS, Finding, checks_books, run_checks

__all__ = ["CHECKS", "Finding", "checks_books", "run_checks"]
