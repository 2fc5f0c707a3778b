"""The performance of all contracts as one list 合同履行总表 (K3): the same figures as each contract's own, from the books' deals."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import DecimalField, Exists, ExpressionWrapper, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Least, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.ledger.models import DealEntry, Item
from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.parties.models import Party
from backoffice.people.models import Region, Role
from backoffice.periods import NotADate, Period, parse_day
from contracts.lifecycle import CANCELLED, CLOSED, DRAFT, RUNNING, SIGNED, SUBMITTED, TERMINATED
from contracts.models import Category, Contract, ContractLine
from contracts.tables import SEES

PERFORMS = tuple(role for role in SEES if role != Role.PURCHASING)  # what is bought is performed elsewhere
MONEY = DecimalField(max_digits=18, decimal_places=2)
SHARE = DecimalField(max_digits=9, decimal_places=6)
NONE = Decimal("0.00")


def agreed(rows: QuerySet[Any]) -> QuerySet[Any]:
    """What was agreed with customers: numbered, and theirs to be performed."""
    return rows.exclude(state__in=[str(DRAFT), str(SUBMITTED), str(CANCELLED)]).exclude(category=Category.PURCHASE)


def with_money(rows: QuerySet[Any], *, on: date) -> QuerySet[Any]:
    """Adds `charged`, `billed`, `received`, `outstanding` and `collected` as of the end of a day."""
    deals = DealEntry.objects.filter(dossier=OuterRef("dossier"), posted_on__lte=on).order_by().values("dossier")
    sums = {name: of(deals.annotate(sum=Sum(name)).values("sum")) for name in ("charged", "billed", "received")}
    return rows.annotate(**sums).annotate(
        outstanding=ExpressionWrapper(F("charged") - F("received"), output_field=MONEY),
        collected=ExpressionWrapper(F("received") / NullIf(F("charged"), NONE), output_field=SHARE),
    )


def with_goods(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Adds `share` of the goods delivered, `next_due` and money `overdue`, as of now."""
    lines = ContractLine.objects.filter(contract=OuterRef("pk")).order_by().values("contract")
    done = ExpressionWrapper(
        Sum(Least("delivered", "quantity")) / NullIf(Sum("quantity"), Decimal(0)), output_field=SHARE
    )
    open_lines = lines.filter(delivered__lt=F("quantity"), due_on__isnull=False)
    return rows.annotate(
        overdue=of(overdue_items().values("dossier").annotate(sum=Sum(F("amount") - F("allocated"))).values("sum")),
        share=Coalesce(
            Subquery(lines.annotate(done=done).values("done"), output_field=SHARE), NONE, output_field=SHARE
        ),
        next_due=Subquery(open_lines.annotate(first=Min("due_on")).values("first")),
    )


def of(sums: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(sums, output_field=MONEY), NONE, output_field=MONEY)


def overdue_items() -> QuerySet[Item]:
    """Charges of the contract's deal that should have been paid before today."""
    rows = Item.objects.receivable().charges().open().filter(dossier=OuterRef("dossier"))
    return rows.filter(due_on__lt=timezone.localdate()).order_by()


def in_force(rows: QuerySet[Any], period: Period) -> QuerySet[Any]:
    """Signed by the end of the period, and neither closed nor terminated before it began."""
    ended = Q(state__in=[str(CLOSED), str(TERMINATED)], changed_at__date__lt=period.first)
    return rows.filter(signed_on__lte=period.last).exclude(ended)


class Performed(c.Text):
    """A contract's number, leading to its performance list."""

    def href(self, row):
        return reverse("contracts:performance", args=[row.pk])


class PerformanceList(List):
    name = "contract_performance"
    title = _("Performance of contracts")
    model = Contract
    columns = [
        Performed("number", value=str, order="number"),
        c.Text("title", hidden=True),
        c.Choice("category", hidden=True),
        c.State(),
        c.Party(link="party"),
        c.Person("salesperson", hidden=True),
        c.Date("dated_on", hidden=True),
        c.Date("ends_on", hidden=True),
        c.Date("next_due", _("Next delivery due")),
        c.Money("value", _("Contract value"), total=True),
        c.Money("called_off", _("Ordered"), total=True),
        c.Money("charged", _("Shipped"), total=c.OWN),
        c.Percent("share", _("Goods shipped")),
        c.Money("billed", _("Invoiced"), total=c.OWN),
        c.Money("received", _("Received"), total=c.OWN),
        c.Percent("collected", _("Collected"), hidden=True),
        c.Money("outstanding", _("Outstanding"), total=c.OWN),
        c.Money("overdue", _("Overdue"), total=c.OWN),
    ]
    filters = [
        f.Choice("state"), f.Choice("category"), f.DateRange("dated_on"), f.DateRange("signed_on"), f.DateRange("ends_on"), f.PersonIs("salesperson"),
        f.Related("party", Party, lookup="customer"), f.RegionIs("region", _("Region"), path="party__region"), f.AmountRange("value", _("Contract value")),
        f.Related("in_region", Region, _("Region, without what is below it"), path="party__region"), f.DateRange("due_on", _("Delivery due"), path="lines__due_on"),
        f.During("in_force", _("In force in"), in_force), f.AsOf("on", _("Money as of")),
        f.Flag("late", _("Deliveries overdue"), lambda rows: rows.late(timezone.localdate())),
        f.Flag("no_region", _("Without a region"), lambda rows: rows.filter(party__region=None)),
        f.Flag("no_salesperson", _("Without a salesperson"), lambda rows: rows.filter(salesperson=None)),
        f.Flag("owing", _("Money overdue"), lambda rows: rows.filter(Exists(overdue_items()))),
    ]  # fmt: skip
    search = ["number", "external_number", "title", "party__search"]
    default_order = "-dated_on"
    views = [
        (_("Running"), "state=running"), (_("Deliveries overdue"), "late=1"), (_("Money overdue"), "owing=1"),
        (_("Fulfilled"), "state=fulfilled&state=closed"), (_("Mine"), "salesperson=me"),
    ]  # fmt: skip
    roles = PERFORMS
    empty = _("Contracts appear here once they are agreed to.")

    @property
    def on(self):
        """The day as of which money is told: today, unless an earlier one is asked for."""
        today = timezone.localdate()
        with suppress(NotADate):
            return min(parse_day(self.query["on"], today=today), today) if self.query.get("on") else today
        return today

    def rows(self, person):
        return with_goods(with_money(agreed(super().rows(person)).with_value(), on=self.on))

    @cached_property
    def own_totals(self):
        dossiers = self.found.order_by().values("dossier")
        deals = DealEntry.objects.filter(dossier__in=dossiers, posted_on__lte=self.on).figures()
        items = Item.objects.receivable().charges().open().filter(dossier__in=dossiers, due_on__lt=timezone.localdate())
        overdue = items.aggregate(sum=Sum(F("amount") - F("allocated")))["sum"] or NONE
        return deals | {"outstanding": deals["charged"] - deals["received"], "overdue": overdue}

    def href(self, row):
        return reverse("contracts:performance", args=[row.pk])

    def row_css(self, row):
        is_late = row.next_due and row.next_due < timezone.localdate() and row.get_state() in (SIGNED, RUNNING)
        return "late" if is_late or row.overdue else ""
