"""A reception 客户接待: guests, meals and what they cost, planned, agreed to, held, and tied to its expense."""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.documents.lines import DocumentLine
from backoffice.documents.models import Document, DocumentQuerySet
from backoffice.people.models import Person
from backoffice.register.models import Record
from customers.visits.lifecycle import HOSTED, RECEPTION

ZERO = Decimal("0.00")


class ReceptionQuerySet(DocumentQuerySet):
    def unsettled(self) -> Self:
        """Held, but not yet tied to an expense claim."""
        return self.in_state(HOSTED)


class Reception(Document):
    """Guests of a customer (C5). `amount` is the budget that was agreed to, `actual` what it came to."""

    lifecycle = RECEPTION
    movable: ClassVar[tuple[str, ...]] = ("hosted_on", "actual", "outcome", "claim_id")

    purpose = models.CharField(_("purpose"), max_length=200)
    arrives_at = models.TimeField(_("time"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    guests = models.TextField(_("guests"), help_text=_("One on each line: name, what they are."))
    guest_count = models.PositiveSmallIntegerField(_("number of guests"))
    companions = models.CharField(_("our people"), max_length=300, blank=True)
    companion_count = models.PositiveSmallIntegerField(_("number of our people"), default=1)
    host = models.ForeignKey(Person, models.PROTECT, related_name="receptions", verbose_name=_("host"))
    hosted_on = models.DateField(_("took place on"), null=True, blank=True, editable=False)
    actual = models.DecimalField(_("actual cost"), max_digits=18, decimal_places=2, default=ZERO, editable=False)
    outcome = models.TextField(_("what came of it"), blank=True, editable=False)
    claim = models.ForeignKey(
        Record, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("expense claim")
    )

    objects: ClassVar[Any] = ReceptionQuerySet.as_manager()

    class Meta(Document.Meta):
        verbose_name = _("reception")
        verbose_name_plural = _("receptions")
        indexes = [
            models.Index(fields=["state", "-dated_on", "-id"], name="reception_state"),
            models.Index(fields=["party", "-dated_on"], name="reception_party"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0, actual__gte=0), name="reception_amounts"),
            models.CheckConstraint(condition=Q(guest_count__gte=1), name="reception_has_guests"),
            models.CheckConstraint(
                condition=~Q(state__in=["hosted", "settled"]) | Q(hosted_on__isnull=False), name="reception_hosted_on"
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(claim__isnull=False) | Q(actual=0), name="reception_settled_by_claim"
            ),
        ]

    @property
    def people(self) -> int:
        return self.guest_count + self.companion_count

    @property
    def over(self) -> Decimal:
        """What it cost beyond the budget; below it, negative."""
        return self.actual - self.amount

    @property
    def a_head(self) -> Decimal:
        """The cost of each person who was there, or the budget before it took place."""
        return ((self.actual if self.hosted_on else self.amount) / self.people).quantize(Decimal("0.01"))


class ReceptionLine(DocumentLine):
    """One meal, room or journey of a reception; `actual` is written when it took place."""

    class Kind(models.TextChoices):
        MEAL = "meal", pgettext_lazy("reception", "Meal")
        ROOM = "room", pgettext_lazy("reception", "Room")
        JOURNEY = "journey", pgettext_lazy("reception", "Journey")
        TOUR = "tour", pgettext_lazy("reception", "Tour")
        GIFT = "gift", pgettext_lazy("reception", "Gift")
        OTHER = "other", pgettext_lazy("reception", "Other")

    document_field = "reception"
    COUNTERS = ("actual",)

    reception = models.ForeignKey(Reception, models.PROTECT, related_name="lines", verbose_name=_("reception"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    on = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    people = models.PositiveSmallIntegerField(_("people"), default=1)
    budget = models.DecimalField(_("budget"), max_digits=18, decimal_places=2)
    actual = models.DecimalField(_("actual cost"), max_digits=18, decimal_places=2, default=ZERO)

    class Meta(DocumentLine.Meta):
        verbose_name = _("line of a reception")
        verbose_name_plural = _("lines of a reception")
        constraints = [
            models.CheckConstraint(condition=Q(budget__gte=0, actual__gte=0), name="reception_line_amounts"),
            models.UniqueConstraint(
                fields=["reception", "position"], name="reception_line_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.place}".strip()

    @property
    def over(self) -> Decimal:
        return self.actual - self.budget
