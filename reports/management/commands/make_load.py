"""`manage.py make_load`: a company of any size for measuring, consistent to the last cent. Refused in production."""

import sys
import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backoffice.database.owner import act_as_owner
from backoffice.people.models import Person
from reports.load.company import fill
from reports.load.masters import Size


class Command(BaseCommand):
    help = "Fill an empty database with a large company for measuring: customers, products, orders and all that follows from them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customers", type=int, default=20_000)
        parser.add_argument("--products", type=int, default=5_000, help="that are bought and sold")
        parser.add_argument("--catalogue", type=int, default=0, help="products more that are only listed")
        parser.add_argument("--orders", type=int, default=100_000)
        parser.add_argument("--contracts", type=int, default=10_000, help="with as many customers")
        parser.add_argument("--lines", type=int, default=4, help="of each order")
        parser.add_argument("--today", type=date.fromisoformat, default=None, help="the last day of the two years")
        parser.add_argument("--password", default="", help="of its people, where the settings give none")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("A company for measuring is refused in production.")
        act_as_owner()
        if Person.objects.exclude(username="system").exists():
            raise CommandError(
                "There are people in this database already; the company for measuring needs an empty one."
            )
        self.began = time.monotonic()
        size = Size(
            **{name: options[name] for name in ("customers", "products", "catalogue", "contracts", "orders", "lines")}
        )
        today = options["today"] or timezone.localdate()
        fill(size, today=today, password=options["password"] or settings.DEMO_PASSWORD or None, tell=self.tell)
        self.tell("complete")

    def tell(self, what: str) -> None:
        self.stdout.write(f"  {time.monotonic() - self.began:6.1f} s  {what}")
        sys.stdout.flush()
