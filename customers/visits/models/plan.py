"""The telephone-sales plan 电话销售计划: whom to call about what until when, with the figures of those who call."""

import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.stock.models import Product


class CallPlanQuerySet(models.QuerySet["CallPlan"]):
    def visible_to(self, person: Person) -> "CallPlanQuerySet":
        """Plans belong to the office; their calls are seen by whom the customers concern."""
        return self

    def running(self, on: datetime.date) -> "CallPlanQuerySet":
        return self.filter(closed_at=None, starts_on__lte=on)


@tracked()
class CallPlan(models.Model):
    """Calls that are to sell something in a span of time (C3). Its calls are visits that carry the plan."""

    name = models.CharField(_("name"), max_length=100)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    script = models.TextField(_("what to say"), blank=True)
    goal = models.DecimalField(
        _("goal for each person"), max_digits=18, decimal_places=2, null=True, blank=True,
        help_text=_("Orders of the customers who were called, from the call to the end of the plan."),
    )  # fmt: skip
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("author"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CallPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("telephone-sales plan")
        verbose_name_plural = _("telephone-sales plans")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="call_plan_dates"),
            models.CheckConstraint(condition=Q(goal=None) | Q(goal__gt=0), name="call_plan_goal"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("visits:call_plan", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    def without_call(self, parties: models.QuerySet[Party]) -> models.QuerySet[Party]:
        """Those of the parties whom this plan does not have yet."""
        return parties.exclude(Exists(self.calls.filter(party=OuterRef("pk"))))
