"""Customers that are there twice, their merging, and their handing over from one salesperson to another (C1)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.database import trigger
from backoffice.documents.models import Document
from backoffice.parties.models import Party
from backoffice.people.models import Person
from customers.lifecycle import CUSTOMER_MERGE


class DuplicateQuerySet(models.QuerySet["Duplicate"]):
    def visible_to(self, person: Person) -> "DuplicateQuerySet":
        """Pairs of which this person sees both."""
        mine = Party.objects.visible_to(person)
        return self.filter(party__in=mine, other__in=mine)

    def open(self) -> "DuplicateQuerySet":
        """Neither said to be two nor merged."""
        return self.filter(dismissed_at=None, party__merged_into=None, other__merged_into=None)


@tracked()
class Duplicate(models.Model):
    """Two customers that may be one 疑似重复, found at night; somebody merges them or says that they are two."""

    class Why(models.TextChoices):
        TAX_NO = "tax_no", _("the same tax number")
        PHONE = "phone", _("the same telephone")
        NAME = "name", _("a similar name")

    stays_with_party: ClassVar[bool] = True

    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("customer"))
    other = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("the other"))
    why = models.CharField(_("alike by"), max_length=10, choices=Why)
    likeness = models.DecimalField(_("likeness"), max_digits=9, decimal_places=6)
    found_on = models.DateField(_("found on"))
    dismissed_at = models.DateTimeField(_("said to be two at"), null=True, blank=True)
    dismissed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("said to be two by")
    )
    note = models.CharField(_("reason"), max_length=300, blank=True)

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        ordering = ["-likeness", "pk"]
        verbose_name = _("pair of customers")
        verbose_name_plural = _("pairs of customers")
        constraints = [
            models.UniqueConstraint(fields=["party", "other"], name="duplicate_once"),
            models.CheckConstraint(condition=Q(party__lt=F("other")), name="duplicate_in_order"),
            models.CheckConstraint(
                condition=Q(dismissed_at=None) | Q(dismissed_by__isnull=False), name="duplicate_dismissed_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party} = {self.other}"

    def get_absolute_url(self) -> str:
        """Both beside each other."""
        return reverse("customers:customer_merge-new", args=[self.party_id, self.other_id])


class CustomerMerge(Document):
    """Two customers become one 客户合并: `merged` goes into `party`, field by field as picked, when a second person agrees.

    `changes` maps each field that `party` takes from the other (`party.phone`, `customer.credit_limit` …) to [before,
    after] as text; `moved` and `collisions` say afterwards what went over and what met its like there.
    """

    lifecycle = CUSTOMER_MERGE
    movable = ("moved", "collisions")
    stays_with_party: ClassVar[bool] = True

    merged = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("goes into it"))
    changes = models.JSONField(_("taken from the other"), default=dict)
    reason = models.TextField(_("reason"))
    moved = models.JSONField(_("moved"), default=dict, editable=False)
    collisions = models.JSONField(_("collisions"), default=list, editable=False)

    class Meta(Document.Meta):
        verbose_name = _("merging of customers")
        verbose_name_plural = _("mergings of customers")
        constraints = [
            models.CheckConstraint(condition=~Q(party=F("merged")), name="merge_of_two"),
            models.UniqueConstraint(fields=["merged"], name="one_merge_of_a_customer", condition=~Q(state="cancelled")),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.merged.code} → {self.party.code}"


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def visible_to(self, person: Person) -> "HandOverQuerySet":
        return self.filter(party__in=Party.objects.visible_to(person))

    def waiting(self) -> "HandOverQuerySet":
        """Neither done nor given up."""
        return self.filter(done_at=None, cancelled_at=None)


@tracked(party="party_id")
class HandOver(models.Model):
    """A customer goes from one salesperson to another as of a day 客户移交; what was sold before stays with whom sold it."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="hand_overs", verbose_name=_("customer"))
    giver = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("given by")
    )
    taker = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("taken on by"))
    on = models.DateField(_("from the day"))
    note = models.CharField(_("reason"), max_length=1000)
    planned_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    planned_at = models.DateTimeField(_("planned at"), auto_now_add=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("given up at"), null=True, blank=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        indexes = [models.Index(fields=["party", "-on", "-id"], name="hand_over_party")]
        constraints = [
            models.UniqueConstraint(
                fields=["party"], name="one_hand_over_waits", condition=Q(done_at=None, cancelled_at=None)
            ),
            models.CheckConstraint(condition=Q(done_at=None) | Q(cancelled_at=None), name="hand_over_done_or_given_up"),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="hand_over_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.giver or '—'} → {self.taker}"


trigger(Party, "merged", "BEFORE INSERT OR UPDATE", "guard_merged_party")
