"""Questions about leads: the board, who is known already, and the figures by source (C6)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, DecimalField, F, Func, IntegerField, Q, QuerySet

from backoffice.parties.search import fold
from backoffice.people.models import Person
from backoffice.periods import Period
from customers.duplicates import SHORTEST_PHONE
from customers.leads.models import Lead
from customers.leads.stages import UNDERWAY, Stage
from customers.selectors import Alike, alikes

ON_A_BOARD = 30  # cards of one stage; the list holds all
MOST_TWINS, MOST_READ = 5, 100
WAYS: dict[str, tuple[str, str]] = {
    "source": ("source", "source"),
    "offer": ("offer", "offer__title"),
    "owner": ("owner", "owner__name"),
    "region": ("region", "region__name"),
}


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage of the board with its first cards."""

    stage: Stage
    leads: list[Lead]
    count: int


def board(rows: QuerySet[Lead]) -> list[Lane]:
    """The stages under way, each with those to be called next on top."""
    counts = dict(rows.order_by().values_list("stage").annotate(n=Count("pk")))
    lanes = []
    for stage in UNDERWAY:
        mine = rows.filter(stage=stage).select_related("owner", "offer")
        cards = list(mine.order_by(F("next_on").asc(nulls_last=True), "-came_on", "-pk")[:ON_A_BOARD])
        lanes.append(Lane(stage, cards, counts.get(str(stage), 0)))
    return lanes


def known_already(lead: Lead, *, person: Person) -> list[Alike]:
    """Customers that may be this lead: the same telephone, or a name like it."""
    return [
        one for one in alikes(person=person, name=lead.name, phone=lead.phone) if one.party and one.party.is_customer
    ]


@dataclass(frozen=True, slots=True)
class Twin:
    """Another open lead that is this one, by its name, phone or email (`why`). `lead` is None where it is not visible."""

    lead: Lead | None
    why: str
    owner: Person | None


def twins(lead: Lead, *, person: Person) -> list[Twin]:
    """Open leads of the same company name, telephone or mail: two people would call one company (C6).

    Those that the person may not see are named only by who answers for them.
    """
    mine = marks(lead)
    near = Q(search__startswith=f" {mine['name']} ")
    if "phone" in mine:
        near |= Q(search__contains=mine["phone"])
    if "email" in mine:
        near |= Q(email__iexact=lead.email.strip())
    rows = Lead.objects.underway().exclude(pk=lead.pk).filter(near).select_related("owner").order_by("pk")[:MOST_READ]
    why = {row: next((name for name, mark in marks(row).items() if mine.get(name) == mark), "") for row in rows}
    found = [row for row in why if why[row]][:MOST_TWINS]
    seen = set(Lead.objects.visible_to(person).filter(pk__in=[row.pk for row in found])) if found else set()
    return [Twin(row if row in seen else None, why[row], row.owner) for row in found]


def marks(lead: Lead) -> dict[str, str]:
    """What tells a lead apart: its folded name, the digits of a whole telephone number, its mail."""
    digits = "".join(sign for sign in lead.phone if sign.isdigit())[-11:]
    said = {
        "name": fold(lead.name.strip()),
        "phone": digits if len(digits) >= SHORTEST_PHONE else "",
        "email": lead.email.strip().casefold(),
    }
    return {name: mark for name, mark in said.items() if mark}


@dataclass(frozen=True, slots=True)
class LeadFigure:
    """What came of the leads of one source, offer, person or region that came in a time; `days` are those to the first call."""

    key: Any
    name: str
    came: int
    new: int
    contacted: int
    interested: int
    negotiating: int
    won: int
    lost: int
    days: Decimal | None

    @property
    def share_won(self) -> Decimal | None:
        """Of those that ended one way or the other."""
        return Decimal(self.won) / (self.won + self.lost) if self.won + self.lost else None

    @property
    def stages(self) -> list[tuple[str, int]]:
        """In the order of the way."""
        return [(str(stage), getattr(self, str(stage))) for stage in Stage]


def lead_figures(*, by: str, period: Period, person: Person) -> list[LeadFigure]:
    """One row for each source, offer, person or region; the most leads first."""
    key, name = WAYS[by]
    rows = Lead.objects.visible_to(person).filter(came_on__range=(period.first, period.last))
    found = rows.order_by().values(group=F(key), called=F(name)).annotate(**_measures())
    figures = [_figure(dict(row)) for row in found]
    return sorted(figures, key=lambda row: (-row.came, row.name))


def _figure(row: dict[str, Any]) -> LeadFigure:
    return LeadFigure(key=row.pop("group"), name=str(row.pop("called") or ""), **row)


def lead_total(*, period: Period, person: Person) -> LeadFigure:
    """The same over all of them."""
    rows = Lead.objects.visible_to(person).filter(came_on__range=(period.first, period.last))
    return LeadFigure(key=None, name="", **rows.order_by().aggregate(**_measures()))


def _measures() -> dict[str, Any]:
    waited = Func(
        F("first_call_on"), F("came_on"), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField()
    )
    stages = {str(stage): Count("pk", filter=Q(stage=stage)) for stage in Stage}
    return {"came": Count("pk"), **stages, "days": Avg(waited, output_field=DecimalField())}
