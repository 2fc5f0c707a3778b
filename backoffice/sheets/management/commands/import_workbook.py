"""Bring workbooks in from the command line, through the same check and the same apply as the pages."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.sheets import services
from backoffice.sheets.declared import REGISTRY
from backoffice.sheets.models import Batch


class Command(BaseCommand):
    help = "Check workbooks (nothing is written), and with --apply write them, all or nothing. Past documents need --second."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="who uploads")
        parser.add_argument("--second", metavar="USERNAME", help="who applies, if somebody else must")
        parser.add_argument(
            "--kind",
            default="",
            choices=["", *sorted(REGISTRY)],
            help="what the sheets are, if the headings leave it open",
        )
        parser.add_argument("--apply", action="store_true", help="write what was found right")

    def handle(self, *args: Any, **options: Any) -> None:
        by = self.person(options["by"])
        with translation.override(by.language):
            try:
                self.bring_in(by, self.person(options["second"]) if options["second"] else by, options)
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal

    def person(self, username: str) -> Person:
        try:
            return Person.objects.get(username=username, is_active=True)
        except Person.DoesNotExist:
            raise CommandError(f"There is no active account {username}.") from None

    def bring_in(self, by: Person, second: Person, options: dict[str, Any]) -> None:
        files = [(path.name, path.read_bytes()) for path in options["files"]]
        done = services.upload(files, by=by, kind=options["kind"])
        for name in done.unknown:
            self.stdout.write(f"? {name}")
        for batch in done.repeated:
            self.stdout.write(f"= {batch}: applied before, nothing changed")
        if not done.batches:
            return
        services.check_group(done.group)
        if not self.told(done.group):
            raise CommandError("Nothing was written.")
        if options["apply"]:
            services.apply_group(done.group, by=second)
            self.told(done.group)

    def told(self, group: Any) -> bool:
        """Print how each sheet stands; whether all can be applied."""
        batches = list(Batch.objects.filter(group=group).select_related("file"))
        for batch in sorted(batches, key=lambda batch: (batch.sheet.order, batch.pk)):
            missing = services.unmapped(batch) if batch.state == "uploaded" else []
            self.stdout.write(f"{batch.state:9} {batch}: {batch.rows} rows {batch.counts or ''}")
            for field in missing:
                self.stdout.write(f"  no column for {field.label}")
            for problem in batch.problems[:50]:
                self.stdout.write(f"  row {problem.row} {problem.field}: {problem.in_words()}")
        return all(batch.state == "applied" or batch.can_apply for batch in batches)
