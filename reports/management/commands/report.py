"""`manage.py report NAME`: any report as Excel, for those who automate. Written for somebody, who sees what they may see."""

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from backoffice import periods
from backoffice.ledger.selectors import ageing
from backoffice.lists.workbook import Sheet, write_workbook
from backoffice.people.models import Person
from invoices.selectors.receivables import ageing_sheet, reconciliation
from orders.selectors.sales import By
from reports.selectors.daily import daily_performance
from reports.selectors.dashboard import largest_first
from reports.services.books import sales_sheets
from reports.services.daily import daily_sheets

Maker = Callable[[periods.Period, Person], list[Sheet]]


def daily(period: periods.Period, person: Person) -> list[Sheet]:
    end = datetime.combine(period.last, time.max, tzinfo=timezone.get_current_timezone())
    return daily_sheets(daily_performance(on=period.last, at=min(end, timezone.now()), visible_to=person))


def sales_by(by: str) -> Maker:
    return lambda period, person: sales_sheets(
        largest_first(by, period=period, visible_to=person), by, sees_cost=person.has_role("gm", "finance", "manager")
    )


REPORTS: dict[str, Maker] = {
    "daily": daily,
    "ageing": lambda period, person: [ageing_sheet(ageing(on=period.last, visible_to=person))],
    "reconciliation": lambda period, person: reconciliation(period=period, by=person),
    **{f"sales-{by}": sales_by(by) for by in By if by is not By.TOTAL},
}


class Command(BaseCommand):
    help = "Write a report as an Excel file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=sorted(REPORTS))
        parser.add_argument(
            "--period", default="", help="2026-11-21, 2026-W47, 2026-11, 2026-Q4, 2026; today where it is left out"
        )
        parser.add_argument(
            "--for", dest="username", required=True, help="sign-in name of the person who may see what it shows"
        )
        parser.add_argument("--to", type=Path, help="file to write; NAME-PERIOD.xlsx here where it is left out")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError(f"There is nobody with the sign-in name {options['username']}.")
        try:
            period = periods.parse(options["period"] or timezone.localdate().isoformat())
        except ValueError as error:
            raise CommandError(str(error)) from error
        target: Path = options["to"] or Path(f"{options['name']}-{period}.xlsx")
        with translation.override(person.language):
            target.write_bytes(
                write_workbook(REPORTS[options["name"]](period, person), by=person, title=f"{options['name']} {period}")
            )
        self.stdout.write(str(target))
