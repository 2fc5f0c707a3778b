"""What every document is: a number, a state, an author, a dossier, lines, and a content that freezes.

Each kind of document is its own table; this module gives them their common columns and rules.
"""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.database import read_only
from backoffice.database.queries import among
from backoffice.documents.lifecycle import Lifecycle, State
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.register.models import DocumentIdField, Dossier, Opening
from backoffice.review.models import Hand, Review


def currency() -> str:
    return str(settings.CURRENCY)


class DocumentQuerySet(models.QuerySet[Any]):
    """The vocabulary of every kind of document."""

    def visible_to(self, person: Person) -> Self:
        """Rows of parties this person may see, rows they wrote, and kinds their role works on (F9).

        By sub-query, never a join: `FOR UPDATE` allows no DISTINCT.
        """
        if person.sees_everything:
            return self
        rows = among(Party.objects.visible_to(person), "party") | Q(author=person)
        for role, states_left_out in self.model.roles_see_all.items():
            if person.has_role(role):
                rows |= ~Q(state__in=states_left_out)
        return self.filter(rows)

    def in_state(self, *states: State | str) -> Self:
        return self.filter(state__in=[str(state) for state in states])

    def waiting_for(self, person: Person) -> Self:
        """Documents in a state from which this person may take a reviewed step, in which they had no hand and which are not in their name."""
        rows = Q(pk__in=[])
        of_this_round = Q(record=models.OuterRef("pk"), round=models.OuterRef("round"))
        for step in self.model.lifecycle.reviewed():
            if person.has_role(*step.by):
                sources = [str(source) for source in step.sources]
                mine = Review.objects.filter(of_this_round, step=step.name, person=person)
                rows |= Q(state__in=sources) & ~models.Exists(mine)
        hand = Hand.objects.filter(of_this_round, person=person)
        return (
            self.visible_to(person)
            .filter(rows)
            .exclude(author=person)
            .exclude(salesperson=person)
            .exclude(models.Exists(hand))
        )


class Document(models.Model):
    """The columns that every document has. Content is frozen by trigger outside editable states."""

    lifecycle: ClassVar[Lifecycle]
    # role → states it does not see; for roles that work on this kind whatever the party is (warehouse, HR …)
    roles_see_all: ClassVar[dict[str, tuple[str, ...]]] = {}
    # columns that steps may move after the content is fixed (counters, tracking numbers); others are content
    movable: ClassVar[tuple[str, ...]] = ()
    # related names of further lists of lines that are content too (a contract's payment plan)
    more_lines: ClassVar[tuple[str, ...]] = ()
    is_fresh = False  # just made: nothing hangs on it yet

    id = DocumentIdField(primary_key=True)
    number = models.CharField(_("number"), max_length=60, unique=True, null=True, blank=True, editable=False)
    external_number = models.CharField(_("their number"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=30, editable=False)
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("party"))
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dossier")
    )
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", editable=False, verbose_name=_("author"))
    salesperson = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("salesperson")
    )
    dated_on = models.DateField(_("date"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, default=Decimal("0.00"), editable=False)
    currency = models.CharField(_("currency"), max_length=3, default=currency, editable=False)
    note = models.TextField(_("remarks"), blank=True)
    opening = models.ForeignKey(
        Opening,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("taken over by"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    round = models.PositiveSmallIntegerField(default=1, editable=False)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("submitted by")
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)

    objects: ClassVar[DocumentQuerySet] = DocumentQuerySet.as_manager()  # type: ignore[assignment]

    # columns that are never content: they say where the document stands, not what it says
    BOOKKEEPING: ClassVar[tuple[str, ...]] = (
        "state", "number", "version", "round", "fingerprint", "submitted_by_id", "submitted_at", "created_at",
        "changed_at", "dossier_id",
    )  # fmt: skip

    class Meta:
        abstract = True
        ordering = ["-dated_on", "-pk"]

    def __str__(self) -> str:
        return self.number or f"{self.lifecycle.label} ({self.get_state().label})"

    def get_state(self) -> State:
        return self.lifecycle.state(self.state)

    def get_state_display(self) -> str:
        return str(self.get_state().label)

    @property
    def is_editable(self) -> bool:
        return self.get_state().editable

    @property
    def kind(self) -> str:
        return self.lifecycle.kind

    @classmethod
    def party_columns(cls) -> list[str]:
        """Its columns that lead to a party: they follow when that party is merged into another."""
        return [field.attname for field in cls._meta.concrete_fields if field.related_model is Party]

    def lock_before(self) -> None:
        """What is locked before the document itself; a kind whose acts reach into each other's documents names one row for all."""

    def get_absolute_url(self) -> str:
        """Every app names its document pages `<app>:<kind>`."""
        return reverse(f"{self._meta.app_label}:{self.lifecycle.kind}", args=[self.pk])


@read_only
class Transition(models.Model):
    """The lifecycles as rows, for the trigger that guards every change of state. Written at install only."""

    kind = models.CharField(max_length=40)
    step = models.CharField(max_length=60)
    source = models.CharField(max_length=30)
    target = models.CharField(max_length=30)
    is_reviewed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "step", "source", "target"], name="transition_once")]
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")

    def __str__(self) -> str:
        return f"{self.kind}: {self.source} → {self.target}"


@read_only
class KnownState(models.Model):
    """The states of each kind as rows, for the triggers that freeze content."""

    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=30)
    is_editable = models.BooleanField(default=False)
    is_initial = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "state"], name="state_once")]
        verbose_name = _("state")
        verbose_name_plural = _("states")

    def __str__(self) -> str:
        return f"{self.kind}: {self.state}"


class Once(models.Model):
    """A form that was sent carries a key; sending it again has no further effect and gets the same answer."""

    key = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    path = models.CharField(max_length=300)
    answer = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("form sent")
        verbose_name_plural = _("forms sent")

    def __str__(self) -> str:
        return str(self.key)
