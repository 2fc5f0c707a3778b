"""What orders do after contracts' steps, and what they tell of contracts' performance (K3)."""

from collections.abc import Collection

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from backoffice.documents.gate import after, guards
from backoffice.people.models import Person
from backoffice.refusals import Refused
from contracts.lifecycle import RUNNING
from contracts.models import Contract, ContractLine
from contracts.performance import Progress, tells_performance
from contracts.services import fulfil_contract
from orders.lifecycle import CANCELLED, DRAFT, FINISH
from orders.models import Order, OrderLine


@tells_performance
def from_order_lines(line_ids: Collection[int]) -> dict[int, Progress]:
    """Ordered, shipped, returned and invoiced of each contract line, by the counters of its order lines."""
    rows = OrderLine.objects.filter(contract_line__in=line_ids).exclude(order__state__in=[str(DRAFT), str(CANCELLED)])
    sums = (
        rows.order_by()
        .values("contract_line")
        .annotate(sent=Sum("shipped"), back=Sum("returned"), billed=Sum("invoiced"))
    )
    ordered = dict(ContractLine.objects.filter(pk__in=line_ids).values_list("pk", "ordered"))
    told = {row["contract_line"]: row for row in sums}
    return {
        pk: Progress(ordered[pk], told[pk]["sent"], told[pk]["back"], told[pk]["billed"])
        if pk in told
        else Progress(ordered[pk])
        for pk in ordered
    }


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
