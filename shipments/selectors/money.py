"""Is the money there before the goods leave? (S5, C11; rules.md §6)"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.ledger.events import Event
from backoffice.ledger.models import Allocation, Item
from backoffice.money import ZERO, amount
from backoffice.parties.models import Party
from backoffice.people.models import Person
from customers.credit import credit_of
from customers.models import Customer, PaymentTerm
from orders.models import Order, Release
from shipments.models import GONE, MONEY_FIRST, OF_MONEY, Clearance, Shipment, ShipmentLine

MONEY = (Event.MONEY_CONFIRMED, Event.OPENING_ADVANCE)


@dataclass(frozen=True, slots=True)
class MoneyGate:
    """Whether goods may leave as far as money goes. `by_finance`: the term wants finance's confirmation all the same."""

    ok: bool
    wanted: Decimal
    there: Decimal
    why: str = ""
    by_finance: bool = False

    @property
    def missing(self) -> Decimal:
        return max(self.wanted - self.there, ZERO)


def money_gate(shipment: Shipment) -> MoneyGate:
    """What the terms of the shipment's orders want, what is there, and in words why it may not leave yet."""
    orders = list(Order.objects.filter(lines__shipment_lines__shipment=shipment).distinct().order_by("pk"))
    first = [order for order in orders if order.term_kind in MONEY_FIRST]
    gates = [paid_before(shipment, first)] if first else []
    if len(first) < len(orders):
        gates.append(on_credit(shipment.party, orders))
    held = [gate for gate in gates if not gate.ok]
    shown = (held or gates or [MoneyGate(True, ZERO, ZERO)])[0]
    why = " ".join(gate.why for gate in held)
    return MoneyGate(not held, shown.wanted, shown.there, why, bool(first))


# ── prepaid and deposit ────────────────────────────────────────────────────────────────────


def paid_before(shipment: Shipment, orders: Iterable[Order]) -> MoneyGate:
    """Confirmed money of these orders' dossiers, and the customer's free advance that no other deal needs, against what is wanted."""
    wanted_of = _wanted_by_dossier(shipment)
    there_of, free = _money_by_dossier(shipment.party)
    mine = {order.dossier_id for order in orders}
    short = {key: max(wanted - there_of[key], ZERO) for key, wanted in wanted_of.items()}
    free = max(free - sum((short[key] for key in short if key not in mine), ZERO), ZERO)
    wanted = sum((wanted_of[key] for key in mine), ZERO)
    shortfall = sum((short.get(key, ZERO) for key in mine), ZERO)
    if shortfall <= free:
        return MoneyGate(True, wanted, max(wanted, sum((there_of[key] for key in mine), ZERO) + free), by_finance=True)
    there = wanted - shortfall + free
    why = _("The term wants %(wanted)s before dispatch; %(there)s are there, %(missing)s are missing.") % {
        "wanted": f"{wanted:,.2f}", "there": f"{there:,.2f}", "missing": f"{wanted - there:,.2f}",
    }  # fmt: skip
    return MoneyGate(False, wanted, there, why, by_finance=True)


def _wanted_by_dossier(shipment: Shipment) -> dict[int | None, Decimal]:
    """Dossier → money that must be there for what of it has left, is cleared to leave, or leaves with this shipment.

    In a dossier that also holds orders on credit, these count with what they shipped: their payments are no deposit.
    """
    shipments = Shipment.objects.filter(party=shipment.party)
    leaving = Q(shipment__state__in=GONE) | Q(shipment=shipment) | Q(
        shipment__in=shipments.filter(state="reviewed").cleared().values("pk")
    )  # fmt: skip
    kept = F("gross") * (F("quantity") - F("returned")) / F("quantity")
    rows = ShipmentLine.objects.filter(leaving, order_line__order__party=shipment.party).order_by()
    shipped = dict(rows.values_list("order_line__order").annotate(total=Sum(kept)))
    wanted: dict[int | None, Decimal] = defaultdict(lambda: ZERO)
    first: set[int | None] = set()
    for order in Order.objects.filter(pk__in=shipped):
        wanted[order.dossier_id] += wanted_before(order, amount(shipped[order.pk]))
        if order.term_kind in MONEY_FIRST:
            first.add(order.dossier_id)
    return defaultdict(lambda: ZERO, {key: value for key, value in wanted.items() if key in first})


