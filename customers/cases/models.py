"""Cases 客户反馈/投诉/挂失: what a customer is not content with, asks or has lost, and what became of it by when."""

import datetime
from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.audit import tracked
from backoffice.database import append_only, defaults
from backoffice.documents.models import Document, DocumentQuerySet
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.register.models import Record
from backoffice.stock.models import Product
from customers.cases.lifecycle import CASE, OF_LOSSES, UNSOLVED

MOST_DAYS = 10  # the duty: no case takes longer (C4)
IS_SOLVED = Q(state__in=["solved", "closed"])


class Nature(models.TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    ENQUIRY = "enquiry", _("Enquiry")
    LOSS = "loss", _("Loss report")


class CategoryQuerySet(models.QuerySet["Category"]):
    def visible_to(self, person: Person) -> Self:
        """Everybody who may open the page sees them all."""
        return self

    def active(self) -> Self:
        return self.filter(is_active=True)


@tracked()
class Category(models.Model):
    """What cases are about 类别, and in how many working days each has to be solved: the office's own table."""

    nature = models.CharField(_("kind"), max_length=10, choices=Nature)
    name = models.CharField(_("name"), max_length=60)
    days = models.PositiveSmallIntegerField(
        _("working days to solve it"), validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["nature", "pk"]
        verbose_name = _("category of cases")
        verbose_name_plural = _("categories of cases")
        constraints = [
            models.CheckConstraint(condition=Q(days__range=(1, MOST_DAYS)), name="case_category_days"),
            models.UniqueConstraint(fields=["nature", "name"], name="case_category_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cases:category", args=[self.pk])


FIRST_CATEGORIES: dict[str, tuple[tuple[str, int], ...]] = {
    Nature.COMPLAINT: (
        ("质量问题", 5), ("数量短少", 3), ("运输破损", 3), ("延误到货", 2), ("发错货", 2), ("发票差错", 3), ("价格争议", 5), ("服务态度", 3), ("其他投诉", 5),
    ),
    Nature.ENQUIRY: (("产品咨询", 2), ("价格与报价", 1), ("发货查询", 1), ("发票与对账", 2), ("意见建议", 5)),
    Nature.LOSS: (("经销商卡遗失", 3), ("合同原件遗失", 5), ("发票遗失", 10), ("提货单遗失", 1), ("授权书遗失", 5)),
}  # fmt: skip


@defaults
def lay_down_categories() -> None:
    """The usual categories, where the company has none of its own yet."""
    if not Category.objects.exists():
        rows = [
            Category(nature=nature, name=name, days=days)
            for nature, named in FIRST_CATEGORIES.items()
            for name, days in named
        ]
        Category.objects.bulk_create(rows)


class CaseQuerySet(DocumentQuerySet):
    def unsolved(self) -> Self:
        """Registered, and still without a solution."""
        return self.in_state(*UNSOLVED)

    def counted(self) -> Self:
        """What figures count: registered and not withdrawn."""
        return self.exclude(state__in=["draft", "cancelled"])

    def overdue(self, on: datetime.date) -> Self:
        """Not solved, and the deadline is past."""
        return self.unsolved().filter(due_on__lt=on)

    def late(self, on: datetime.date) -> Self:
        """Solved after the deadline, or past it without a solution."""
        return self.counted().filter(Q(solved_on__gt=F("due_on")) | Q(solved_on=None, due_on__lt=on))

    def due_for(self, person: Person, on: datetime.date) -> Self:
        """What somebody has to do by a day: their unsolved cases that are due or whose next step is."""
        return self.unsolved().filter(owner=person).filter(Q(due_on__lte=on) | Q(next_on__lte=on) | Q(state="open"))


class Case(Document):
    """A customer's complaint, enquiry or loss report (C4, C12). The document's amount is what the customer claims."""

    class Channel(models.TextChoices):
        PHONE = "phone", _("Telephone")
        MAIL = "mail", _("E-mail")
        CHAT = "chat", _("Chat")
        VISIT = "visit", _("Visit")
        LETTER = "letter", _("Letter")

    class Satisfaction(models.IntegerChoices):
        VERY = 5, _("very satisfied")
        SATISFIED = 4, _("satisfied")
        NEITHER = 3, _("neither")
        NOT = 2, _("not satisfied")
        NOT_AT_ALL = 1, _("not at all satisfied")

    lifecycle = CASE
    movable = (
        "escalation", "next_on", "barred_on", "replaced_on", "replacement_number", "cause", "solution", "cost", "solved_on",
        "closed_on", "satisfaction", "satisfaction_note", "due_on",
    )  # fmt: skip

    nature = models.CharField(_("kind"), max_length=10, choices=Nature)
    category = models.ForeignKey(Category, models.PROTECT, related_name="cases", verbose_name=_("category"))
    owner = models.ForeignKey(Person, models.PROTECT, related_name="cases", verbose_name=_("responsible"))
    channel = models.CharField(_("came by"), max_length=10, choices=Channel, default=Channel.PHONE)
    contact = models.CharField(_("reported by"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    subject = models.CharField(_("subject"), max_length=120)
    text = models.TextField(_("what was reported"))
    about = models.ForeignKey(
        Record, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("document concerned")
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("product")
    )
    quantity = models.DecimalField(
        _("quantity concerned"),
        max_digits=18,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    carrier = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("carrier")
    )
    lost_number = models.CharField(_("number of what was lost"), max_length=60, blank=True)
    due_on = models.DateField(pgettext_lazy("case", "deadline"), null=True, blank=True, editable=False)
    next_on = models.DateField(_("next step on"), null=True, blank=True, editable=False)
    escalation = models.PositiveSmallIntegerField(_("escalated"), default=0, editable=False)
    barred_on = models.DateField(_("barred on"), null=True, blank=True, editable=False)
    replaced_on = models.DateField(_("replaced on"), null=True, blank=True, editable=False)
    replacement_number = models.CharField(_("number of the replacement"), max_length=60, blank=True, editable=False)
    cause = models.CharField(_("cause"), max_length=200, blank=True, editable=False)
    solution = models.TextField(_("solution"), blank=True, editable=False)
    cost = models.DecimalField(_("what it cost us"), max_digits=18, decimal_places=2, default=0, editable=False)
    solved_on = models.DateField(_("solved on"), null=True, blank=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    satisfaction = models.PositiveSmallIntegerField(
        _("satisfaction"), choices=Satisfaction, null=True, blank=True, editable=False
    )
    satisfaction_note = models.CharField(_("what they said"), max_length=300, blank=True, editable=False)

    objects: ClassVar[CaseQuerySet] = CaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(Document.Meta):
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [
            models.Index(fields=["party", "-dated_on", "-id"], name="case_party"),
            models.Index(fields=["state", "due_on"], name="case_due"),
            models.Index(fields=["owner", "state"], name="case_owner"),
            models.Index(fields=["about"], name="case_about", condition=Q(about__isnull=False)),
            models.Index(fields=["-dated_on", "-id"], name="case_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(due_on__gt=F("dated_on")), name="case_deadline"
            ),
            models.CheckConstraint(
                condition=Q(nature=Nature.LOSS, state__in=["draft", *map(str, OF_LOSSES), "solved", "closed", "cancelled"])
                | (~Q(nature=Nature.LOSS) & ~Q(state__in=[*map(str, OF_LOSSES)])),
                name="case_way_of_its_kind",
            ),
            models.CheckConstraint(
                condition=~IS_SOLVED | (Q(solved_on__gte=F("dated_on")) & ~Q(solution="")), name="case_solution"
            ),
            models.CheckConstraint(
                condition=~Q(nature=Nature.LOSS) | ~IS_SOLVED
                | (Q(barred_on__isnull=False, replaced_on__gte=F("barred_on")) & ~Q(replacement_number="")),
                name="case_loss_was_replaced",
            ),
            models.CheckConstraint(condition=~Q(state="closed") | Q(closed_on__gte=F("solved_on")), name="case_closed"),
            models.CheckConstraint(condition=Q(satisfaction=None) | Q(satisfaction__range=(1, 5)), name="case_satisfaction"),
            models.CheckConstraint(condition=Q(escalation__lte=2), name="case_escalation"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="case_cost"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number or f"{self.subject} ({self.get_state_display()})"

    def is_late(self, on: datetime.date) -> bool:
        """Whether the deadline was or is missed."""
        return bool(self.due_on and self.state not in ("draft", "cancelled") and (self.solved_on or on) > self.due_on)

    @property
    def days_taken(self) -> int | None:
        """Calendar days from the report to the solution."""
        return (self.solved_on - self.dated_on).days if self.solved_on else None


@append_only
class CaseEntry(models.Model):
    """What was done about a case and when 处理过程: only ever added, so that it can be shown to whoever asks."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="entries", verbose_name=_("case"))
    happened_on = models.DateField(_("date"))
    text = models.TextField(_("what was done"))
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-happened_on", "-pk"]
        verbose_name = _("entry of a case")
        verbose_name_plural = _("entries of cases")

    def __str__(self) -> str:
        return self.text[:60]
