"""Past invoices and payments of a company that goes live: in their final state, on their own dates, tied to the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from backoffice.audit import acting
from backoffice.database.copying import copy_objects
from backoffice.ledger.models import Item
from backoffice.ledger.services import Posting, allocate_history, bulk_post
from backoffice.ledger.services.allocating import take_over
from backoffice.money import dues
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.register.models import Opening
from customers.models import PaymentTerm
from invoices import lifecycle
from invoices.models import Invoice, InvoiceLine, Payment
from orders.models import Order, OrderLine
from shipments.models import Shipment, ShipmentLine

COPIED = (
    "position",
    "order_line_id",
    "product_id",
    "name",
    "spec",
    "unit",
    "quantity",
    "unit_price",
    "discount",
    "tax_rate",
    "net",
    "tax",
    "gross",
)


@dataclass(frozen=True, slots=True)
class PastPayment:
    """Money that came before we went live."""

    party: Party
    on: date
    amount: Decimal
    reference: str
    method: str
    note: str = ""


def invoice_past_shipments(shipments: Sequence[Shipment], *, opening: Opening, by: Person) -> list[Invoice]:
    """One invoice for each past shipment, on its day; due by the order's term; counters and ledger as if issued then."""
    lines, orders = lines_and_orders(shipments)
    taken = set(Invoice.objects.values_list("number", flat=True).filter(number__in=[s.number for s in shipments]))
    made: list[tuple[Invoice, list[ShipmentLine], PaymentTerm]] = []
    for shipment in shipments:
        own = lines.get(shipment.pk)
        if own:
            order = orders[own[0].order_line_id]
            made.append((past_invoice(shipment, order, opening, by, taken), own, order.term))
    invoices = copy_objects(Invoice, [row[0] for row in made])
    copy_objects(InvoiceLine, (copy(line, invoice) for invoice, own, _term in made for line in own))
    count_all([line for _invoice, own, _term in made for line in own])
    entries = bulk_post([posting_of(invoice, term) for invoice, _own, term in made], by=by)
    take_over([entry for entry in entries if entry], by=by)
    return invoices


def lines_and_orders(shipments: Sequence[Shipment]) -> tuple[dict[int, list[ShipmentLine]], dict[int, Order]]:
    """Lines by shipment and orders by order line. One table a statement: inside the take-over's own transaction PostgreSQL
    has no statistics of what was just written, and a join over it can take minutes."""
    lines: dict[int, list[ShipmentLine]] = {}
    for line in ShipmentLine.objects.filter(shipment_id__in=[s.pk for s in shipments]).order_by("position"):
        lines.setdefault(line.shipment_id, []).append(line)
    wanted = [line.order_line_id for own in lines.values() for line in own]
    order_of = dict(OrderLine.objects.filter(pk__in=wanted).values_list("pk", "order_id"))
    orders = Order.objects.in_bulk(set(order_of.values()))
    terms = PaymentTerm.objects.in_bulk({order.term_id for order in orders.values()})
    for order in orders.values():
        order.term = terms[order.term_id]
    return lines, {line: orders[order] for line, order in order_of.items()}


def past_invoice(shipment: Shipment, order: Order, opening: Opening, by: Person, taken: set[str]) -> Invoice:
    party, day = shipment.party, shipment.dispatched_on
    number = shipment.number if shipment.number not in taken else f"{shipment.number}-{shipment.pk}"
    return Invoice(
        party=party, dossier_id=shipment.dossier_id, salesperson_id=shipment.salesperson_id, author=by, state=lifecycle.ISSUED.name, number=number,
        opening=opening, dated_on=day, issued_on=day, due_on=dues(shipment.amount, day, order.term.instalments())[0].on,
        title=party.invoice_title or party.name, tax_no=party.tax_no, address=party.address[:300], includes_tax=order.includes_tax,
        net=shipment.net, tax=shipment.tax, amount=shipment.amount,
    )  # fmt: skip


def copy(line: ShipmentLine, invoice: Invoice) -> InvoiceLine:
    return InvoiceLine(invoice=invoice, shipment_line=line, **{name: getattr(line, name) for name in COPIED})


def count_all(lines: Sequence[ShipmentLine]) -> None:
    """Everything of these shipment lines is invoiced: two statements, whatever their number; no join over fresh rows."""
    billed: dict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        billed[line.order_line_id] += line.quantity
    ShipmentLine.objects.filter(pk__in=[line.pk for line in lines]).update(invoiced=F("quantity"))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_orderline o SET invoiced = o.invoiced + s.quantity "
            "FROM unnest(%s::bigint[], %s::numeric[]) AS s(id, quantity) WHERE s.id = o.id",
            [list(billed), list(billed.values())],
        )


def posting_of(invoice: Invoice, term: PaymentTerm) -> Posting:
    return Posting(
        event="invoice_issued", on=invoice.issued_on, party=invoice.party_id, person=invoice.salesperson_id, dossier=invoice.dossier_id,
        record=invoice.pk, number=invoice.number, amounts={"net": invoice.net, "tax": invoice.tax, "gross": invoice.amount},
        dues=dues(invoice.amount, invoice.issued_on, term.instalments()),
    )  # fmt: skip


def take_over_payments(payments: Sequence[PastPayment], *, opening: Opening, by: Person) -> list[Payment]:
    """Past payments as confirmed money on their own dates, posted as advances."""
    taken = set(Payment.objects.filter(number__in=[p.reference for p in payments]).values_list("number", flat=True))
    made = []
    for place, given in enumerate(payments):
        number = given.reference if given.reference not in taken else f"{given.reference}-{opening.pk}-{place}"
        taken.add(number)
        made.append(
            Payment(
                party=given.party, salesperson_id=given.party.owner_id, author=by, state=lifecycle.CONFIRMED.name, number=number, opening=opening,
                external_number=given.reference, dated_on=given.on, confirmed_on=given.on, amount=given.amount, method=given.method, note=given.note,
            )
        )  # fmt: skip
    rows = copy_objects(Payment, made)
    bulk_post(
        [
            Posting(
                event="money_confirmed", on=row.confirmed_on, party=row.party_id, person=row.salesperson_id, record=row.pk, number=row.number,
                amounts={"amount": row.amount},
            )
            for row in rows
        ],
        by=by,
    )  # fmt: skip
    return rows


def settle_history(parties: Iterable[Party], *, by: Person) -> None:
    """First in, first out over what was taken over, as of the days it happened; then the derived states follow."""
    known = list(parties)
    allocate_history(by=by, parties=known)
    open_charge = Item.objects.open().charges().filter(record_id=OuterRef("pk"))
    open_credit = Item.objects.open().credits().filter(record_id=OuterRef("pk"))
    moved = {"version": F("version") + 1, "changed_at": timezone.now()}
    with acting(by, step=lifecycle.SETTLE_INVOICE.name):
        issued = Invoice.objects.filter(party__in=known, state=lifecycle.ISSUED.name, opening__isnull=False)
        issued.filter(~Exists(open_charge)).update(state=lifecycle.SETTLED.name, **moved)
    with acting(by, step=lifecycle.USE_UP.name):
        confirmed = Payment.objects.filter(party__in=known, state=lifecycle.CONFIRMED.name, opening__isnull=False)
        confirmed.filter(~Exists(open_credit)).update(state=lifecycle.ALLOCATED.name, **moved)
