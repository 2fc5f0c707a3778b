"""Say that something outside the program has been done (a backup), or ask whether something was heard of lately."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from backoffice.jobs.models import Heartbeat


class Command(BaseCommand):
    help = "`heartbeat backup` notes a backup for the status page; `heartbeat beat --within 120` fails when the clock is silent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--within", type=int, metavar="SECONDS", help="ask instead of noting")

    def handle(self, *args: Any, name: str, within: int | None, **options: Any) -> None:
        if within is None:
            Heartbeat.beat(name)
        elif not Heartbeat.objects.filter(name=name, at__gte=timezone.now() - timedelta(seconds=within)).exists():
            raise CommandError(f"{name} has not been heard of for {within} seconds")
