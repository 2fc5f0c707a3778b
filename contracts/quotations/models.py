"""Enquiries and quotations 询价与报价 (O7, K1): what was asked, what we quoted until when, what came of it and why."""

import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.documents.models import Document, DocumentQuerySet
from backoffice.register.models import Record
from backoffice.stock.lines import GoodsLine, goods_constraints
from contracts.quotations.lifecycle import CANCELLED, ENQUIRY, LOST, QUOTATION, QUOTED, REPLACED, SUBMITTED, WON
from customers.models import PaymentTerm

SOON = datetime.timedelta(days=7)
ANSWERED_WITHIN = datetime.timedelta(days=2)
NOT_SENT = [str(state) for state in (ENQUIRY, SUBMITTED, CANCELLED, LOST)]


class QuotationQuerySet(DocumentQuerySet):
    """The vocabulary of quotations."""

    def unanswered(self) -> Self:
        """Asked and not quoted yet."""
        return self.in_state(ENQUIRY, SUBMITTED)

    def overdue(self, on: datetime.date) -> Self:
        """Unanswered past the day the customer named, or else two days after they asked."""
        late = Q(answer_by__lt=on) | Q(answer_by=None, asked_on__lt=on - ANSWERED_WITHIN)
        return self.unanswered().filter(late)

    def expiring(self, on: datetime.date) -> Self:
        """Quoted, and holding for no more than a week."""
        return self.in_state(QUOTED).filter(valid_until__lte=on + SOON)

    def run_out(self, on: datetime.date) -> Self:
        """Quoted, and past the day it held until."""
        return self.in_state(QUOTED).filter(valid_until__lt=on)

    def holding(self, on: datetime.date) -> Self:
        """What may be ordered at its prices on a day: quoted or won already, and not past its day."""
        return self.in_state(QUOTED, WON).filter(valid_until__gte=on)

    def deals(self) -> Self:
        """Each enquiry once, by the version that went out last: the figures count these (O7)."""
        rows = self.exclude(state__in=[str(CANCELLED), str(REPLACED)])
        return rows.exclude(previous__isnull=False, quoted_on=None)


class Quotation(Document):
    """What a customer asked for and what we quote; `won_by` is the contract or order that came of it.

    `asked_on` is the day of the enquiry, for every version of its answer; `dated_on` that of this version.
    """

    class Reason(models.TextChoices):
        PRICE = "price", _("price too high")
        DELIVERY = "delivery", _("delivery too late")
        TERMS = "terms", _("terms of payment")
        GOODS = "goods", _("other goods or quality wanted")
        RANGE = "range", _("not in our range")
        COMPETITOR = "competitor", _("bought elsewhere")
        DROPPED = "dropped", _("they do not need it any more")
        LATE = "late", _("we answered too late")
        SILENT = "silent", _("no answer from them")
        OTHER = "other", pgettext_lazy("reason", "other")

    lifecycle = QUOTATION
    movable = ("quoted_on", "decided_on", "lost_reason", "lost_words", "won_by_id")

    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="next_versions", editable=False,
        verbose_name=_("version before"),
    )  # fmt: skip
    edition = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    asked = models.TextField(_("what they asked for"))
    asked_on = models.DateField(_("asked on"))
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    contact = models.CharField(_("contact person"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    party_name = models.CharField(_("customer's name"), max_length=200, blank=True, editable=False)
    term = models.ForeignKey(PaymentTerm, models.PROTECT, related_name="+", verbose_name=_("payment term"))
    includes_tax = models.BooleanField(_("prices include tax"), default=True)
    terms = models.TextField(_("terms in words"), blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    quoted_on = models.DateField(_("quoted on"), null=True, blank=True, editable=False)
    decided_on = models.DateField(_("won or lost on"), null=True, blank=True, editable=False)
    lost_reason = models.CharField(_("why lost"), max_length=10, choices=Reason, blank=True, editable=False)
    lost_words = models.CharField(_("why lost, in words"), max_length=300, blank=True, editable=False)
    won_by = models.ForeignKey(
        Record, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("won by")
    )

    objects: ClassVar[Any] = QuotationQuerySet.as_manager()

    class Meta(Document.Meta):
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")
        indexes = [
            models.Index(fields=["party", "-dated_on", "-id"], name="quotation_party"),
            models.Index(fields=["state", "valid_until"], name="quotation_ends"),
            models.Index(fields=["asked_on", "salesperson"], name="quotation_asked"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=NOT_SENT) | Q(quoted_on__isnull=False, number__isnull=False), name="quotation_sent"
            ),
            models.CheckConstraint(
                condition=Q(quoted_on=None) | Q(valid_until__isnull=False, valid_until__gte=F("quoted_on")),
                name="quotation_holds",
            ),
            models.CheckConstraint(condition=Q(quoted_on=None) | Q(quoted_on__gte=F("asked_on")), name="quotation_asked_first"),
            models.CheckConstraint(condition=Q(answer_by=None) | Q(answer_by__gte=F("asked_on")), name="quotation_answer_by"),
            models.CheckConstraint(
                condition=Q(state=str(WON), won_by__isnull=False) | ~Q(state=str(WON)) & Q(won_by=None), name="quotation_won_by"
            ),
            models.CheckConstraint(condition=~Q(state=str(LOST)) | ~Q(lost_reason=""), name="quotation_lost_why"),
            models.CheckConstraint(condition=~Q(lost_reason="other") | ~Q(lost_words=""), name="quotation_lost_other"),
            models.CheckConstraint(
                condition=~Q(state__in=[str(WON), str(LOST)]) | Q(decided_on__isnull=False), name="quotation_decided_on"
            ),
            models.CheckConstraint(
                condition=Q(previous=None, edition=1) | Q(previous__isnull=False, edition__gt=1), name="quotation_edition"
            ),
            models.UniqueConstraint(
                fields=["previous"], condition=~Q(state=str(CANCELLED)), name="quotation_one_next_version"
            ),
        ]  # fmt: skip

    def is_overdue(self, on: datetime.date) -> bool:
        """Whether an enquiry waits past the day the customer named, or else two days after they asked."""
        return self.answer_by < on if self.answer_by else self.asked_on < on - ANSWERED_WITHIN

    def holds_on(self, day: datetime.date) -> bool:
        """Whether its prices may be ordered at on a day."""
        return self.get_state() in (QUOTED, WON) and self.valid_until is not None and self.valid_until >= day


class QuotationLine(GoodsLine):
    """Goods at the price we quote; `due_on` is when we would deliver."""

    document_field = "quotation"

    quotation = models.ForeignKey(Quotation, models.PROTECT, related_name="lines", verbose_name=_("quotation"))
    due_on = models.DateField(_("deliver by"), null=True, blank=True)

    class Meta(GoodsLine.Meta):
        verbose_name = _("quotation line")
        verbose_name_plural = _("quotation lines")
        constraints = [
            *goods_constraints("quotation_line"),
            models.UniqueConstraint(
                fields=["quotation", "position"], name="quotation_line_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.name}"
