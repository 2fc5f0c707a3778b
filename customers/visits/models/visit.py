"""One call or visit: planned, then held with what was heard, or let go with a reason."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.audit import tracked
from backoffice.database.queries import among
from backoffice.parties.models import Party
from backoffice.people.models import Person
from customers.visits.models.plan import CallPlan
from customers.visits.models.rhythm import Way

SPOKE = ("reached", "ordered")  # outcomes in which somebody talked with us


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, person: Person) -> Self:
        if person.sees_everything:
            return self
        return self.filter(among(Party.objects.visible_to(person), "party") | Q(person=person))

    def planned(self) -> Self:
        return self.filter(state=Visit.State.PLANNED)

    def held(self) -> Self:
        return self.filter(state=Visit.State.HELD)

    def spoken(self) -> Self:
        """Held, and somebody talked with us."""
        return self.held().filter(outcome__in=SPOKE)

    def overdue(self, on: datetime.date) -> Self:
        return self.planned().filter(due_on__lt=on)

    def due(self, on: datetime.date) -> Self:
        return self.planned().filter(due_on__lte=on)

    def queue_of(self, person: Person, *, on: datetime.date) -> Self:
        """What this person has to do by a day, in the order in which it is worked through: longest due first, best customers first."""
        rows = self.due(on).filter(person=person).select_related("party__customer", "plan")
        return rows.order_by("due_on", "party__customer__grade", "pk")


@tracked(party="party_id")
class Visit(models.Model):
    """A call or visit to a customer 电话回访/拜访 (C3)."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "made", pgettext_lazy("call", "Made")
        DROPPED = "dropped", pgettext_lazy("call", "Let go")

    class Source(models.TextChoices):
        RHYTHM = "rhythm", _("Rhythm of the grade")
        AGREED = "agreed", _("Agreed the last time")
        SALES = "sales", _("Telephone-sales plan")
        HAND = "hand", _("Planned by hand")
        UNPLANNED = "unplanned", _("Not planned")

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Talked with them")
        ORDERED = "ordered", pgettext_lazy("outcome of a call", "They order")
        LATER = "later", _("They ask to be called later")
        NO_ANSWER = "no_answer", _("No answer")
        REFUSED = "refused", _("Did not want to talk")

    class Business(models.TextChoices):
        GROWING = "growing", pgettext_lazy("business", "Growing")
        STEADY = "steady", pgettext_lazy("business", "Steady")
        SHRINKING = "shrinking", pgettext_lazy("business", "Shrinking")
        AT_RISK = "at_risk", pgettext_lazy("business", "In trouble")

    class Stock(models.TextChoices):
        FULL = "full", pgettext_lazy("their stock", "More than enough")
        ENOUGH = "enough", pgettext_lazy("their stock", "Enough")
        LOW = "low", pgettext_lazy("their stock", "Low")
        OUT = "out", pgettext_lazy("their stock", "Sold out")

    party = models.ForeignKey(Party, models.PROTECT, related_name="visits", verbose_name=_("customer"))
    way = models.CharField(_("way"), max_length=10, choices=Way, default=Way.CALL)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED, editable=False)
    source = models.CharField(_("why"), max_length=10, choices=Source, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="visits", verbose_name=_("done by"))
    due_on = models.DateField(_("due on"))
    purpose = models.CharField(_("what about"), max_length=300, blank=True)
    plan = models.ForeignKey(
        CallPlan, models.PROTECT, null=True, blank=True, related_name="calls", editable=False,
        verbose_name=_("telephone-sales plan"),
    )  # fmt: skip
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", editable=False,
        verbose_name=_("follows from"),
    )  # fmt: skip
    counted_from = models.DateField(_("counted from"), null=True, blank=True, editable=False)
    every = models.PositiveSmallIntegerField(_("every so many days"), null=True, blank=True, editable=False)

    held_on = models.DateField(_("made on"), null=True, blank=True, editable=False)
    held_at = models.DateTimeField(_("written down at"), null=True, blank=True, editable=False)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    contact = models.CharField(_("talked with"), max_length=100, blank=True)
    said = models.TextField(_("what was said"), blank=True)
    business = models.CharField(_("their business"), max_length=10, choices=Business, blank=True)
    stock = models.CharField(_("their stock"), max_length=10, choices=Stock, blank=True)
    demand = models.CharField(_("what they need"), max_length=300, blank=True)
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    reason = models.CharField(_("why it was let go"), max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("call or visit")
        verbose_name_plural = _("calls and visits")
        indexes = [
            models.Index(fields=["person", "due_on"], name="visit_queue", condition=Q(state="planned")),
            models.Index(fields=["party", "-held_on", "-id"], name="visit_party", condition=Q(state="made")),
            models.Index(fields=["held_on", "person"], name="visit_held", condition=Q(state="made")),
            models.Index(fields=["-due_on", "-id"], name="visit_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "way"], name="one_open_visit", condition=Q(state="planned", plan=None)
            ),
            models.UniqueConstraint(
                fields=["plan", "party"], name="one_open_call_of_plan", condition=Q(state="planned", plan__isnull=False)
            ),
            models.CheckConstraint(
                condition=Q(state="made", held_on__isnull=False, held_at__isnull=False) & ~Q(outcome="")
                | ~Q(state="made") & Q(held_on=None, held_at=None, outcome=""),
                name="visit_made_has_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=SPOKE) | ~Q(business="") & ~Q(stock="") & ~Q(said=""),
                name="visit_spoken_is_told",
            ),
            models.CheckConstraint(condition=~Q(state="dropped") | ~Q(reason=""), name="visit_dropped_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()}: {self.party}"

    def get_absolute_url(self) -> str:
        return reverse("visits:visit", args=[self.pk])

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED

    @property
    def has_spoken(self) -> bool:
        return self.outcome in SPOKE
