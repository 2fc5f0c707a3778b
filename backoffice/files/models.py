"""Files: scans, workbooks, letters; outside the web root, under a random name, seen by whoever sees their document."""

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.database import trigger
from backoffice.database.queries import among
from backoffice.register.models import Record


def random_key() -> str:
    """The name on disk and in addresses: nobody can guess it, nothing can be read from it."""
    return secrets.token_hex(16)


class FileQuerySet(models.QuerySet["File"]):
    def visible_to(self, person: Any) -> "FileQuerySet":
        """With the document; a file that belongs to no document is its owner's alone."""
        return self.filter(
            among(Record.objects.visible_to(person), "record") | Q(record__isnull=True, uploaded_by_id=person.pk)
        )

    def of(self, record: Any) -> "FileQuerySet":
        """The files of one document, in the order they came."""
        return self.filter(record_id=record.pk).order_by("uploaded_at", "pk")


class File(models.Model):
    """附件: what was put on file, by its hash."""

    class Label(models.TextChoices):
        OTHER = "other", _("Other")
        SCAN = "scan", _("Scan")
        CONTRACT = "contract", _("Signed contract")
        RECEIPT = "receipt", _("Receipt or voucher")
        PROOF = "proof", _("Proof of delivery")
        CERTIFICATE = "certificate", _("Licence or certificate")
        WORKBOOK = "workbook", _("Workbook")
        ISSUED = "issued", _("Issued by the program")

    stored_name = models.CharField(max_length=80, unique=True, default=random_key, editable=False)
    original_name = models.CharField(_("Name"), max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("Size"))
    sha256 = models.CharField(max_length=64)
    label = models.CharField(_("Kind"), max_length=20, choices=Label.choices, default="other")
    record = models.ForeignKey(
        Record, null=True, blank=True, on_delete=models.PROTECT, related_name="files", verbose_name=_("Document")
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("Uploaded by")
    )
    uploaded_at = models.DateTimeField(_("At"), default=timezone.now)

    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("File")
        verbose_name_plural = _("Files")
        ordering = ["uploaded_at", "pk"]
        indexes = [models.Index(fields=["record", "uploaded_at"], name="file_of_record")]
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="file_sha256",
                violation_error_message=_("A file has its SHA-256."),
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0), name="file_not_empty", violation_error_message=_("The file is empty.")
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    def get_absolute_url(self) -> str:
        return reverse("files:download", args=[self.stored_name])

    @property
    def path(self) -> Path:
        """Where its bytes are."""
        return Path(settings.MEDIA_ROOT) / "files" / self.stored_name[:2] / self.stored_name

    def read(self) -> bytes:
        """All of its bytes."""
        return self.path.read_bytes()

    @property
    def extension(self) -> str:
        return self.original_name.rpartition(".")[2].lower()

    @property
    def is_picture(self) -> bool:
        return self.content_type in ("image/png", "image/jpeg", "image/webp")


tracked(record="record_id", leave_out=("stored_name",))(File)
trigger(File, "fixed", "BEFORE UPDATE OR DELETE", "file_stays_with_fixed_document")
