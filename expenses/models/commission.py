"""Commission 提成 (E7): plans with ordered lines, and the month's sheet that says row by row what was earned and why."""

import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.database.queries import among
from backoffice.documents.lines import DocumentLine
from backoffice.documents.models import Document, DocumentQuerySet
from backoffice.parties.models import Party
from backoffice.people.models import Person, Region, Role
from backoffice.register.models import Record
from backoffice.stock.models import Category, Product
from customers.models import Customer
from expenses.lifecycle import COMMISSION, COMPUTED, FROZEN, PAID

RATE: dict[str, Any] = {"max_digits": 9, "decimal_places": 6, "default": Decimal("0")}
MONEY: dict[str, Any] = {"max_digits": 18, "decimal_places": 2}
FIXED = (FROZEN.name, PAID.name)


class PlanQuerySet(models.QuerySet["CommissionPlan"]):
    def visible_to(self, person: Person) -> Self:
        sees = person.sees_everything or person.has_role(Role.MANAGER, Role.HR)
        return self if sees else self.none()


@tracked()
class CommissionPlan(models.Model):
    """What is earned on what 提成方案. Its lines are tried from the top and the first that fits decides; none, no commission."""

    class Basis(models.TextChoices):
        ORDER = "order", _("Orders")
        INVOICE = "invoice", _("Invoices")
        RECEIVED = "received", _("Invoices, as they are paid")
        COLLECTED = "collected", _("Money, as it comes in")

    class Rounding(models.TextChoices):
        LINE = "line", _("each row of the sheet")
        PERSON = "person", _("once for each person and month")

    name = models.CharField(_("name"), max_length=100)
    basis = models.CharField(_("basis"), max_length=10, choices=Basis, default=Basis.RECEIVED)
    rounding = models.CharField(_("rounded"), max_length=6, choices=Rounding, default=Rounding.LINE)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    note = models.TextField(_("remarks"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["name", "valid_from", "pk"]
        verbose_name = _("commission plan")
        verbose_name_plural = _("commission plans")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="plan_dates"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("expenses:commission_plan", args=[self.pk])

    def covers(self, day: datetime.date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    @property
    def is_used(self) -> bool:
        """Whether somebody looks at a sheet made by it, or was paid by one."""
        return self.sheet_lines.exclude(sheet__state=COMPUTED.name).exists()


@tracked()
class PlanLine(models.Model):
    """For what (an empty condition fits everything), and how much."""

    class Formula(models.TextChoices):
        NET = "net", _("percent of net")
        GROSS = "gross", _("percent of gross")
        MARGIN = "margin", _("percent of margin")
        UNIT = "unit", _("amount per unit")
        WHOLE = "whole", _("tier of the month's net, on all of it")
        SLICE = "slice", _("tiers of the month's net, slice by slice")

    TIERED = (Formula.WHOLE, Formula.SLICE)

    plan = models.ForeignKey(CommissionPlan, models.PROTECT, related_name="lines", verbose_name=_("commission plan"))
    position = models.PositiveIntegerField(_("line number"))
    salesperson = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("salesperson")
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product line")
    )
    grade = models.CharField(_("customer's grade"), max_length=1, choices=Customer.Grade, blank=True)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    formula = models.CharField(_("formula"), max_length=6, choices=Formula, default=Formula.NET)
    rate = models.DecimalField(_("commission rate"), **RATE)
    per_unit = models.DecimalField(_("amount per unit"), max_digits=18, decimal_places=4, default=Decimal("0"))

    class Meta:
        ordering = ["plan", "position"]
        verbose_name = _("line of a commission plan")
        verbose_name_plural = _("lines of a commission plan")
        constraints = [
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lte=1), name="plan_line_rate"),
            models.CheckConstraint(condition=Q(per_unit__gte=0), name="plan_line_per_unit"),
            models.UniqueConstraint(
                fields=["plan", "position"], name="plan_line_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.position}"


@tracked()
class Tier(models.Model):
    """From this amount of the month on, this rate."""

    line = models.ForeignKey(PlanLine, models.CASCADE, related_name="tiers", verbose_name=_("line"))
    start = models.DecimalField(_("from amount"), **MONEY)
    rate = models.DecimalField(_("commission rate"), **RATE)

    class Meta:
        ordering = ["line", "start"]
        verbose_name = _("tier")
        verbose_name_plural = _("tiers")
        constraints = [
            models.UniqueConstraint(fields=["line", "start"], name="tier_once"),
            models.CheckConstraint(condition=Q(start__gte=0, rate__gte=0, rate__lte=1), name="tier_rate"),
        ]

    def __str__(self) -> str:
        return f"{self.start} {self.rate}"


@tracked()
class Share(models.Model):
    """Whose part of the commission is how large; nobody named is the document's salesperson. Together 100 %."""

    line = models.ForeignKey(PlanLine, models.CASCADE, related_name="shares", verbose_name=_("line"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    share = models.DecimalField(_("share"), **RATE)

    class Meta:
        ordering = ["line", "pk"]
        verbose_name = _("share")
        verbose_name_plural = _("shares")
        constraints = [
            models.UniqueConstraint(fields=["line", "person"], name="share_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="share_part"),
        ]

    def __str__(self) -> str:
        return f"{self.person or '*'} {self.share}"


class SheetQuerySet(DocumentQuerySet):
    def visible_to(self, person: Person) -> Self:
        """Those who compute, review, pay: a salesperson sees their own rows, not the sheet."""
        sees = person.sees_everything or person.has_role(Role.MANAGER, Role.HR)
        return self if sees else self.none()


class CommissionSheet(Document):
    """What was earned in a month 提成表 (E7): computed on the 1st, reviewed, frozen, mailed to HR. One for each month."""

    lifecycle = COMMISSION

    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("party"))
    month = models.DateField(_("month"), unique=True)

    objects: ClassVar[Any] = SheetQuerySet.as_manager()

    class Meta(Document.Meta):
        ordering = ["-month"]
        verbose_name = _("commission sheet")
        verbose_name_plural = _("commission sheets")
        constraints = [models.CheckConstraint(condition=Q(month__day=1), name="sheet_month")]

    @property
    def is_fixed(self) -> bool:
        return self.state in FIXED


class CommissionLineQuerySet(models.QuerySet["CommissionLine"]):
    def visible_to(self, person: Person) -> Self:
        """A salesperson their own rows, once the sheet is frozen; who works on the sheet all of it."""
        own = Q(person=person, sheet__state__in=FIXED)
        return self.filter(among(CommissionSheet.objects.visible_to(person), "sheet") | own)

    def fixed(self) -> Self:
        return self.filter(sheet__state__in=FIXED)


class CommissionLine(DocumentLine):
    """One row of the sheet: this person, for this document, so much of so much, by this line of this plan.

    `key` names the happening (issued, reversed, an allocation …): what a fixed sheet has is in no later one.
    """

    document_field = "sheet"

    sheet = models.ForeignKey(CommissionSheet, models.PROTECT, related_name="lines", verbose_name=_("commission sheet"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("salesperson"))
    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="+", verbose_name=_("document"))
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", verbose_name=_("customer"))
    key = models.CharField(max_length=60, editable=False)
    happened_on = models.DateField(_("date"))
    plan = models.ForeignKey(
        CommissionPlan, models.PROTECT, related_name="sheet_lines", verbose_name=_("commission plan")
    )
    plan_position = models.PositiveIntegerField(_("line of the plan"), null=True)
    formula = models.CharField(_("formula"), max_length=6, choices=PlanLine.Formula, blank=True)
    base = models.DecimalField(_("base"), max_digits=18, decimal_places=3)
    rate = models.DecimalField(_("commission rate"), max_digits=18, decimal_places=6, default=Decimal("0"))
    share = models.DecimalField(_("share"), max_digits=9, decimal_places=6, default=Decimal("1"))
    exact = models.DecimalField(_("before rounding"), max_digits=18, decimal_places=4)
    commission = models.DecimalField(_("commission"), **MONEY)

    objects = CommissionLineQuerySet.as_manager()

    class Meta(DocumentLine.Meta):
        verbose_name = _("row of a commission sheet")
        verbose_name_plural = _("rows of a commission sheet")
        indexes = [
            models.Index(fields=["person", "sheet"], name="commission_person"),
            models.Index(fields=["key"], name="commission_key"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.position}"

    def get_absolute_url(self) -> str:
        return reverse("pages:document", args=[self.record_id]) if self.record_id else ""

    @property
    def is_correction(self) -> bool:
        return self.base < 0

    @property
    def happening(self) -> str:
        """What the row is about, in words."""
        words = {
            "booked": gettext("ordered"), "cancelled": gettext("order cancelled"), "issued": gettext("invoiced"),
            "reversed": gettext("reversed"), "rebate": gettext("credited to the customer"), "paid": gettext("paid"),
            "unpaid": gettext("payment taken back"), "money": gettext("money received"),
        }  # fmt: skip
        return words.get(self.key.partition(":")[0], "")

    @property
    def why(self) -> str:
        """The rule in words: «3 % of gross · line 2 of Plan A · share 50 %»."""
        if self.plan_position is None:
            return gettext("No line of «%(plan)s» fits: no commission.") % {"plan": self.plan}
        figure = f"{self.rate:.4f}" if self.formula == PlanLine.Formula.UNIT else f"{(self.rate * 100).normalize():f} %"
        rule = gettext("%(rate)s, %(formula)s · line %(line)d of «%(plan)s»") % {
            "rate": figure, "formula": self.get_formula_display(), "line": self.plan_position, "plan": self.plan,
        }  # fmt: skip
        return (
            rule
            if self.share == 1
            else f"{rule} · " + gettext("share %(share)s %%") % {"share": f"{(self.share * 100).normalize():f}"}
        )
