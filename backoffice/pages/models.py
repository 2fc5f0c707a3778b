"""What the pages remember for each person: forms not yet saved, and what they looked up last."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.people.models import Person


class Draft(models.Model):
    """What somebody typed into a form and has not saved, kept by itself while they type; may be wrong or half done."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"))
    path = models.CharField(max_length=300)
    fields = models.JSONField(default=dict)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("unsaved form")
        verbose_name_plural = _("unsaved forms")
        constraints = [models.UniqueConstraint(fields=["person", "path"], name="draft_once")]
        indexes = [models.Index(fields=["path", "-changed_at"], name="draft_path")]

    def __str__(self) -> str:
        return f"{self.person}: {self.path}"


class Used(models.Model):
    """A row somebody chose in a look-up; recent ones come first the next time."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"))
    lookup = models.CharField(max_length=40)
    row = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("recent choice")
        verbose_name_plural = _("recent choices")
        constraints = [models.UniqueConstraint(fields=["person", "lookup", "row"], name="used_once")]
        indexes = [models.Index(fields=["person", "lookup", "-at"], name="used_recently")]

    def __str__(self) -> str:
        return f"{self.lookup} {self.row}"
