"""`migrate`, then what PostgreSQL enforces is installed again from the code."""

from typing import Any

from django.core.management.commands import migrate

from backoffice.database.install import install, prepare
from backoffice.database.owner import act_as_owner


class Command(migrate.Command):
    help = "Bring the tables up to date as the owner, then install functions, triggers, privileges and default rows."

    def handle(self, *args: Any, **options: Any) -> None:
        act_as_owner()
        if not options["plan"] and not options["check_unapplied"]:
            prepare()
        super().handle(*args, **options)
        if options["app_label"] is None and not options["plan"] and not options["check_unapplied"]:
            install()
