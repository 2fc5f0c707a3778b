"""What the worker and the clock do on a journey, called by name so that the walk stays the same at every run."""

from django.utils import timezone

from backoffice.jobs.models import DueRun, Work
from backoffice.jobs.runs import run_due
from backoffice.jobs.works import run_work
from backoffice.outbox.sending import send_waiting


def do_what_waits() -> None:
    """Work that people asked for; each must end well."""
    for work in Work.objects.filter(state="waiting").order_by("pk"):
        assert run_work(work.pk), Work.objects.get(pk=work.pk).error


def strike(job: str) -> None:
    """The job's hour has come: its run of today falls due this minute, and the worker does it."""
    now, today = timezone.now(), timezone.localdate().isoformat()
    DueRun.objects.create(job=job, period=today, due_at=now, watermark=now, not_before=now)
    assert run_due(job, today), DueRun.objects.get(job=job, period=today).error


def carry_mail() -> int:
    """The outbox to the mail server; how many left."""
    return send_waiting()
