"""What must go along with goods, and what of it is there (K6)."""

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from backoffice.people.models import Person
from backoffice.stock.models import Category
from contracts.models import ContractLine
from contracts.papers.lifecycle import DRAFT, ISSUED
from contracts.papers.models import Paper, PaperKind, PaperRule


@dataclass(frozen=True, slots=True)
class Going:
    """Goods that leave: the product in the words of the paper they stand on, by which contract and order."""

    product_id: int
    code: str
    name: str
    spec: str
    unit: str
    quantity: Decimal
    category_id: int | None
    contract_id: int | None = None
    order_id: int | None = None


@dataclass(frozen=True, slots=True)
class Leaving:
    """A document with which goods leave, to whom, and which."""

    record_id: int
    party_id: int
    goods: list[Going]


@dataclass(frozen=True, slots=True)
class LetGo:
    """Who let goods leave without a paper, when and why."""

    by: Person
    at: datetime.datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper that must go along: for which product (None: once for all), because of what, and what there is of it."""

    kind: PaperKind
    product: Going | None
    because: str
    paper: Paper | None
    draft: Paper | None
    let_go: LetGo | None = None

    @property
    def is_missing(self) -> bool:
        return self.paper is None and self.let_go is None

    @property
    def key(self) -> str:
        """What is wanted, in codes: one kind of paper, of one product or once for all."""
        return f"{self.kind.code} {self.product.code}" if self.product else self.kind.code

    def __str__(self) -> str:
        return f"{self.kind} ({self.product.code} {self.product.name})" if self.product else str(self.kind)


Teller = Callable[[Collection[int]], Iterable[Leaving]]
TELLERS: dict[str, Teller] = {}


def tells_goods(kind: str) -> Callable[[Teller], Teller]:
    """Register, for documents of this kind, the function from their ids to the goods that leave with them."""

    def register(teller: Teller) -> Teller:
        TELLERS[kind] = teller
        return teller

    return register


@tells_goods("contract")
def goods_of_contracts(ids: Collection[int]) -> Iterable[Leaving]:
    """All that is contracted: what will have to go along with it."""
    lines = ContractLine.objects.filter(contract__in=ids).select_related("contract", "product").order_by("position")
    found: dict[int, Leaving] = {}
    for line in lines:
        leaving = found.setdefault(line.contract_id, Leaving(line.contract_id, line.contract.party_id, []))
        leaving.goods.append(
            Going(
                line.product_id, line.product.code, line.name, line.spec, line.unit, line.quantity,
                line.product.category_id, line.contract_id,
            )
        )  # fmt: skip
    return found.values()


def goods_with(kind: str, pk: int) -> Leaving | None:
    """The goods of one document; nothing for a kind with which none leave."""
    teller = TELLERS.get(kind)
    return next(iter(teller([pk])), None) if teller else None


def wanted_of(leavings: Iterable[Leaving], *, on: datetime.date) -> dict[int, list[Wanted]]:
    """For each document what must go along with it: one statement for rules and one for papers, whatever their number."""
    leavings = list(leavings)
    rules = list(rules_for(leavings))
    if not rules:
        return {leaving.record_id: [] for leaving in leavings}
    above = Lines(rules)
    papers = list(papers_for(leavings, rules, on=on))
    return {leaving.record_id: wanted_with(leaving, rules, papers, above) for leaving in leavings}


def rules_for(leavings: Collection[Leaving]) -> QuerySet[PaperRule]:
    """The rules that may apply to any of these goods."""
    goods = [one for leaving in leavings for one in leaving.goods]
    of_party = Q(party=None) | Q(party__in={leaving.party_id for leaving in leavings})
    of_contract = Q(contract=None) | Q(contract__in={one.contract_id for one in goods if one.contract_id})
    of_product = Q(product=None) | Q(product__in={one.product_id for one in goods})
    rows = PaperRule.objects.filter(of_party & of_contract & of_product, paper_kind__is_active=True)
    return rows.select_related("paper_kind", "contract", "party", "product", "category").order_by(
        "paper_kind__code", "pk"
    )


def papers_for(leavings: Collection[Leaving], rules: Iterable[PaperRule], *, on: datetime.date) -> QuerySet[Paper]:
    """Issued and drafted papers of the kinds asked for that may belong to any of these documents, the newest last."""
    goods = [one for leaving in leavings for one in leaving.goods]
    records = {leaving.record_id for leaving in leavings}
    records |= {pk for one in goods for pk in (one.contract_id, one.order_id) if pk}
    of_party = Q(party=None) | Q(party__in={leaving.party_id for leaving in leavings})
    rows = Paper.objects.filter(
        Q(state__in=[str(state) for state in (DRAFT, ISSUED)]),
        Q(goes_with__in=records) | Q(goes_with=None) & of_party,
        Q(product=None) | Q(product__in={one.product_id for one in goods}),
        Q(valid_until=None) | Q(valid_until__gte=on), paper_kind__in={rule.paper_kind_id for rule in rules},
    )  # fmt: skip
    return rows.order_by("pk")


class Lines:
    """Product lines with what they belong to, asked for only where a rule names one."""

    def __init__(self, rules: Iterable[PaperRule]) -> None:
        is_asked = any(rule.category_id for rule in rules)
        self.parents: dict[int, int | None] = dict(Category.objects.values_list("pk", "parent")) if is_asked else {}

    def holds(self, line: int | None, wanted: int) -> bool:
        """Whether a product line is the wanted one or lies below it."""
        seen: set[int] = set()
        while line is not None and line not in seen:
            if line == wanted:
                return True
            seen.add(line)
            line = self.parents.get(line)
        return False


def wanted_with(leaving: Leaving, rules: Iterable[PaperRule], papers: list[Paper], lines: Lines) -> list[Wanted]:
    found: dict[tuple[int, int | None], Wanted] = {}
    for rule in rules:
        if rule.party_id not in (None, leaving.party_id):
            continue
        meant = [one for one in leaving.goods if applies(rule, one, lines)]
        products: Iterable[Going | None] = {one.product_id: one for one in meant}.values()
        for product in products if rule.paper_kind.is_per_product else [None] if meant else []:
            key = (rule.paper_kind_id, product.product_id if product else None)
            if key not in found:
                fits = [paper for paper in papers if fit(paper, rule.paper_kind, product, leaving)]
                issued = next((paper for paper in reversed(fits) if paper.state == str(ISSUED)), None)
                draft = next((paper for paper in reversed(fits) if paper.state == str(DRAFT)), None)
                found[key] = Wanted(rule.paper_kind, product, rule.because, issued, draft)
    return list(found.values())


def applies(rule: PaperRule, goods: Going, lines: Lines) -> bool:
    return (
        rule.contract_id in (None, goods.contract_id)
        and rule.product_id in (None, goods.product_id)
        and (rule.category_id is None or lines.holds(goods.category_id, rule.category_id))
    )


def fit(paper: Paper, kind: PaperKind, product: Going | None, leaving: Leaving) -> bool:
    """Whether this paper is the one wanted: of this kind, of this product, made for this delivery, its contract, or for anybody."""
    mine = {leaving.record_id} | {pk for one in leaving.goods for pk in (one.contract_id, one.order_id) if pk}
    return (
        paper.paper_kind_id == kind.pk
        and (product is None or paper.product_id == product.product_id)
        and (paper.goes_with_id is None or paper.goes_with_id in mine)
        and paper.party_id in (None, leaving.party_id)
    )
