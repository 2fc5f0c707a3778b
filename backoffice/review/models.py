"""Agreement of other people 复核 (S4, I2, O2, K1): who must agree to a step, and who did, to exactly which content."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.database import append_only, trigger
from backoffice.people.models import Person, Role
from backoffice.register.models import Record


def role_list() -> ArrayField:
    return ArrayField(models.CharField(max_length=20, choices=Role.choices), verbose_name=_("roles"))


@tracked()
class Policy(models.Model):
    """How many people of which roles must agree to a step, from which amount on. Changed by two people only."""

    step = models.CharField(_("step"), max_length=60)
    amount_from = models.DecimalField(
        _("from amount"), max_digits=18, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    needed = models.PositiveSmallIntegerField(_("people needed"))
    roles = role_list()

    class Meta:
        ordering = ["step", "amount_from"]
        verbose_name = _("review policy")
        verbose_name_plural = _("review policies")
        constraints = [
            models.UniqueConstraint(fields=["step", "amount_from"], name="policy_once"),
            models.CheckConstraint(condition=Q(needed__range=(1, 5)), name="policy_needed"),
        ]

    def __str__(self) -> str:
        return f"{self.step} ≥ {self.amount_from}: {self.needed}"


@tracked()
class PolicyChange(models.Model):
    """A change of policy, asked for by one person and agreed to by another."""

    step = models.CharField(_("step"), max_length=60)
    amount_from = models.DecimalField(
        _("from amount"), max_digits=18, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    needed = models.PositiveSmallIntegerField(_("people needed"), help_text=_("0 removes the row"))
    roles = role_list()
    reason = models.TextField(_("reason"))
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True)
    is_agreed = models.BooleanField(_("agreed"), null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("change of policy")
        verbose_name_plural = _("changes of policy")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="policy_two_people"
            ),
            models.CheckConstraint(condition=Q(needed__range=(0, 5)), name="policy_change_needed"),
        ]

    def __str__(self) -> str:
        return f"{self.step} ≥ {self.amount_from}: {self.needed}"


@append_only
class Requirement(models.Model):
    """What a policy asked for when this document was submitted; a later change of policy does not touch it."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="requirements", verbose_name=_("document"))
    step = models.CharField(_("step"), max_length=60)
    round = models.PositiveSmallIntegerField(_("round"))
    needed = models.PositiveSmallIntegerField(_("people needed"))
    roles = role_list()

    class Meta:
        verbose_name = _("review requirement")
        verbose_name_plural = _("review requirements")
        constraints = [
            models.UniqueConstraint(fields=["record", "step", "round"], name="requirement_once"),
            models.CheckConstraint(condition=Q(needed__gte=1), name="requirement_needed"),
        ]

    def __str__(self) -> str:
        return f"{self.step} #{self.round}: {self.needed}"


@append_only
class Hand(models.Model):
    """Somebody had a hand in the content of this round (wrote, changed, submitted, imported it) and may not review it."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="hands", verbose_name=_("document"))
    round = models.PositiveSmallIntegerField(_("round"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("hand in a document")
        verbose_name_plural = _("hands in documents")
        constraints = [models.UniqueConstraint(fields=["record", "round", "person"], name="hand_once")]

    def __str__(self) -> str:
        return f"{self.person} #{self.round}"


@append_only
class Review(models.Model):
    """One person's agreement to one step, for exactly the content they saw."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="reviews", verbose_name=_("document"))
    step = models.CharField(_("step"), max_length=60)
    round = models.PositiveSmallIntegerField(_("round"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="reviews", verbose_name=_("reviewer"))
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["at"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(fields=["record", "step", "round", "person", "fingerprint"], name="review_once"),
            models.CheckConstraint(condition=Q(fingerprint__regex=r"^[0-9a-f]{64}$"), name="review_fingerprint"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.step}"


trigger(Review, "reviewer", "BEFORE INSERT", "guard_reviewer")
trigger(Policy, "two_people", "BEFORE INSERT OR UPDATE OR DELETE", "guard_policy")
