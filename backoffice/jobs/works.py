"""Long work that a person asked for: started with `start_work`, done in a worker, watched on any page, told of when it is over."""

import traceback
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from backoffice.audit.acting import acting
from backoffice.celery import wake
from backoffice.refusals import Refused

from .hooks import HOOKS
from .lease import LeaseLost, held, take
from .models import Work, WorkState
from .registry import WORKS, WorkKind

log = structlog.get_logger(__name__)
RUN_WORK = "backoffice.jobs.tasks.run_work"
PULSE_SECONDS = 1.0


class Cancelled(Exception):
    """The person asked to stop."""


class Progress:
    """What the function that works is given: who asked for what, and the means to say how far it is.

    What is said here is written once a second by the lease's own connection, so it shows although the work's transaction
    is still open.
    """

    def __init__(self, work: Work) -> None:
        self.work, self.args, self.by = work, work.args, work.by
        self._said: dict[str, Any] = {}
        self._stop = False

    def steps(self, *names: Any) -> None:
        """Which steps there will be."""
        self._said["steps"] = [str(name) for name in names]

    def step(self, total: int = 0, message: str = "") -> None:
        """The next step begins; `total` is how many it will count."""
        self._check()
        step = self._said.get("step", 0) + 1
        self._said |= {
            "step": step,
            "count": 0,
            "total": total,
            "message": str(message)[:300],
            "step_at": timezone.now(),
        }

    def advance(self, number: int = 1) -> None:
        """`number` more are done; cheap enough for every row."""
        self._check()
        self._said["count"] = self._said.get("count", 0) + number
        if self._said.get("total"):
            self._said["count"] = min(self._said["count"], self._said["total"])

    def say(self, message: str) -> None:
        """A line beside the bar."""
        self._said["message"] = str(message)[:300]

    def result(self, *, url: str = "", file: Any = None, message: str = "") -> None:
        """What the person opens when it is done."""
        if file is not None:
            self._said["result_file_id"] = file.pk
        if message:
            self.say(message)
        self._said["result_url"] = url

    def said(self, *, without_result: bool = False) -> dict[str, Any]:
        """A copy of what has been said so far, as column values; a result is kept only by work that ends well."""
        said = dict(self._said)
        return {name: value for name, value in said.items() if not (without_result and name.startswith("result_"))}

    def pulse(self) -> None:
        """Write it down and hear whether the person wants to stop; called from the lease's thread."""
        visible = self.said(without_result=True)
        mine = Work.objects.filter(pk=self.work.pk, lease_token=self.work.lease_token)
        if visible:
            mine.update(**visible)
        self._stop = mine.filter(cancel_asked=True).exists()

    def _check(self) -> None:
        if self._stop:
            raise Cancelled


def start_work(kind: str, *, by: Any, title: str = "", **args: Any) -> Work:
    """Ask for long work; it begins when this transaction is committed. Arguments are JSON: ids, dates as text."""
    label = WORKS[kind].label
    work = Work.objects.create(kind=kind, by=by, title=str(title or label)[:200], args=args)
    wake(RUN_WORK, work.pk)
    return work


def run_work(pk: int) -> bool:
    """Do it, unless it is done, cancelled or in other hands; whether it was done here."""
    work = _claim(pk)
    if work is None:
        return False
    kind = WORKS[work.kind]
    progress = Progress(work)
    assert work.lease_token
    with held(work.lease_token, every=PULSE_SECONDS, pulse=progress.pulse), translation.override(work.by.language):
        try:
            _perform(kind, progress)
            return True
        except LeaseLost:
            log.warning("work_taken_over", kind=work.kind, work=work.pk)
        except Cancelled:
            _end(progress, WorkState.CANCELLED, error=_("Stopped by you; nothing of it was kept."))
        except Exception as error:  # the person reads why, whatever it was
            log.exception("work_failed", kind=work.kind, work=work.pk)
            _end(progress, WorkState.FAILED, error=words_for_people(error))
    return False


def cancel_work(work: Work) -> None:
    """Stop it at its next row; what has not begun ends at once."""
    if Work.objects.filter(pk=work.pk, state=WorkState.WAITING).update(
        state=WorkState.CANCELLED, finished_at=timezone.now(), error=_("Stopped by you; nothing of it was kept.")
    ):
        return
    Work.objects.filter(pk=work.pk).unfinished().update(cancel_asked=True)


def words_for_people(error: Exception) -> str:
    """The sentence a person can act on; programming errors are named by their time in the log, not shown."""
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    last = traceback.format_exception_only(error)[-1].strip()
    return _("This could not be finished because of an error in the program (%(error)s). Nothing of it was kept.") % {
        "error": last[:200]
    }


def settle_lost_work(work: Work) -> None:
    """Its worker was lost: begin again, or say so. The row is locked by the caller."""
    kind = WORKS.get(work.kind)
    if kind and work.attempts < kind.tries and not work.cancel_asked:
        Work.objects.filter(pk=work.pk).update(state=WorkState.WAITING, lease_token=None)
        return
    words = _("The worker was lost %(times)s times. Nothing of it was kept; please start it again.") % {
        "times": work.attempts
    }
    Work.objects.filter(pk=work.pk).update(
        state=WorkState.FAILED, lease_token=None, finished_at=timezone.now(), error=words
    )
    _tell(work.pk)


def _perform(kind: WorkKind, progress: Progress) -> None:
    if not kind.whole:
        kind.function(progress)
        _end(progress, WorkState.DONE)
        return
    with transaction.atomic(), acting(progress.by, step=kind.name):
        kind.function(progress)
        _end(progress, WorkState.DONE)


@transaction.atomic
def _claim(pk: int) -> Work | None:
    waiting = Work.objects.select_for_update(skip_locked=True, of=("self",)).select_related("by")
    work = waiting.filter(pk=pk, state=WorkState.WAITING, kind__in=WORKS).first()
    if work is None:
        return None
    work.lease_token, work.attempts = take(), work.attempts + 1
    Work.objects.filter(pk=pk).update(
        state=WorkState.RUNNING, lease_token=work.lease_token, attempts=work.attempts, started_at=timezone.now()
    )
    return work


@transaction.atomic
def _end(progress: Progress, state: WorkState, error: str = "") -> None:
    """Over, where the token is still mine."""
    work = progress.work
    mine = Work.objects.filter(pk=work.pk, lease_token=work.lease_token, state=WorkState.RUNNING)
    said = progress.said() if state == WorkState.DONE else progress.said(without_result=True)
    if not mine.update(**said | {"state": state, "lease_token": None, "finished_at": timezone.now(), "error": error}):
        raise LeaseLost
    _tell(work.pk)


def _tell(pk: int) -> None:
    work = Work.objects.select_related("by").get(pk=pk)
    for act in HOOKS.on_work_over:
        act(work)
