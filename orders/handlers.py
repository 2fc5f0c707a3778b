"""What orders do after contracts' steps, and what they tell of contracts' performance (K3)."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Case, F, When
from django.utils.translation import gettext as _

from backoffice.documents.gate import after, guards
from backoffice.money import LineAmounts, part_of_line
from backoffice.people.models import Person
from backoffice.refusals import Refused
from contracts.lifecycle import RUNNING
from contracts.models import Contract
from contracts.performance import Figure, Part, tells_performance
from contracts.quotations.models import Quotation
from contracts.quotations.selectors import versions
from contracts.quotations.services import conclude, lock_quotation, reopen_quotation, signed_from
from contracts.services import fulfil_contract
from contracts.supply.sources import Need, supplies
from orders.lifecycle import APPROVE, APPROVED, CANCEL, CLOSED, DONE, DRAFT, FINISH
from orders.models import Order, OrderLine

BINDING = (APPROVED.name, DONE.name, CLOSED.name)  # states in which an order binds, or bound, a contract's quantities


@tells_performance
def ordered(contract: Contract, on: date) -> Iterator[Part]:
    """What was ordered from a contract; of an order closed short only what it kept (K3)."""
    rows = OrderLine.objects.filter(order__contract=contract, order__dated_on__lte=on, order__state__in=BINDING)
    sent = When(order__state=CLOSED.name, then=F("shipped") - F("returned"))
    told = rows.annotate(kept=Case(sent, default="quantity")).exclude(kept=0).order_by("order__dated_on", "pk")
    for *of, number, kept, quantity, net, tax, gross in told.values_list(
        "contract_line", "order", "order__dated_on", "order__number", "kept", "quantity", "net", "tax", "gross"
    ):
        worth = part_of_line(LineAmounts(net, tax, gross), quantity, 0, kept).gross
        yield Part(Figure.ORDERED, *of, worth, kept, number or "")


def words_of(pk: int) -> str:
    return str(Order.objects.values_list("external_number", flat=True).get(pk=pk))


@supplies("order", states=(APPROVED.name,), title=words_of)
def open_lines(pk: int) -> list[Need]:
    """What of an order has not left: supply can be asked for it (K8)."""
    order = Order.objects.get(pk=pk)
    lines = order.lines.open().select_related("product__unit").order_by("position")
    return [Need(line.product, line.open_quantity, order.required_on) for line in lines]


@guards("close_contract", "terminate_contract")
def nothing_is_open(contract: Contract, *, by: Person) -> None:
    """A contract does not end while orders from it are on their way."""
    waiting = Order.objects.open().filter(contract=contract).exclude(state=str(DRAFT)).first()
    if waiting is not None:
        raise Refused(
            _("Order %(order)s from it is still open. Finish, close or cancel that first.") % {"order": waiting},
            code="open",
        )


@after(FINISH.name)
def fulfil(order: Order, *, by: Person) -> None:
    """The last order from a contract of which nothing is left fulfils it."""
    if order.contract_id is None:
        return
    contract = Contract.objects.get(pk=order.contract_id)
    if not contract.is_binding or not contract.lines.exists():
        return  # nobody can say when all of it has been ordered
    left = contract.lines.filter(ordered__lt=F("quantity")).exists()
    waiting = Order.objects.open().filter(contract=contract).exclude(pk=order.pk).exclude(state=str(DRAFT)).exists()
    if contract.get_state() == RUNNING and not left and not waiting:
        fulfil_contract(contract, by=Person.objects.system())


# ── quotations (O7) ─────────────────────────────────────────────────────────────────────────


@after(APPROVE.name)
def win_quotation(order: Order, *, by: Person) -> None:
    """The first order approved from a quotation wins it; one that is held wins nothing yet."""
    if order.quotation is not None and order.get_state() == APPROVED:
        conclude(order.quotation, pk=order.pk)


@after(CANCEL.name)
def give_quotation_back(order: Order, *, by: Person) -> None:
    """A cancelled order wins nothing: what else was concluded from any version does, or the quotation is open again."""
    quotation = lock_quotation(order.quotation_id) if order.quotation_id else None
    if quotation is None or quotation.won_by_id != order.pk:
        return
    quotation = reopen_quotation(quotation, by=Person.objects.system())
    ordered = Order.objects.filter(quotation__in=versions(quotation), state__in=BINDING).order_by("pk").first()
    other = ordered or signed_from(quotation)
    if other is not None:
        conclude(quotation, pk=other.pk)


@guards("lose_quotation")
def nothing_is_ordered_from_it(quotation: Quotation, *, by: Person) -> None:
    waiting = Order.objects.open().filter(quotation__in=versions(quotation)).first()
    if waiting is not None:
        raise Refused(_("Order %(order)s is being made from it. Cancel that first.") % {"order": waiting}, code="open")
