"""A backup that needs no program but ours: every row of one snapshot and every file, in one zip that says what it holds.

PostgreSQL's own dump tool must be of the server's major version and lie beside it, which is true of few machines
(docs/decisions/0015). Rows leave by COPY; the tables themselves are made by `migrate`, as anywhere.
"""

import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

MANIFEST, TABLES, FILES = "manifest.json", "tables/", "files/"
FORMAT = 1
LEFT_OUT = {"django_migrations", "django_session"}  # what migrate writes itself; who is signed in signs in again


@dataclass(frozen=True, slots=True)
class Table:
    """How many rows of a table there are, and the sum of their hashes: two tables agree when both do."""

    name: str
    columns: list[str]
    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: its tables as they stood, the sequences, the migrations they were made by, the files."""

    made_at: str
    migrations: list[str]
    tables: list[Table]
    sequences: dict[str, list[Any]]
    files: int = 0
    format: int = FORMAT
    server: str = ""

    @classmethod
    def read(cls, archive: zipfile.ZipFile) -> "Manifest":
        said = json.loads(archive.read(MANIFEST))
        return cls(**{**said, "tables": [Table(**table) for table in said["tables"]]})


def write_backup(into: IO[bytes], *, media: Path) -> Manifest:
    """Write rows and then files: a file may be there that the rows do not know yet, never the reverse."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=3, allowZip64=True) as archive:
        with snapshot() as cursor:
            tables = [state_of(cursor, name, columns) for name, columns in tables_of(cursor)]
            for table in tables:
                dump_table(cursor, table, archive)
            sequences = sequences_of(cursor)
        files = dump_files(archive, media)
        manifest = Manifest(
            timezone.now().isoformat(timespec="seconds"), applied(), tables, sequences, files, server=str(connection.pg_version)
        )  # fmt: skip
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
    return manifest


@contextmanager
def snapshot() -> Iterator[CursorWrapper]:
    """All of it as it stood at one moment, while everybody works on."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield cursor


def applied() -> list[str]:
    """The migrations that made these tables."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def tables_of(cursor: CursorWrapper) -> list[tuple[str, list[str]]]:
    """Every table with the columns that are written (not those PostgreSQL computes)."""
    cursor.execute(
        "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped "
        "AND a.attgenerated = '' GROUP BY c.relname ORDER BY c.relname"
    )
    return [(name, columns) for name, columns in cursor.fetchall() if name not in LEFT_OUT]


def state_of(cursor: CursorWrapper, name: str, columns: list[str]) -> Table:
    listed = ", ".join(connection.ops.quote_name(column) for column in columns)
    cursor.execute(
        f"SELECT count(*), coalesce(sum(hashtextextended(ROW({listed})::text, 0)::numeric), 0)::text "
        f"FROM {connection.ops.quote_name(name)}"
    )
    rows, checksum = cursor.fetchone()
    return Table(name, columns, rows, checksum)


def dump_table(cursor: CursorWrapper, table: Table, archive: zipfile.ZipFile) -> None:
    with (
        archive.open(f"{TABLES}{table.name}", "w", force_zip64=True) as member,
        cursor.copy(f"COPY {copied(table)} TO STDOUT") as rows,
    ):
        for block in rows:
            member.write(block)


def copied(table: Table) -> str:
    """Table and columns as COPY wants them."""
    quote = connection.ops.quote_name
    return f"{quote(table.name)} ({', '.join(quote(column) for column in table.columns)})"


def sequences_of(cursor: CursorWrapper) -> dict[str, list[Any]]:
    cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1")
    found = {}
    for (name,) in cursor.fetchall():
        cursor.execute(f"SELECT last_value, is_called FROM {connection.ops.quote_name(name)}")
        found[name] = list(cursor.fetchone())
    return found


def dump_files(archive: zipfile.ZipFile, media: Path) -> int:
    """The files as they are: they never change once written, and most are compressed already."""
    count = 0
    for folder, _below, names in os.walk(media):
        for name in sorted(names):
            path = Path(folder, name)
            archive.write(path, FILES + path.relative_to(media).as_posix(), zipfile.ZIP_STORED)
            count += 1
    return count
