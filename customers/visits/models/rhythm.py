"""How often a customer hears from us: a rhythm for each grade, and what single customers wish instead."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.audit import tracked
from backoffice.database import defaults
from backoffice.parties.models import Party
from customers.models import Customer

LONGEST = 730


class Way(models.TextChoices):
    """How we talk with a customer."""

    CALL = "call", _("Call")
    VISIT = "visit", pgettext_lazy("to a customer", "Visit")


@tracked()
class Rhythm(models.Model):
    """Every how many days customers of a grade are called or visited 回访周期 (C3); empty: not by itself."""

    class By(models.TextChoices):
        ASSISTANT = "assistant", _("Serving assistant")
        SALESPERSON = "salesperson", _("Salesperson")

    grade = models.CharField(_("grade"), max_length=1, choices=Customer.Grade)
    way = models.CharField(_("way"), max_length=10, choices=Way)
    days = models.PositiveSmallIntegerField(_("every so many days"), null=True, blank=True)
    by = models.CharField(_("done by"), max_length=12, choices=By, default=By.ASSISTANT)

    class Meta:
        ordering = ["grade", "way"]
        verbose_name = _("rhythm of calls")
        verbose_name_plural = _("rhythms of calls")
        constraints = [
            models.UniqueConstraint(fields=["grade", "way"], name="rhythm_once"),
            models.CheckConstraint(condition=Q(days=None) | Q(days__range=(1, LONGEST)), name="rhythm_days"),
        ]

    def __str__(self) -> str:
        return f"{self.grade} · {self.get_way_display()}"


@tracked(party="party_id")
class Wish(models.Model):
    """What one customer agreed with us instead of the rhythm of the grade; no days: we do not call by ourselves."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="call_wishes", verbose_name=_("party"))
    way = models.CharField(_("way"), max_length=10, choices=Way)
    days = models.PositiveSmallIntegerField(_("every so many days"), null=True, blank=True)
    best_time = models.CharField(_("best time"), max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ["party", "way"]
        verbose_name = _("wish about calls")
        verbose_name_plural = _("wishes about calls")
        constraints = [
            models.UniqueConstraint(fields=["party", "way"], name="wish_once"),
            models.CheckConstraint(condition=Q(days=None) | Q(days__range=(1, LONGEST)), name="wish_days"),
        ]

    def __str__(self) -> str:
        return f"{self.party} · {self.get_way_display()}"


BY = Rhythm.By
USUAL = {
    Way.CALL: (BY.ASSISTANT, {"A": 14, "B": 30, "C": 60, "D": None}),
    Way.VISIT: (BY.SALESPERSON, {"A": 60, "B": 120, "C": None, "D": None}),
}


@defaults
def usual_rhythms() -> None:
    """What an office begins with; the manager sets the days."""
    for way, (by, days) in USUAL.items():
        for grade in Customer.Grade:
            Rhythm.objects.get_or_create(grade=grade, way=way, defaults={"days": days[grade], "by": by})
