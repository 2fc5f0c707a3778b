"""The log of changes on another disk, and what it is kept for: a base and the log put onto an empty one."""

import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from embedded.place import ROOT

from .place import Place

SECONDS = 2  # archive_timeout, 50 in an installation
HAND_OVER = 10  # what is left of the minute for the piece to arrive
EMPTY = {"pg_wal", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans"}
SETTINGS = """
archive_mode = on
archive_timeout = {seconds}
archive_command = 'WAL_FOLDER={wal} sh {script} %p %f'
restore_command = 'gunzip < {wal}/%f.gz > %p'
"""


class KeptLog:
    """`disk` stands for the other disk: the log comes there by the installation's own script, bases lie beside it."""

    def __init__(self, place: Place) -> None:
        self.place, self.cluster = place, place.server.cluster
        self.disk = self.cluster.parent / "other-disk"
        self.wal, self.base = self.disk / "wal", self.disk / "base"
        self.of_base: set[Path] = set()

    def begin(self) -> None:
        shutil.rmtree(self.disk, ignore_errors=True)
        self.wal.mkdir(parents=True)
        script = Path(shutil.copy(ROOT / "deploy" / "archive.sh", self.disk))
        self.place.server.hand_over(self.disk)
        self._configure(SETTINGS.format(seconds=SECONDS, wal=self.wal, script=script))

    def end(self) -> None:
        self._configure("")
        shutil.rmtree(self.disk, ignore_errors=True)

    def _configure(self, settings: str) -> None:
        """What ALTER SYSTEM would write; asked to end in order and put up again."""
        (self.cluster / "postgresql.auto.conf").write_text(settings)
        connection.close()  # ours would break
        self.place.service("postgres").stop()
        self.place.revive("postgres")

    def make_base(self) -> None:
        """A copy of the server while people write, by the functions that `pg_basebackup` calls."""
        shutil.rmtree(self.base, ignore_errors=True)
        with self.place.owner("postgres") as connection:
            connection.execute("SELECT pg_backup_start('base', fast => true)")
            shutil.copytree(self.cluster, self.base, ignore=left_out, copy_function=copy_what_is_there)
            told = connection.execute("SELECT labelfile FROM pg_backup_stop()").fetchone()
        assert told
        (self.base / "backup_label").write_text(told[0])
        self.of_base = set(self.wal.iterdir())

    def lose_the_disk(self) -> None:
        connection.close()
        self.place.kill("postgres", signal.SIGKILL)
        shutil.rmtree(self.cluster)

    def put_back(self, *, since_base: bool = True) -> None:
        """The base onto an empty disk, and the log replayed onto it as far as there is any (docs/operations.md)."""
        for piece in () if since_base else set(self.wal.iterdir()) - self.of_base:
            piece.unlink()
        shutil.copytree(self.base, self.cluster)
        (self.cluster / "recovery.signal").touch()
        self.cluster.chmod(0o700)
        self.place.server.hand_over(self.cluster)
        self.place.revive("postgres")


@contextmanager
def log_kept(place: Place) -> Iterator[KeptLog]:
    log = KeptLog(place)
    log.begin()
    try:
        yield log
    finally:
        log.end()


def left_out(folder: str, names: list[str]) -> list[str]:
    """What a server makes anew or finds in the log."""
    return names if Path(folder).name in EMPTY else [name for name in names if name.startswith("postmaster.")]


def copy_what_is_there(source: str, target: str) -> None:
    """A file may go while one looks: the log knows."""
    try:
        shutil.copy2(source, target)
    except FileNotFoundError:
        Path(target).unlink(missing_ok=True)
