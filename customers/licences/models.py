"""Licences 证照: what customers must hold and have verified, until when each is valid, and what its lapse does to orders."""

import datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.database import defaults
from backoffice.documents.models import Document, DocumentQuerySet
from backoffice.parties.models import Party
from backoffice.stock.models import Category
from customers.licences.lifecycle import LICENCE, REVOKED, VERIFIED

WARNED_BEFORE = (60, 30, 7)  # days before the last one of its validity


class LicenceKindQuerySet(models.QuerySet["LicenceKind"]):
    """The vocabulary of kinds."""

    def holding(self) -> "LicenceKindQuerySet":
        """Those without which orders are held."""
        return self.filter(is_active=True).exclude(hold=LicenceKind.Hold.NOTHING)

    def with_lines(self) -> "LicenceKindQuerySet":
        """`lines`: the product lines for whose goods it is wanted, empty for all."""
        lines = ArrayAgg("categories", filter=Q(categories__isnull=False), default=[])
        return self.annotate(lines=lines)


@tracked()
class LicenceKind(models.Model):
    """A kind of licence 证照种类: of which customers and for which goods it is wanted, and what happens without it."""

    class Hold(models.TextChoices):
        NOTHING = "nothing", _("Orders go on")
        LAPSED = "lapsed", _("Orders are held once it has lapsed")
        MISSING = "missing", _("Orders are held unless a valid one is on file")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    hold = models.CharField(_("without a valid one"), max_length=10, choices=Hold, default=Hold.LAPSED)
    party_kinds = ArrayField(
        models.CharField(max_length=10, choices=Party.Kind), default=list, blank=True, verbose_name=_("wanted of"),
    )  # fmt: skip
    categories = models.ManyToManyField(Category, blank=True, related_name="+", verbose_name=_("wanted for"))
    is_billing = models.BooleanField(_("states the billing data"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    lines: list[int]
    objects = LicenceKindQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("kind of licence")
        verbose_name_plural = _("kinds of licence")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("licences:kind", args=[self.pk])

    def is_wanted_of(self, party: Party) -> bool:
        return not self.party_kinds or party.kind in self.party_kinds


tracked()(LicenceKind.categories.through)

# code, name, what happens without it, whether it states the billing data
KINDS = (
    ("BUSINESS", "营业执照", LicenceKind.Hold.LAPSED, False),
    ("BILLING", "开票资料", LicenceKind.Hold.NOTHING, True),
    ("MEDICINE", "药品经营许可证", LicenceKind.Hold.LAPSED, False),
    ("DEVICE", "医疗器械经营许可证", LicenceKind.Hold.LAPSED, False),
    ("DEVICE2", "第二类医疗器械经营备案凭证", LicenceKind.Hold.LAPSED, False),
    ("FOOD", "食品经营许可证", LicenceKind.Hold.LAPSED, False),
)


@defaults
def usual_kinds_of_licence() -> None:
    """What companies that trade in China show each other first; a company adds its own."""
    for code, name, hold, is_billing in KINDS:
        LicenceKind.objects.get_or_create(code=code, defaults={"name": name, "hold": hold, "is_billing": is_billing})


class LicenceQuerySet(DocumentQuerySet):
    """The vocabulary of licences."""

    def counted(self) -> Self:
        """Verified once and not replaced since: what a customer has, or had until it was withdrawn."""
        return self.in_state(VERIFIED, REVOKED)

    def valid(self, on: datetime.date) -> Self:
        begun, not_over = Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_until=None) | Q(valid_until__gte=on)
        return self.in_state(VERIFIED).filter(begun & not_over)

    def lapsing(self, on: datetime.date) -> Self:
        """Valid still, and not for longer than the first warning looks ahead."""
        return self.in_state(VERIFIED).filter(valid_until__range=(on, on + datetime.timedelta(WARNED_BEFORE[0])))

    def lapsed(self, on: datetime.date) -> Self:
        return self.in_state(VERIFIED).filter(valid_until__lt=on)


class Licence(Document):
    """One licence of a customer 证照 (C2): its own number is `external_number`; valid once a second person has verified it.

    One that states the billing data 开票资料 takes them over from the archive when it is submitted, so that the second
    person agrees to exactly these.
    """

    lifecycle = LICENCE

    licence_kind = models.ForeignKey(
        LicenceKind, models.PROTECT, related_name="licences", verbose_name=_("kind of licence")
    )
    issuer = models.CharField(_("issued by"), max_length=200, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid to"), null=True, blank=True)
    scope = models.TextField(_("scope"), blank=True)
    stated = models.JSONField(_("billing data stated"), default=dict, blank=True, editable=False)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("renews")
    )

    objects: ClassVar[Any] = LicenceQuerySet.as_manager()

    class Meta(Document.Meta):
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        indexes = [
            models.Index(fields=["party", "licence_kind"], name="licence_party"),
            models.Index(fields=["valid_until"], name="licence_ends", condition=Q(state="verified")),
            models.Index(fields=["state", "-dated_on", "-id"], name="licence_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="licence_dates",
            ),
            models.UniqueConstraint(
                fields=["party", "licence_kind", "external_number"], name="licence_on_its_way_once",
                condition=Q(state__in=["draft", "submitted"]),
            ),
        ]  # fmt: skip

    def is_valid(self, on: datetime.date) -> bool:
        has_begun = self.valid_from is None or self.valid_from <= on
        return self.get_state() == VERIFIED and has_begun and (self.valid_until is None or self.valid_until >= on)

    def days_left(self, on: datetime.date) -> int | None:
        """Until the end of its last day; negative once that is over, None where it has no end."""
        return None if self.valid_until is None else (self.valid_until - on).days
