"""Imports: each sheet brought in is a row that says who, what, how it went; and mappings are remembered."""

import uuid
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.files.models import File
from backoffice.people.models import Person, Role
from backoffice.sheets.declared import REGISTRY, Problem, Sheet

APPLIERS = (Role.FINANCE, Role.MANAGER, Role.ADMINISTRATOR)  # who may apply what somebody else uploaded


class State(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")
    CHECKED = "checked", _("Checked")
    FAILED = "failed", _("To be mended")
    APPLIED = "applied", _("Applied")
    UNDONE = "undone", _("Withdrawn")


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, person: Person) -> "BatchQuerySet":
        """One's own, and for those who may apply another's: all."""
        return self if person.has_role(*APPLIERS) else self.filter(uploaded_by=person)

    def open(self) -> "BatchQuerySet":
        return self.exclude(state__in=(State.APPLIED, State.UNDONE))


@tracked(leave_out=("errors", "mapping"))
class Batch(models.Model):
    """导入批次: one sheet of one file, on its way from upload to applied. Sheets uploaded together share `group`. X25"""

    group = models.UUIDField(_("upload"), default=uuid.uuid4, db_index=True, editable=False)
    kind = models.CharField(_("what"), max_length=40)
    file = models.ForeignKey(File, models.PROTECT, related_name="+", verbose_name=_("file"))
    table = models.CharField(_("sheet"), max_length=100, blank=True)
    sha256 = models.CharField(max_length=64)
    heading_at = models.PositiveSmallIntegerField(default=0)
    mapping = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    leave_out = models.BooleanField(_("wrong rows are left out"), default=False)
    is_opening = models.BooleanField(_("past documents in their final state"), default=False)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    counts = models.JSONField(default=dict)
    errors = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    wrong_rows = models.PositiveIntegerField(_("wrong rows"), default=0)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    applied_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("applied by")
    )
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-pk",)
        indexes = [models.Index(fields=("state", "-uploaded_at"), name="batch_state")]
        constraints = [
            models.UniqueConstraint(
                fields=("kind", "sha256", "table"), condition=Q(state="applied"), name="batch_file_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="applied") | Q(applied_by__isnull=False, applied_at__isnull=False),
                name="batch_applied_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(is_opening=False) | ~Q(applied_by=F("uploaded_by")), name="batch_opening_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.file.original_name}"

    def get_absolute_url(self) -> str:
        return reverse("sheets:group", args=[self.group])

    @property
    def sheet(self) -> type[Sheet]:
        return REGISTRY[self.kind]

    @property
    def title(self) -> Any:
        return self.sheet.title if self.kind in REGISTRY else self.kind

    @property
    def problems(self) -> list[Problem]:
        return [Problem(*error) for error in self.errors]

    @property
    def can_apply(self) -> bool:
        return self.state == State.CHECKED and (self.leave_out or not self.errors)


class Remembered(models.Model):
    """Which column fed which field the last time a heading of these names came; taken again the next time.

    Under an empty heading: what the words of the columns meant, for every sheet of the kind.
    """

    kind = models.CharField(max_length=40)
    heading = models.CharField(max_length=64, blank=True)
    mapping = models.JSONField(default=dict)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("remembered mapping")
        verbose_name_plural = _("remembered mappings")
        constraints = [models.UniqueConstraint(fields=("kind", "heading"), name="mapping_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.heading[:8]}"
