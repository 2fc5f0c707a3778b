"""Putting a backup back into a database that `migrate` has just made, all or nothing, and comparing it row by row."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from backoffice.database.backup import FILES, FORMAT, TABLES, Manifest, Table, applied, copied, state_of, tables_of
from backoffice.refusals import Refused

BLOCK = 1 << 16


def load_rows(archive: zipfile.ZipFile) -> Manifest:
    """Put the rows back as the owner. What migrate laid down gives way; foreign keys and unique keys are checked again."""
    manifest = Manifest.read(archive)
    check_fits(manifest)
    with transaction.atomic(), connection.cursor() as cursor:
        names = [name for name, _columns in tables_of(cursor)]
        with without_triggers(cursor, names), without_foreign_keys(cursor):
            cursor.execute(f"TRUNCATE {', '.join(map(connection.ops.quote_name, names))}")
            for table in manifest.tables:
                load_table(cursor, table, archive)
        for name, (last, is_called) in manifest.sequences.items():
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [connection.ops.quote_name(name), last, is_called])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return manifest


def check_fits(manifest: Manifest) -> None:
    """Rows go only into the tables they came from."""
    if manifest.format != FORMAT or manifest.migrations != applied():
        raise Refused(
            _("The backup of %(day)s was made by another version of the program. Restore it with that version, then upgrade.")
            % {"day": manifest.made_at[:10]}
        )  # fmt: skip


@contextmanager
def without_triggers(cursor: CursorWrapper, names: list[str]) -> Iterator[None]:
    """The rules looked at these rows when they were written; at the end check_books looks at all of them."""
    for name in names:
        cursor.execute(f"ALTER TABLE {connection.ops.quote_name(name)} DISABLE TRIGGER USER")
    yield
    for name in names:
        cursor.execute(f"ALTER TABLE {connection.ops.quote_name(name)} ENABLE TRIGGER USER")


@contextmanager
def without_foreign_keys(cursor: CursorWrapper) -> Iterator[None]:
    """Taken away and made again: each is checked once over the whole table instead of once for every row."""
    cursor.execute(
        "SELECT c.relname, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
        "WHERE k.contype = 'f' AND c.relnamespace = current_schema()::regnamespace ORDER BY 1, 2"
    )
    keys = cursor.fetchall()
    quote = connection.ops.quote_name
    for table, name, _definition in keys:
        cursor.execute(f"ALTER TABLE {quote(table)} DROP CONSTRAINT {quote(name)}")
    yield
    for table, name, definition in keys:
        cursor.execute(f"ALTER TABLE {quote(table)} ADD CONSTRAINT {quote(name)} {definition}")


def load_table(cursor: CursorWrapper, table: Table, archive: zipfile.ZipFile) -> None:
    with archive.open(f"{TABLES}{table.name}") as member, cursor.copy(f"COPY {copied(table)} FROM STDIN") as rows:
        while block := member.read(BLOCK):
            rows.write(block)


def load_files(archive: zipfile.ZipFile, media: Path) -> int:
    """Lay the files down under their names; a name that leads out of the folder is refused."""
    members = [info for info in archive.infolist() if info.filename.startswith(FILES)]
    for info in members:
        path = (media / info.filename.removeprefix(FILES)).resolve()
        if media.resolve() not in path.parents:
            raise Refused(_("The backup holds a file outside its folder: %(name)s") % {"name": info.filename})
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(info) as member, path.open("wb") as file:
            while block := member.read(BLOCK):
                file.write(block)
    return len(members)


def differences(manifest: Manifest) -> Iterator[str]:
    """A line for each table that does not hold exactly the rows of the backup: as many, and the same sum of hashes."""
    with connection.cursor() as cursor:
        for table in manifest.tables:
            now = state_of(cursor, table.name, table.columns)
            if (now.rows, now.checksum) != (table.rows, table.checksum):
                yield f"{table.name}: {now.rows} rows, {table.rows} in the backup" + (
                    "" if now.rows != table.rows else "; their content differs"
                )
