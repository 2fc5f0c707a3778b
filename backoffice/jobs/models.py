"""The memory of all work that nobody waits for: what is due, who holds it, how it ended."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.audit import tracked


class Holiday(models.Model):
    """节假日与调休: a day that differs from Monday-to-Friday; the office may overrule what was published."""

    day = models.DateField(_("Day"), unique=True)
    is_working = models.BooleanField(_("Working day"), default=False)
    name = models.CharField(_("Name"), max_length=60, blank=True)

    class Meta:
        ordering = ["day"]
        verbose_name = _("Holiday or make-up day")
        verbose_name_plural = _("Holidays and make-up days")

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


tracked()(Holiday)


class Schedule(models.Model):
    """Up to which instant a job's periods have been written down as due; begins when the job is first seen."""

    job = models.CharField(max_length=80, primary_key=True)
    planned_until = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.job


class Lease(models.Model):
    """The proof that somebody alive holds a piece of work; its token fences off whoever held it before."""

    token = models.UUIDField(primary_key=True, default=uuid.uuid4)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.token)


class Heartbeat(models.Model):
    """心跳: when a part of the machinery was last seen at work."""

    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def beat(cls, name: str, note: str = "") -> None:
        """Say «`name` is at work now»."""
        cls.objects.update_or_create(name=name, defaults={"at": Now(), "note": note[:200]})


class RunState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Skipped")
    DEAD = "dead", _("Given up")


class DueRunQuerySet(models.QuerySet["DueRun"]):
    def ready(self, now: datetime) -> "DueRunQuerySet":
        """What may be started now, the oldest due first."""
        return self.filter(state=RunState.WAITING, not_before__lte=now).order_by("due_at")

    def abandoned(self) -> "DueRunQuerySet":
        """Running by its state, but whoever ran it no longer renews the lease."""
        alive = Lease.objects.filter(token=models.OuterRef("lease_token"), until__gt=Now())
        return self.filter(Q(state=RunState.RUNNING) & ~models.Exists(alive))

    def unfinished(self) -> "DueRunQuerySet":
        return self.filter(state__in=(RunState.WAITING, RunState.RUNNING))


class DueRun(models.Model):
    """到期任务: one period of one job. The row is the lock, the memory and the administrator's page."""

    pk = models.CompositePrimaryKey("job", "period")
    job = models.CharField(_("Job"), max_length=80)
    period = models.CharField(_("Period"), max_length=40)
    due_at = models.DateTimeField(_("Due"))
    watermark = models.DateTimeField(_("Figures up to"))
    state = models.CharField(_("State"), max_length=10, choices=RunState.choices, default=RunState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0)
    not_before = models.DateTimeField(default=timezone.now)
    lease_token = models.UUIDField(null=True)
    started_at = models.DateTimeField(_("Started"), null=True)
    finished_at = models.DateTimeField(_("Finished"), null=True)
    is_late = models.BooleanField(_("Late"), default=False)
    sha256 = models.CharField(max_length=64, blank=True)
    result = models.CharField(_("Result"), max_length=200, blank=True)
    error = models.TextField(_("Error"), blank=True)

    objects = DueRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("Due run")
        verbose_name_plural = _("Due runs")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", lease_token__isnull=False)
                | (~Q(state="running") & Q(lease_token__isnull=True)),
                name="due_run_held_while_running",
                violation_error_message=_("A run is held by a worker exactly while it is running."),
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False),
                name="due_run_done_has_an_end",
                violation_error_message=_("A run that is done has an end."),
            ),
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state__in=("waiting", "running")), name="due_run_open"),
            models.Index(fields=["-due_at"], name="due_run_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.period}"

    @property
    def day(self) -> date:
        """The calendar day of the due instant, in the company's zone."""
        return timezone.localdate(self.due_at)

    @property
    def duration(self) -> timedelta | None:
        return self.finished_at - self.started_at if self.finished_at and self.started_at else None


class WorkState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", pgettext_lazy("work", "Cancelled")


class WorkQuerySet(models.QuerySet["Work"]):
    def abandoned(self) -> "WorkQuerySet":
        alive = Lease.objects.filter(token=models.OuterRef("lease_token"), until__gt=Now())
        return self.filter(Q(state=WorkState.RUNNING) & ~models.Exists(alive))

    def unfinished(self) -> "WorkQuerySet":
        return self.filter(state__in=(WorkState.WAITING, WorkState.RUNNING))

    def visible_to(self, person: Any) -> "WorkQuerySet":
        """One's own."""
        return self.filter(by_id=person.pk)


class Work(models.Model):
    """后台工作: something long that a person asked for; it goes on when they leave and tells when it is done."""

    kind = models.CharField(max_length=80)
    title = models.CharField(_("Title"), max_length=200)
    args = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="works", verbose_name=_("Started by")
    )
    state = models.CharField(_("State"), max_length=10, choices=WorkState.choices, default=WorkState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    cancel_asked = models.BooleanField(default=False)
    steps = models.JSONField(default=list)
    step = models.PositiveSmallIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    error = models.TextField(_("Error"), blank=True)
    result_url = models.CharField(max_length=500, blank=True)
    result_file = models.ForeignKey("files.File", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(_("Asked for"), default=timezone.now)
    started_at = models.DateTimeField(_("Started"), null=True)
    step_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("Finished"), null=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("Background work")
        verbose_name_plural = _("Background work")
        indexes = [
            models.Index(fields=["by", "-created_at"], name="work_of_person"),
            models.Index(fields=["created_at"], condition=Q(state__in=("waiting", "running")), name="work_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", lease_token__isnull=False)
                | (~Q(state="running") & Q(lease_token__isnull=True)),
                name="work_held_while_running",
                violation_error_message=_("Work is held by a worker exactly while it is running."),
            ),
            models.CheckConstraint(
                condition=Q(total=0) | Q(count__lte=F("total")),
                name="work_count_within_total",
                violation_error_message=_("Work cannot count beyond its total."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in (WorkState.WAITING, WorkState.RUNNING)

    @property
    def percent(self) -> int | None:
        """How much of the present step is done, where it can be counted."""
        return self.count * 100 // self.total if self.total else None

    @property
    def seconds_left(self) -> int | None:
        """How long the present step still takes at its pace so far."""
        if not (self.step_at and self.count and self.total):
            return None
        spent = (timezone.now() - self.step_at).total_seconds()
        return round(spent / self.count * (self.total - self.count))

    @property
    def step_name(self) -> str:
        return str(self.steps[self.step - 1]) if 0 < self.step <= len(self.steps) else ""
