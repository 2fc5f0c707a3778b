"""What people keep about lists: views they saved, and which rows left the program."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.database import append_only
from backoffice.people.models import Person, Role


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, person: Person) -> "SavedViewQuerySet":
        return self.filter(Q(owner=person) | Q(roles__overlap=list(person.roles)))


class SavedView(models.Model):
    """视图: a name for a query string, with its columns and order, for oneself or shared with roles. X15"""

    list_name = models.CharField(_("list"), max_length=60)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("query"), max_length=2000, blank=True)
    owner = models.ForeignKey(Person, verbose_name=_("owner"), on_delete=models.CASCADE, related_name="+")
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices), verbose_name=_("shared with"), default=list, blank=True
    )
    is_default = models.BooleanField(_("opens first"), default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(fields=("list_name", "owner", "name"), name="one_view_per_name"),
            models.UniqueConstraint(
                fields=("list_name", "owner"), condition=Q(is_default=True), name="one_default_view_per_list"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, person: Person) -> "ExportQuerySet":
        """One's own; the general manager and the administrator see all."""
        return self if person.has_role(Role.GM, Role.ADMINISTRATOR) else self.filter(person=person)


@append_only
class Export(models.Model):
    """导出记录: who took which rows out of the program, when, in which form; only ever added. F9"""

    class Format(models.TextChoices):
        XLSX = "xlsx", _("Excel workbook")
        CSV = "csv", _("CSV file")
        PDF = "pdf", _("PDF file")

    watermark = models.CharField(_("watermark"), max_length=16, unique=True)
    person = models.ForeignKey(Person, verbose_name=_("who"), on_delete=models.PROTECT, related_name="+")
    list_name = models.CharField(_("list"), max_length=60)
    format = models.CharField(_("format"), max_length=4, choices=Format.choices)
    query = models.CharField(_("query"), max_length=2000, blank=True)
    words = models.CharField(_("filter"), max_length=1000, blank=True)
    rows = models.PositiveIntegerField(_("rows"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=("-at",))]

    def __str__(self) -> str:
        return self.watermark
