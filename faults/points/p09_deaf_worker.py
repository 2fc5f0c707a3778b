"""A worker that lives and consumes nothing, as Celery with Redis is known to do: the status page must say so."""

import time
from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone

from backoffice.celery import app
from backoffice.control import health
from backoffice.jobs.models import Heartbeat

from ..declare import Outcome, Run, fault
from ..program import program_on, wait_until

ALLOWED = next(allowed for name, _label, allowed, _tone in health.BEATS if name == "canary")


@fault(9, "seen on the status page, and over when it hears again", short=0, full=1, budget=60)
def a_worker_lives_and_consumes_nothing(run: Run) -> Outcome:
    """It is told to stop listening; process, queue and clock stay as they are."""
    wrong: list[str] = []
    with program_on(run.place, FAULTS_TICK="1") as program:
        program.worker()
        program.beat()
        run.set_out()
        for number in run.rounds():
            wrong += [f"{number}: never heard"] if not _heard() or _tone() != health.GOOD else []
            app.control.cancel_consumer("celery")
            time.sleep(3)  # what was taken before is done
            wrong += [f"{number}: still hears"] if _heard(3) else []
            wrong += [f"{number}: the page says {_tone(ALLOWED)}"] if _tone(ALLOWED) != health.BAD else []
            wrong += [f"{number}: the worker fell"] if not program.is_up("worker") else []
            app.control.add_consumer("celery")
        wrong += ["never heard again"] if not _heard() or _tone() != health.GOOD else []
        done = number + 1
    return Outcome(done, len(wrong), "; ".join(wrong))


def _heard(seconds: float = 30) -> bool:
    """Whether the canary sings from now on."""
    since = timezone.now()
    wait_until(lambda: Heartbeat.objects.filter(name="canary", at__gt=since).exists(), seconds)
    return Heartbeat.objects.filter(name="canary", at__gt=since).exists()


def _tone(later: timedelta = timedelta(0)) -> str:
    """What the page says of the workers, so much later."""
    now = timezone.now() + later
    label = next(str(label) for name, label, _allowed, _tone in health.BEATS if name == "canary")
    with patch.object(health.timezone, "now", lambda: now):
        return next(part.tone for part in health.parts() if str(part.name) == label)
