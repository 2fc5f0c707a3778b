"""Find every text to translate and write the missing ones, empty, into the catalogue they belong to."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from backoffice.control.translations import add_missing


class Command(BaseCommand):
    help = "Add the texts that no catalogue has yet as empty entries; the suite fails until they are translated."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        added = add_missing(root, ("backoffice", *[app for app in settings.APPS if "." not in app]))
        for path, count in sorted(added.items()):
            self.stdout.write(f"{count:5} missing in {path.relative_to(root)}")
        self.stdout.write("nothing is missing" if not added else f"{sum(added.values())} to be translated")
