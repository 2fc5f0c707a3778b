"""`manage.py demo`: the demonstration company, the same at every run of a day. Refused in production."""

import random
import sys
import time
from argparse import ArgumentParser
from datetime import date, datetime
from datetime import time as time_of_day
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from backoffice.outbox.models import Notification
from backoffice.people.models import Person, Role
from backoffice.periods import add_months
from backoffice.refusals import Refused
from contracts.models import Contract
from customers.models import Note
from orders.models import Order
from reports.demo import (
    archive,
    bids,
    drafting,
    fulfilment,
    licences,
    market,
    office,
    papers,
    quotations,
    visits,
    writing,
)
from reports.demo.cases import make_cases
from reports.demo.company import Company, found, is_demo, known
from reports.demo.leads import make_leads
from reports.demo.trade import Trade, days_of_deals
from reports.models import Issued
from reports.services.targets import set_targets

SEED = 20260101
MONTHS = 24
RECENT_DAYS = 12
# what each part of an app shows: `is_there()`, `fill(company, dice, today=…)`
PARTS = (market, visits, licences, papers, bids, quotations, writing)


class Command(BaseCommand):
    help = "Fill an empty database with the demonstration company: people in all roles, products, customers, two years of trade."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where somebody works already")
        parser.add_argument("--password", default="", help="of all its people, where the settings give none")
        parser.add_argument("--deals", type=int, default=0, help="only so many deals, for a quick look")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("The demonstration company is refused in production.")
        if not settings.DEMO_PASSWORD and not options["password"]:
            raise CommandError("Give the demonstration's people a password: --password.")
        if Person.objects.exclude(username="system").exists() and not is_demo():
            if options["if_empty"]:
                return
            raise CommandError(
                "There are people in this database already; the demonstration company needs an empty one."
            )
        began = time.monotonic()
        done = self.fill(options["deals"], options["password"] or settings.DEMO_PASSWORD)
        names = ", ".join(Person.objects.exclude(username="system").values_list("username", flat=True).order_by("pk"))
        self.stdout.write(f"  Sign in as one of: {names}")
        if settings.DEMO_PASSWORD:
            self.stdout.write(f"  Password of them all: {settings.DEMO_PASSWORD}")
        if done:
            self.stdout.write(f"The demo company is complete: {done} deals in {time.monotonic() - began:.0f} s.")

    def fill(self, most: int, password: str) -> int:
        """Go on where an interrupted run stopped: each stage is one transaction, and so is every deal."""
        today = timezone.localdate()
        start = add_months(today, -MONTHS)
        if not is_demo():
            found(dice("company"), start=start, password=password)
        if not Contract.objects.exists():
            with transaction.atomic():
                office.make_contracts(known(), dice("contracts"), today=today)
        company = known()
        made = self.deals(company, days_of_deals(dice("days"), start=start, today=today)[-most:], today=today)
        if not Note.objects.exists():
            self.desk_work(company, today=today)
        for part in PARTS:
            if not part.is_there():
                with transaction.atomic():
                    part.fill(known(), dice(part.__name__), today=today)
        if not Issued.objects.filter(period__lt=today.isoformat()).exists():
            try:
                office.issue_reports(today=today)
                fulfilment.issue_contract_statistics(today=today)
            except Refused as refusal:  # without the libraries for PDF the rest of the company is there all the same
                self.stdout.write(f"  The reports of the last days were not issued: {refusal}")
        return made

    def deals(self, company: Company, days: list[date], *, today: date) -> int:
        first = Order.objects.count()
        for number, day in enumerate(days[first:], start=first + 1):
            began = timezone.now()
            with transaction.atomic():
                Trade(company, dice(number), today=today).deal(day)
                if (today - day).days > RECENT_DAYS:
                    old_news(began, day)
            if number % 20 == 0 or number == len(days):
                self.stdout.write(f"  demo company: {number} of {len(days)} deals, up to {day}")
                sys.stdout.flush()
        return max(0, len(days) - first)

    @transaction.atomic
    def desk_work(self, company: Company, *, today: date) -> None:
        """Calls and complaints, targets, expenses, commission."""
        Trade(company, dice("talk"), today=today).talk()
        drafting.make_contracts(company, dice("drafting"), today=today)
        self.targets(company)
        archive.keep_archive(company, dice("archive"), today=today)
        company = known()  # customers were handed over
        office.make_claims(company, dice("claims"), today=today)
        office.make_commission(company, today=today)
        fulfilment.make_supply(company, dice("supply"), today=today)
        make_cases(company, dice("cases"), today=today)
        make_leads(company, dice("leads"), today=today)

    def targets(self, company: Company) -> None:
        month = timezone.localdate().replace(day=1)
        sellers = Person.objects.with_role(Role.SALESPERSON)
        for back in range(3):
            set_targets(
                {seller: 60000 + 10000 * (seller.pk % 3) for seller in sellers},
                month=add_months(month, -back),
                by=company.manager,
            )


def old_news(since: datetime, day: date) -> None:
    """What people were told of a deal of long ago, they were told then and have read."""
    then = timezone.make_aware(datetime.combine(day, time_of_day(17)))
    Notification.objects.filter(created_at__gte=since).update(created_at=then, read_at=then)


def dice(what: object) -> random.Random:
    """Chance that falls the same at every run, for each deal on its own."""
    return random.Random(f"{SEED}/{what}")  # noqa: S311 — nothing secret
