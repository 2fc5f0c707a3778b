"""Formalities of a contract 办理手续 (K7): what has to be seen through, by whom, until when, with which proof."""

import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.database.queries import among
from backoffice.files.models import File
from backoffice.people.models import Person
from contracts.models import Category, Contract

ALARM_BEFORE = datetime.timedelta(days=3)


@tracked()
class FormalityStep(models.Model):
    """One line of the checklist that contracts of a kind begin with 办理事项模板; a changed one holds for contracts to come."""

    class After(models.TextChoices):
        APPROVED = "approve_contract", _("once the contract is approved")
        SIGNED = "sign_contract", _("once it is signed")
        STARTED = "start_contract", _("once it runs")

    category = models.CharField(_("kind of contract"), max_length=12, choices=Category, blank=True)
    name = models.CharField(_("formality"), max_length=120)
    hint = models.CharField(_("how it is done"), max_length=300, blank=True)
    after = models.CharField(_("begins"), max_length=20, choices=After, default=After.SIGNED)
    days = models.PositiveSmallIntegerField(_("days to do it"), default=15)
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("seen through by")
    )
    needs_proof = models.BooleanField(_("needs a proof"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=10)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["category", "position", "pk"]
        verbose_name = _("line of a checklist")
        verbose_name_plural = _("lines of checklists")
        constraints = [models.CheckConstraint(condition=Q(days__lte=730), name="formality_step_days")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("papers:step", args=[self.pk])


class FormalityQuerySet(models.QuerySet["Formality"]):
    """The vocabulary of formalities."""

    def visible_to(self, person: Person) -> "FormalityQuerySet":
        """With the contract; and whoever has to see it through."""
        if person.sees_everything:
            return self
        return self.filter(among(Contract.objects.visible_to(person), "contract") | Q(owner=person))

    def open(self) -> "FormalityQuerySet":
        """Neither done nor waived, of a contract that still matters."""
        return self.filter(done_at=None).exclude(contract__state__in=["terminated", "cancelled"])

    def due(self, on: datetime.date) -> "FormalityQuerySet":
        return self.open().filter(due_on__lte=on)


@tracked("contract_id")
class Formality(models.Model):
    """One thing to be seen through for one contract; done with its proof, or waived with the reason."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="formalities", verbose_name=_("contract"))
    step = models.ForeignKey(
        FormalityStep, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("line of a checklist"),
    )  # fmt: skip
    name = models.CharField(_("formality"), max_length=120)
    hint = models.CharField(_("how it is done"), max_length=300, blank=True)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="formalities", verbose_name=_("seen through by"))
    due_on = models.DateField(_("to be done by"))
    needs_proof = models.BooleanField(_("needs a proof"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=10)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("settled by")
    )
    is_waived = models.BooleanField(_("waived"), default=False, editable=False)
    outcome = models.CharField(_("outcome"), max_length=500, blank=True)
    proof = models.ForeignKey(
        File, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("proof")
    )

    objects = FormalityQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "position", "pk"]
        verbose_name = _("formality")
        verbose_name_plural = _("formalities")
        indexes = [
            models.Index(fields=["contract"], name="formality_contract"),
            models.Index(fields=["owner", "due_on"], name="formality_due", condition=Q(done_at=None)),
            models.Index(fields=["due_on"], name="formality_open", condition=Q(done_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["contract", "step"], name="formality_once"),
            models.CheckConstraint(condition=Q(done_at__isnull=True, done_by__isnull=True) | Q(done_at__isnull=False, done_by__isnull=False), name="formality_done_by"),
            models.CheckConstraint(condition=Q(is_waived=False) | Q(done_at__isnull=False) & ~Q(outcome=""), name="formality_waived_why"),
            models.CheckConstraint(
                condition=Q(needs_proof=False) | Q(done_at=None) | Q(is_waived=True) | Q(proof__isnull=False),
                name="formality_proof",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("papers:formality", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.done_at is None

    def days_left(self, on: datetime.date) -> int:
        return (self.due_on - on).days
