"""`flush` empties every table, which only the owner may, and lays the default rows again. Refused in production."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connection

from backoffice.database.declare import DECLARED


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("flush is refused in production.")
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
        super().handle(**options)
        for make in DECLARED.defaults:
            make()
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
