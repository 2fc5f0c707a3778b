"""Files that people attach and papers that the program makes: stored under random names, found by their document."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backoffice.people.models import Person
from backoffice.register.models import Record


class File(models.Model):
    """One file: its content by SHA-256, its name as given, the document it belongs to."""

    record = models.ForeignKey(
        Record, models.PROTECT, null=True, blank=True, related_name="files", verbose_name=_("document")
    )
    label = models.CharField(_("label"), max_length=60, blank=True)
    original_name = models.CharField(_("name"), max_length=255)
    stored_name = models.CharField(max_length=80, unique=True, editable=False)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.original_name
