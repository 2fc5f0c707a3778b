"""How the machinery stands: what «the process is up» does not prove."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backoffice.jobs.calendar import is_known
from backoffice.jobs.models import DueRun, Heartbeat, RunState
from backoffice.outbox.selectors import outbox_figures

GOOD, WARN, BAD = "good", "warn", "bad"
LEAST_FREE = 0.1
STUCK_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Part:
    """One part of the machinery: how it stands, in a word and a sentence, and since when."""

    name: str | Promise
    tone: str
    words: str
    at: datetime | None = None
    url: str = ""


# Who must be seen how often; what has never been seen is only a warning where it need not run at all.
BEATS: list[tuple[str, str | Promise, timedelta, str]] = [
    ("beat", gettext_lazy("Clock (beat)"), timedelta(seconds=100), BAD),
    ("reconcile", gettext_lazy("Planner"), timedelta(seconds=100), BAD),
    ("canary", gettext_lazy("Workers"), timedelta(seconds=150), BAD),
    ("long work", gettext_lazy("Workers for long work"), timedelta(minutes=15), BAD),
    ("books", gettext_lazy("Check of the books"), timedelta(minutes=40), WARN),
    ("backup", gettext_lazy("Backup"), timedelta(hours=26), WARN),
    ("restore_drill", gettext_lazy("Backup restored for a trial"), timedelta(hours=26), WARN),
]


def database_answers() -> bool:
    """PostgreSQL takes a query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


_migrated = False


def is_migrated() -> bool:
    """No migration waits; asked until it is true, then known, for a new version is a new process."""
    global _migrated
    if not _migrated:
        try:
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        except DatabaseError:
            return False
    return _migrated


def queue_answers() -> bool:
    """Redis or Valkey answers within a second."""
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def readiness() -> tuple[bool, dict[str, str]]:
    """Whether this process can serve people, and each part in a word.

    Without the queue people enter and post work as ever (what is due waits in PostgreSQL), so its absence is told
    («degraded») but takes nobody out of service.
    """
    database = database_answers()
    parts = {
        "database": "ok" if database else "away",
        "migrations": "ok" if database and is_migrated() else "waiting",
        "queue": "ok" if queue_answers() else "degraded",
    }
    return parts["database"] == parts["migrations"] == "ok", parts


def parts() -> list[Part]:
    """Everything the administrator looks at, the machinery first."""
    checks: list[Callable[[], list[Part]]] = [_queue, _beats, _runs, _mails, _calendar, _disk]
    return [part for check in checks for part in check()]


def _queue() -> list[Part]:
    answers = queue_answers()
    words = _("answers") if answers else _("does not answer: work is accepted and begins when it is back")
    return [Part(_("Queue (Redis)"), GOOD if answers else BAD, words)]


def _beats() -> list[Part]:
    seen = {beat.name: beat for beat in Heartbeat.objects.all()}
    found = []
    for name, label, allowed, tone in BEATS:
        beat = seen.get(name)
        if beat is None:
            found.append(Part(label, tone, _("has not been seen yet")))
        elif timezone.now() - beat.at > allowed:
            found.append(Part(label, tone, beat.note or _("has not been seen for too long"), beat.at))
        else:
            found.append(Part(label, _tone_of(beat), beat.note or _("at work"), beat.at))
    return found


def _tone_of(beat: Heartbeat) -> str:
    """A note that begins with «!» is a finding, not a greeting."""
    return BAD if beat.note.startswith("!") else GOOD


def _runs() -> list[Part]:
    dead = DueRun.objects.filter(state=RunState.DEAD).count()
    late = DueRun.objects.unfinished().filter(due_at__lt=timezone.now() - STUCK_AFTER).order_by("due_at").first()
    if dead:
        return [Part(_("Due runs"), BAD, _("%(number)s given up") % {"number": dead}, url="/jobs/")]
    if late:
        return [Part(_("Due runs"), WARN, _("%(job)s is overdue") % {"job": late.job}, late.due_at, "/jobs/")]
    return [Part(_("Due runs"), GOOD, _("all done up to now"), url="/jobs/")]


def _mails() -> list[Part]:
    figures = outbox_figures()
    if figures.dead:
        words = ngettext("%(number)s mail given up", "%(number)s mails given up", figures.dead)
        return [Part(_("Outbox"), BAD, words % {"number": figures.dead}, url="/outbox/?state=dead")]
    if figures.is_stuck:
        words = ngettext("%(number)s mail waits", "%(number)s mails wait", figures.waiting) % {
            "number": figures.waiting
        }
        return [Part(_("Outbox"), WARN, words, figures.oldest_waiting, "/outbox/?state=waiting")]
    return [Part(_("Outbox"), GOOD, _("%(number)s sent today") % {"number": figures.sent_today}, url="/outbox/")]


def _calendar() -> list[Part]:
    today = timezone.localdate()
    year = today.year + (today.month == 12)
    if is_known(year):
        return [Part(_("Working days"), GOOD, _("holidays of %(year)s are known") % {"year": year}, url="/holidays/")]
    words = _("holidays of %(year)s are not entered: only weekends are free") % {"year": year}
    return [Part(_("Working days"), WARN, words, url="/holidays/")]


def _disk() -> list[Part]:
    folder = settings.MEDIA_ROOT if settings.MEDIA_ROOT.exists() else settings.BASE_DIR
    usage = shutil.disk_usage(folder)
    free = usage.free / usage.total
    return [
        Part(_("Disk"), GOOD if free > LEAST_FREE else BAD, _("{percent} % free").format(percent=round(free * 100)))
    ]
