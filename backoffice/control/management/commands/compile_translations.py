"""Compile every django.po beside itself; no gettext programs needed."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile every locale folder's .po into its .mo."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for path in sorted(po_files(Path(settings.BASE_DIR))):
            beside = path.with_suffix(".mo.new")
            polib.pofile(str(path)).save_as_mofile(str(beside))
            beside.rename(path.with_suffix(".mo"))
            count += 1
        self.stdout.write(f"{count} catalogues compiled")


def po_files(root: Path) -> list[Path]:
    """The catalogues of the foundation's nouns and of the apps."""
    return [*root.glob("backoffice/*/locale/*/LC_MESSAGES/*.po"), *root.glob("*/locale/*/LC_MESSAGES/*.po")]
