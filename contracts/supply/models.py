"""Supply requests 供货申请 (K8): what an order or a contract asks of purchasing or production, and by when they promise it."""

import datetime
from decimal import Decimal
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Max, Min, OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.documents.lines import DocumentLine
from backoffice.documents.models import Document, DocumentQuerySet
from backoffice.people.models import Person, Role
from backoffice.register.models import Record
from backoffice.stock.models import Product
from contracts.supply.lifecycle import ASKED, LIVE, PART, PROMISED, SUPPLY_REQUEST

QUANTITY = {"max_digits": 18, "decimal_places": 3}


class SupplyQuerySet(DocumentQuerySet):
    """The vocabulary of supply requests."""

    def live(self) -> Self:
        return self.in_state(*LIVE)

    def unanswered(self) -> Self:
        return self.in_state(ASKED)

    def answered_by(self, person: Person) -> Self:
        """What this person may answer: the warehouse what is asked of production, purchasing all."""
        if person.has_role(Role.PURCHASING):
            return self
        return self.filter(side=SupplyRequest.Side.PRODUCTION) if person.has_role(Role.WAREHOUSE) else self.none()

    def late(self, on: datetime.date) -> Self:
        """Something of it should be there before this day and is not."""
        rows = SupplyLine.objects.filter(request=OuterRef("pk")).missing().due_before(on)
        return self.live().filter(models.Exists(rows))

    def expected(self, on: datetime.date) -> Self:
        """Promised for this day or before, and not all there."""
        rows = SupplyLine.objects.filter(request=OuterRef("pk"), promised_on__lte=on).missing()
        return self.in_state(PROMISED, PART).filter(models.Exists(rows))

    def too_late(self) -> Self:
        """Promised for later, or less of it, than was asked for."""
        rows = SupplyLine.objects.filter(request=OuterRef("pk")).missing().promised_worse()
        return self.in_state(PROMISED, PART).filter(models.Exists(rows))

    def with_days(self) -> Self:
        """Adds the first day wanted, the last day promised, and how much of all lines is there, 0 to 1."""
        lines = SupplyLine.objects.filter(request=OuterRef("pk")).order_by().values("request")
        share = models.DecimalField(max_digits=9, decimal_places=6)
        done = models.ExpressionWrapper(Sum("supplied") / Sum("quantity"), output_field=share)
        return self.annotate(
            wanted_on=Subquery(lines.annotate(on=Min("wanted_on")).values("on")),
            promised_on=Subquery(lines.annotate(on=Max("promised_on")).values("on")),
            supplied_share=Subquery(lines.annotate(done=done).values("done"), output_field=share),
        )


class SupplyRequest(Document):
    """Made from an approved order or a running contract, and carried in its dossier."""

    class Side(models.TextChoices):
        PURCHASING = "purchasing", _("Purchasing")
        PRODUCTION = "production", _("Production")

    lifecycle = SUPPLY_REQUEST
    roles_see_all = {Role.PURCHASING: ("draft",), Role.WAREHOUSE: ("draft",)}

    source = models.ForeignKey(
        Record, models.PROTECT, related_name="+", verbose_name=_("for"), help_text=_("the order or contract")
    )
    side = models.CharField(_("asked of"), max_length=12, choices=Side, default=Side.PURCHASING)

    objects: ClassVar[SupplyQuerySet] = SupplyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(Document.Meta):
        verbose_name = _("supply request")
        verbose_name_plural = _("supply requests")
        indexes = [
            models.Index(fields=["source"], name="supply_source"),
            models.Index(fields=["state", "-dated_on", "-id"], name="supply_state"),
        ]

    @property
    def asked_role(self) -> Role:
        """Who is told of it; production has no role of its own, the warehouse takes in what it makes."""
        return Role.WAREHOUSE if self.side == self.Side.PRODUCTION else Role.PURCHASING


class SupplyLineQuerySet(models.QuerySet["SupplyLine"]):
    def missing(self) -> "SupplyLineQuerySet":
        return self.filter(supplied__lt=F("quantity"))

    def due_before(self, on: datetime.date) -> "SupplyLineQuerySet":
        """By the day promised, else by the day wanted."""
        return self.filter(Q(promised_on__lt=on) | Q(promised_on=None, wanted_on__lt=on))

    def promised_worse(self) -> "SupplyLineQuerySet":
        return self.filter(promised_on__isnull=False).filter(
            Q(promised_on__gt=F("wanted_on")) | Q(promised__lt=F("quantity"))
        )


class SupplyLine(DocumentLine):
    """How much of a product is wanted by when; what was promised and has come is told by those who answer."""

    document_field = "request"
    COUNTERS = ("promised", "promised_on", "supplied", "supplied_on")

    request = models.ForeignKey(SupplyRequest, models.PROTECT, related_name="lines", verbose_name=_("supply request"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("product"))
    name = models.CharField(_("name"), max_length=200)
    spec = models.CharField(_("specification"), max_length=200, blank=True)
    unit = models.CharField(_("unit"), max_length=20)
    quantity = models.DecimalField(_("quantity"), **QUANTITY)
    wanted_on = models.DateField(_("wanted by"))
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    promised = models.DecimalField(pgettext_lazy("supply", "promised"), default=Decimal(0), **QUANTITY)
    promised_on = models.DateField(_("promised for"), null=True, blank=True)
    supplied = models.DecimalField(_("supplied"), default=Decimal(0), **QUANTITY)
    supplied_on = models.DateField(_("last supplied on"), null=True, blank=True)

    objects = SupplyLineQuerySet.as_manager()

    class Meta(DocumentLine.Meta):
        verbose_name = _("supply request line")
        verbose_name_plural = _("supply request lines")
        indexes = [models.Index(fields=["product"], name="supply_product")]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="supply_quantity"),
            models.CheckConstraint(condition=Q(promised__gte=0, promised__lte=F("quantity")), name="supply_promised"),
            models.CheckConstraint(condition=Q(supplied__gte=0, supplied__lte=F("quantity")), name="supply_supplied"),
            models.CheckConstraint(condition=Q(supplied=0) | Q(supplied_on__isnull=False), name="supply_has_its_day"),
            models.UniqueConstraint(
                fields=["request", "position"], name="supply_line_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.name}"

    @property
    def missing(self) -> Decimal:
        return self.quantity - self.supplied

    @property
    def days_after(self) -> int:
        """How many days after the day wanted it is promised for, or came."""
        day = self.supplied_on if not self.missing else self.promised_on
        return max(0, (day - self.wanted_on).days) if day else 0

    def is_late(self, on: datetime.date) -> bool:
        return self.missing > 0 and (self.promised_on or self.wanted_on) < on
