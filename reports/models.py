"""Targets of salespeople, and reports as they were issued: kept whole, never changed, revised by a new one."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.database import append_only
from backoffice.files.models import File
from backoffice.people.models import Person


@tracked()
class Target(models.Model):
    """What a salesperson is to sell in a month, with tax."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="targets", verbose_name=_("salesperson"))
    month = models.DateField(_("month"), help_text=_("its first day"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)

    class Meta:
        ordering = ["-month", "person"]
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.UniqueConstraint(fields=["person", "month"], name="target_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="target_first_of_month"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="target_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.month:%Y-%m}: {self.amount}"


class IssuedQuerySet(models.QuerySet["Issued"]):
    def visible_to(self, person: Person) -> "IssuedQuerySet":
        """A report of the whole company is for those who see everything (F9); of somebody's part also for them."""
        return self if person.sees_everything else self.filter(person=person)


@append_only
class Issued(models.Model):
    """A report as issued 存档报表: its figures, its files, the instant they are of. A correction is a revision beside it."""

    class Kind(models.TextChoices):
        DAILY = "daily_performance", _("Sales performance")
        CONTRACTS = "contract_statistics", _("Contract statistics")

    kind = models.CharField(_("report"), max_length=40, choices=Kind)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("of the part of"),
        help_text=_("empty: the whole company"),
    )
    period = models.CharField(_("period"), max_length=20)
    revision = models.PositiveSmallIntegerField(_("revision"), default=0)
    watermark = models.DateTimeField(_("figures of"))
    is_late = models.BooleanField(_("late"), default=False)
    figures = models.JSONField(_("figures"))
    changes = models.JSONField(_("what changed"), default=list)
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    chain_head = models.CharField(_("seal of the books"), max_length=64, blank=True)
    workbook = models.ForeignKey(File, models.PROTECT, related_name="+", verbose_name=_("Excel"))
    pdf = models.ForeignKey(File, models.PROTECT, null=True, related_name="+", verbose_name="PDF")
    made_at = models.DateTimeField(_("issued at"), auto_now_add=True)

    objects = IssuedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("issued report")
        verbose_name_plural = _("issued reports")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "period", "person", "revision"], name="issued_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period}" + (f" · {self.revision}" if self.revision else "")

    def get_absolute_url(self) -> str:
        return reverse("reports:issued-report", args=[self.pk])
