"""`backup FILE`: rows and files into one zip, read back before it gets its name. `backup -` writes to standard output."""

import os
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from backoffice.database.backup import write_backup
from backoffice.jobs.models import Heartbeat


class Command(BaseCommand):
    help = "Write every row of one snapshot and every file into one zip. The status page is told when it is whole."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="where to, or - for standard output")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        if file == "-":
            write_backup(sys.stdout.buffer, media=Path(settings.MEDIA_ROOT))
            sys.stdout.buffer.flush()
            return
        began, beside = time.monotonic(), Path(f"{file}.part")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as into:
            manifest = write_backup(into, media=Path(settings.MEDIA_ROOT))
            into.flush()
            os.fsync(into.fileno())
        with zipfile.ZipFile(beside) as archive:
            if broken := archive.testzip():
                raise CommandError(f"{beside} cannot be read back: {broken}")
        beside.replace(file)
        Heartbeat.beat("backup")
        rows, size = sum(table.rows for table in manifest.tables), Path(file).stat().st_size / 2**20
        self.stdout.write(
            f"{rows} rows of {len(manifest.tables)} tables and {manifest.files} files, {size:.1f} MB, {time.monotonic() - began:.1f} s"
        )
