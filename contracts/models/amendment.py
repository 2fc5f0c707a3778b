"""Amendments 合同变更 / 补充协议: what a contract shall say instead, agreed to and signed like the contract itself (K1)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.database import trigger
from backoffice.documents.models import Document, DocumentQuerySet
from backoffice.people.models import Person
from contracts.lifecycle import AMENDMENT, APPROVED, DRAFT, EFFECTIVE, SUBMITTED
from contracts.models.contract import Contract

OPEN_STATES = [str(DRAFT), str(SUBMITTED), str(APPROVED)]


class AmendmentQuerySet(DocumentQuerySet):
    def visible_to(self, person: Person) -> Self:
        """Whoever sees the contract sees what is to become of it."""
        return self.filter(contract__in=Contract.objects.visible_to(person))

    def open(self) -> Self:
        return self.in_state(*OPEN_STATES)

    def in_force(self) -> Self:
        return self.in_state(EFFECTIVE)


class Amendment(Document):
    """The whole content of a contract before and after, side by side, as the reviewer agreed to it.

    `before` and `after` hold `contracts.content.Content`. When it takes effect the contract says what `after` says and its
    edition is the next; the trigger `contract_amended` lets an agreed content change in no other way.
    """

    lifecycle = AMENDMENT
    movable = ("signed_on", "archive_place")

    contract = models.ForeignKey(
        Contract, models.PROTECT, related_name="amendments", verbose_name=_("contract"), editable=False
    )
    edition = models.PositiveSmallIntegerField(_("edition"), editable=False)
    reason = models.TextField(_("reason"))
    before = models.JSONField(_("content before"), default=dict)
    after = models.JSONField(_("content after"), default=dict)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    archive_place = models.CharField(_("place in the archive"), max_length=100, blank=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta(Document.Meta):
        verbose_name = _("contract amendment")
        verbose_name_plural = _("contract amendments")
        constraints = [
            models.UniqueConstraint(fields=["contract"], condition=Q(state__in=OPEN_STATES), name="one_open_amendment"),
            models.UniqueConstraint(
                fields=["contract", "edition"], condition=Q(state=str(EFFECTIVE)), name="amendment_edition_once"
            ),
            models.CheckConstraint(condition=Q(edition__gt=1), name="amendment_edition"),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.lifecycle.label}: {self.contract}"

    def lock_before(self) -> None:
        """The contract, which it reaches into; so two people lock both in the same order."""
        Contract.objects.select_for_update(of=("self",)).get(pk=self.contract_id)


trigger(Contract, "amended", "AFTER UPDATE", "contract_amended", deferred=True)
