"""`manage.py tick`: what beat does every 30 seconds, for any cron and for looking into."""

from typing import Any

from django.core.management.base import BaseCommand

from backoffice.jobs.models import DueRun
from backoffice.jobs.reconcile import reconcile


class Command(BaseCommand):
    help = "Write down what has fallen due, free what was abandoned, wake the workers."

    def handle(self, *args: Any, **options: Any) -> None:
        reconcile()
        self.stdout.write(f"{DueRun.objects.unfinished().count()} due runs open")