def wanted_before(order: Order, shipped: Decimal) -> Decimal:
    """What must have been paid when so much (gross) of an order has left: all of it, or the deposit, as the term says."""
    if order.term_kind != PaymentTerm.Kind.DEPOSIT:
        return shipped
    deposit = amount(order.amount * order.deposit_rate)
    return max(deposit, shipped) if order.rest_before_dispatch else deposit


def _money_by_dossier(party: Party) -> tuple[dict[int | None, Decimal], Decimal]:
    """Confirmed money that stands for each deal of a customer (settling its charges, or waiting on it), and what is free."""
    there: dict[int | None, Decimal] = defaultdict(lambda: ZERO)
    settled = Allocation.objects.filter(charge__party__in=[party, *party.former()], credit__event__in=MONEY)
    settled = settled.exclude(charge__event__in=(*MONEY, Event.REVERSAL, Event.PARTY_MERGED))
    for dossier, total in settled.order_by().values_list("charge__dossier").annotate(Sum("amount")):
        there[dossier] += total
    waiting = Item.objects.open().credits().receivable().filter(party=party, event__in=MONEY)
    totals = dict(waiting.order_by().values_list("dossier").annotate(total=Sum(F("amount") - F("allocated"))))
    free = totals.pop(None, ZERO)
    for dossier, total in totals.items():
        there[dossier] += total
    return there, free


# ── credit ─────────────────────────────────────────────────────────────────────────────────


def on_credit(party: Party, orders: Iterable[Order]) -> MoneyGate:
    """Exposure within the limit and no debt overdue beyond tolerance, or within what a manager released for these orders.

    Goods of approved orders stand in the exposure already, so dispatching them does not raise it.
    """
    customer = Customer.objects.filter(party=party).first()
    if customer is None:
        return MoneyGate(True, ZERO, ZERO)
    today = timezone.localdate()
    credit = credit_of(customer, on=today)
    limit = credit.exposure if credit.limit is None else credit.limit
    why = credit.why_not(ZERO)
    released = Release.objects.filter(order__in=list(orders), expires_on__gte=today, exposure__gte=credit.exposure)
    if not why or released.exists():
        return MoneyGate(True, credit.exposure, limit)
    if credit.overdue_beyond > 0:
        return MoneyGate(False, credit.overdue_beyond, ZERO, why)
    return MoneyGate(False, credit.exposure, limit, why)


# ── who cleared it ─────────────────────────────────────────────────────────────────────────


def clearance_of(shipment: Shipment) -> Clearance | None:
    """Finance's confirmation or a manager's release for the content as it stands; a release counts more."""
    rows = Clearance.objects.filter(shipment=shipment, fingerprint=shipment.fingerprint, kind__in=OF_MONEY)
    return (
        rows.select_related("by").order_by("-kind", "-pk").first() if shipment.fingerprint else None
    )  # unpaid, confirmed


def why_held(shipment: Shipment) -> str:
    """Why money keeps this shipment here, in words; empty when it may leave."""
    clearance = clearance_of(shipment)
    if clearance is not None and clearance.is_release:
        return ""
    gate = money_gate(shipment)
    if gate.by_finance and clearance is None:
        waits = _("Finance has not confirmed the money for it yet.")
        return f"{waits} {gate.why}".strip()
    return gate.why


# ── the queue ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reviewed shipment that money keeps here."""

    shipment: Shipment
    gate: MoneyGate
    terms: str


MOST_WAITING = 100


def money_queue(*, visible_to: Person) -> list[Waiting]:
    """Reviewed shipments that may not leave: finance has not confirmed, or the customer is over the limit. Oldest first."""
    rows = (
        Shipment.objects.visible_to(visible_to)
        .filter(state="reviewed")
        .exclude(pk__in=Shipment.objects.cleared().values("pk"))
    )
    rows = rows.select_related("party", "salesperson").prefetch_related("lines__order_line__order__term")
    found = []
    for shipment in rows.order_by("required_on", "pk")[:MOST_WAITING]:
        gate = money_gate(shipment)
        if not gate.ok or gate.by_finance:
            terms = dict.fromkeys(str(line.order_line.order.term) for line in shipment.lines.all())
            found.append(Waiting(shipment, gate, "、".join(terms)))
    return found
