"""Compile every django.po beside itself; no gettext programs needed."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand

from backoffice.control.translations import catalogues


class Command(BaseCommand):
    help = "Compile the .po of every locale folder into its .mo."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = catalogues(Path(settings.BASE_DIR))
        for path in found:
            beside = path.with_suffix(".mo.new")
            polib.pofile(str(path)).save_as_mofile(str(beside))
            beside.rename(path.with_suffix(".mo"))
        self.stdout.write(f"{len(found)} catalogues compiled")
