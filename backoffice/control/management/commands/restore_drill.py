"""`restore_drill FILE`: restores a backup into a database made for it and thrown away again, so that every night proves it."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError, connection
from django.test.utils import override_settings

from backoffice.database.owner import act_as_owner
from backoffice.jobs.models import Heartbeat

DRILL = "{}_drill"


class Command(BaseCommand):
    help = "Restore a backup into a database of its own beside the real one, compare, check the books, and drop it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        act_as_owner()
        real = connection.settings_dict["NAME"]
        drill = DRILL.format(real)
        try:
            make_empty(drill)
            work_on(drill)
            with (
                tempfile.TemporaryDirectory(dir=Path(settings.MEDIA_ROOT).parent) as media,
                override_settings(MEDIA_ROOT=media, OWNER_DATABASE=at(drill)),
            ):
                call_command("restore", file, stdout=self.stdout)
        finally:
            work_on(real)
            drop(drill)
        Heartbeat.beat("restore_drill")


def at(name: str) -> dict[str, Any] | None:
    """The owner's address with another database: the commands inside switch to the owner by themselves."""
    return settings.OWNER_DATABASE and {**settings.OWNER_DATABASE, "NAME": name}


def work_on(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def make_empty(name: str) -> None:
    drop(name)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")
            cursor.execute(f"REVOKE ALL ON DATABASE {connection.ops.quote_name(name)} FROM PUBLIC")
    except ProgrammingError as error:
        raise CommandError("The owner may not make a database: ALTER ROLE backoffice_owner CREATEDB") from error


def drop(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)} WITH (FORCE)")
