"""`restore FILE`: a backup into an empty installation, compared row by row, and the books checked."""

import time
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from backoffice.control.checks import run_checks
from backoffice.database.owner import act_as_owner
from backoffice.database.restore import differences, load_files, load_rows
from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.register.models import Record


class Command(BaseCommand):
    help = (
        "Put a backup into an empty installation as the owner: tables, rows, files; then compare, and check the books."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        began = time.monotonic()
        act_as_owner()
        call_command("migrate", interactive=False, verbosity=0)
        if Person.objects.exclude(username="system").exists() or Record.objects.exists():
            raise CommandError("Somebody works in this database. A backup goes into an empty one only.")
        with zipfile.ZipFile(file) as archive:
            try:
                manifest = load_rows(archive)
                files = load_files(archive, Path(settings.MEDIA_ROOT))
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
        wrong = [*differences(manifest), *map(str, run_checks())]
        for line in wrong:
            self.stdout.write(line)
        if wrong:
            raise CommandError(f"{len(wrong)} lines do not agree with the backup of {manifest.made_at}.")
        rows = sum(table.rows for table in manifest.tables)
        self.stdout.write(
            f"{rows} rows of {len(manifest.tables)} tables and {files} files of {manifest.made_at}, equal to the backup; "
            f"the books are in order; {time.monotonic() - began:.1f} s"
        )
