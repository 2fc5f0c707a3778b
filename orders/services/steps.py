"""The steps of an order. Each is one function behind the gate; the lifecycle says who may and from where."""

import datetime
from decimal import Decimal

from django.db.models import F, Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.database.copying import update_rows
from backoffice.documents.gate import after, guards, performs, take_effect
from backoffice.documents.lifecycle import State
from backoffice.numbering.services import next_number
from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.register.models import Dossier
from backoffice.review import services as review
from backoffice.stock import services as stock
from contracts.lifecycle import RUNNING
from contracts.models import ContractLine
from contracts.quotations.lifecycle import WIN, WON
from contracts.quotations.models import Quotation
from contracts.quotations.services import lock_quotation
from contracts.services import count_called_off, lock_contract
from customers.credit import credit_of, lock_credit
from customers.models import Customer
from orders.lifecycle import APPROVE, CANCEL, CLOSE, FINISH, HELD, RECHECK, RELEASE, REOPEN, RETURN, SUBMIT, SUBMITTED
from orders.models import Order, OrderLine
from orders.selectors import credit
from orders.selectors.calling_off import called_off, sent_value
from orders.selectors.licences import lacking
from orders.services.saving import check_header

RELEASED_FOR = datetime.timedelta(days=7)


@performs(SUBMIT)
def submit_order(order: Order, *, by: Person) -> State | None:
    """Hand the order in for review; over the limit, with overdue debt or a licence lapsed it is held, never lost. O2 C2 C11"""
    check_header(order)
    check_contract_rest(order, check_lines(order))
    order.party_name = order.party.name
    return hold(order, by=by)


@performs(RELEASE)
def release_order(
    order: Order, *, by: Person, note: str, exposure: Decimal | None = None, expires_on: datetime.date | None = None
) -> None:
    """Let the order pass although something holds it: with a reason, up to an exposure, until a day. C2 C11"""
    customer = lock_credit(order.party_id)
    today = timezone.localdate()
    needed = credit_of(customer, on=today).exposure + order.amount
    allowed = needed if exposure is None else exposure
    if allowed < needed:
        raise Refused(
            _("The order needs an exposure of %(needed)s; %(allowed)s would not let it pass.")
            % {"needed": f"{needed:,.2f}", "allowed": f"{allowed:,.2f}"},
            field="exposure",
        )
    until = expires_on or today + RELEASED_FOR
    if until < today:
        raise Refused(_("A release holds from today on."), field="expires_on")
    kinds = [lack.kind.pk for lack in lacking(order, on=today)]
    order.releases.create(
        round=order.round, reason=note, exposure=allowed, licence_kinds=kinds, expires_on=until, by=by
    )
    order.hold_reason = ""


@performs(RECHECK)
def recheck_order(order: Order, *, by: Person) -> State | None:
    """Look again at what holds the order, as when it was submitted; it goes on without a release once nothing does. C2 C11"""
    return hold(order, by=by)


@performs(APPROVE)
def approve_order(order: Order, *, by: Person) -> State | None:
    """Number the order, reserve its goods and take them off the contract, once everybody needed has agreed. O2"""
    if (held := hold(order, by=by)) is not None:
        return held
    take_up(order, by=by)
    order.number = order.number or next_number(order.kind, on=order.dated_on)  # a past order keeps its own
    return None


@after(RELEASE.name, RECHECK.name)
def approve_what_was_agreed(order: Order, *, by: Person) -> None:
    """An order held at its approval had its reviews already; it goes on without asking the reviewers twice."""
    if order.get_state() != SUBMITTED:
        return
    requirement = review.requirement_of(order, APPROVE.name)
    given = review.agreed(order, APPROVE.name, order.fingerprint)
    if requirement is not None and len(given) >= requirement.needed:
        with acting(by, step=APPROVE.name):
            take_effect(APPROVE, approve_order.__wrapped__, order, by=by, note="")  # type: ignore[attr-defined]


@performs(RETURN)
def return_order(order: Order, *, by: Person) -> None:
    """Give the order back to be changed; the reason is in the history. O2"""
    order.hold_reason = ""


@performs(CANCEL)
def cancel_order(order: Order, *, by: Person) -> None:
    """Give the order up. What it had promised goes back to stock and contract; a number that was given stays."""
    give_back(order)


@performs(CLOSE)
def close_order(order: Order, *, by: Person) -> None:
    """Give up the rest of an order of which something was shipped. X12"""
    give_back(order)


@performs(REOPEN)
def reopen_order(order: Order, *, by: Person) -> None:
    """Take the rest up again; every check of approving runs anew. X12"""
    lines = list(order.lines.select_for_update().order_by("pk"))
    if not any(line.open_quantity for line in lines):
        raise Refused(_("Nothing of this order is left to ship."))
    check_header(order)
    customer = lock_credit(order.party_id)
    today = timezone.localdate()
    if reasons := credit.why_held(order, customer, on=today, adding=credit.rest_of(order)):
        raise Refused(reasons, code="credit")
    if lacks := lacking(order, on=today):
        raise Refused("\n".join(map(str, lacks)), code="licence")
    take_up(order, by=by)


@performs(FINISH)
def finish_order(order: Order, *, by: Person) -> None:
    """Everything has been shipped."""


@guards(RELEASE.name)
def somebody_else_releases(order: Order, *, by: Person) -> None:
    if by.pk in (order.author_id, order.submitted_by_id):
        raise Refused(_("You wrote or submitted this order; another manager has to release it."), code="reviewer")
    if by.pk == order.salesperson_id:
        raise Refused(_("This order stands in your name; another manager has to release it."), code="reviewer")


@guards(RECHECK.name)
def is_held_by_us(order: Order, *, by: Person) -> None:
    """What held a past order in the program before is not known here."""
    if order.opening_id and order.round == 1:
        raise Refused(
            _("It was held when it was taken over, for the reason in the file; a manager releases it."), code="past"
        )


@guards(CANCEL.name)
def nothing_has_left(order: Order, *, by: Person) -> None:
    if order.lines.filter(shipped__gt=0).exists():
        raise Refused(
            _("Something of it has been shipped. Close it short instead: that gives up the rest."), code="shipped"
        )


@guards(CLOSE.name)
def something_has_left(order: Order, *, by: Person) -> None:
    if not order.lines.filter(shipped__gt=0).exists():
        raise Refused(_("Nothing of it has been shipped. Cancel it instead."), code="not_shipped")


# ── what the steps are made of ─────────────────────────────────────────────────────────────


def hold(order: Order, *, by: Person) -> State | None:
    """HELD with the reason in words, or None. Locks the customer, so that two orders cannot pass side by side."""
    customer = lock_credit(order.party_id)
    order.hold_reason = what_holds(order, customer, on=timezone.localdate())
    return HELD if order.hold_reason else None


def what_holds(order: Order, customer: Customer, *, on: datetime.date) -> str:
    """Money and licences that speak against this order and that no release covers, in words."""
    money = credit.why_held(order, customer, on=on)
    if money and is_released(order, credit_of(customer, on=on).exposure + order.amount, on=on):
        money = ""
    return "\n".join(filter(None, [money, *map(str, lacking(order, on=on))]))


def is_released(order: Order, exposure: Decimal, *, on: datetime.date) -> bool:
    """Whether a manager's release of this very round still covers it."""
    return order.releases.filter(round=order.round, expires_on__gte=on, exposure__gte=exposure).exists()


def check_lines(order: Order) -> list[OrderLine]:
    """What an order must say before somebody else reads it; gives its lines."""
    prefetch_related_objects([order], Prefetch("lines", OrderLine.objects.select_related("product")))
    lines = list(order.lines.all())
    if not lines:
        raise Refused(_("An order needs at least one line."))
    for line in lines:
        where = {"line": line.position, "product": line.product.code}
        if not line.product.is_active:
            raise Refused(_("Line %(line)d: %(product)s is not sold any more.") % where)
        if line.needs_reason and not line.price_reason:
            raise Refused(
                _("Line %(line)d: the price of %(product)s is not the agreed one; give the reason beside it.") % where
            )
    return lines


def check_contract_rest(order: Order, lines: list[OrderLine]) -> list[ContractLine]:
    """The contract's lines, locked in order of their ids, with room for what is open here; refused in words where there is none."""
    wanted: dict[int, Decimal] = {}
    for line in lines:
        if line.contract_line_id:
            wanted[line.contract_line_id] = wanted.get(line.contract_line_id, Decimal(0)) + line.open_quantity
    if not wanted:
        return []
    found = list(ContractLine.objects.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",)))
    for agreed in found:
        if agreed.is_binding and wanted[agreed.pk] > agreed.quantity - agreed.ordered:
            raise Refused(
                _("Of %(goods)s the contract has %(rest)s left; the order wants %(wanted)s.")
                % {
                    "goods": agreed.name,
                    "rest": f"{(agreed.quantity - agreed.ordered).normalize():f}",
                    "wanted": f"{wanted[agreed.pk].normalize():f}",
                },
                code="contract",
            )
        agreed.ordered += wanted[agreed.pk]
    return found


def take_up(order: Order, *, by: Person) -> None:
    """Bind what is open of the order: its dossier, the contract's rest, the goods in stock."""
    lines = list(order.lines.select_related("product").order_by("pk"))
    if order.contract_id:
        contract = lock_contract(order.contract_id)
        if contract.get_state() != RUNNING:
            raise Refused(_("Contract %(contract)s does not run any more.") % {"contract": contract}, code="contract")
        order.dossier_id = order.dossier_id or contract.dossier_id
        update_rows(check_contract_rest(order, lines), ["ordered"])
        count_called_off(contract, called_off(order.contract_id, but=order) + order.amount)
    if order.quotation_id is not None:
        order.quotation = lock_holding(order.quotation_id)
        if order.quotation.won_by_id:
            order.dossier_id = order.dossier_id or order.quotation.dossier_id
    if order.dossier_id is None:
        order.dossier = Dossier.objects.create(party=order.party)
    stock.reserve(order.pk, [(line, line.open_quantity) for line in lines], warehouse=order.warehouse)


def lock_holding(pk: int) -> Quotation:
    """The quotation an order is bound from, locked; a newer version or a loss since it was handed in ends that."""
    quotation = lock_quotation(pk)
    if quotation.get_state() not in (*WIN.sources, WON):
        raise Refused(
            _("Quotation %(quotation)s is «%(state)s» by now. Return the order and take what was quoted since.")
            % {"quotation": quotation, "state": quotation.get_state_display()},
            code="quotation",
        )
    return quotation


def give_back(order: Order) -> None:
    """Undo `take_up` for what is still open. Only an approved order has bound anything."""
    if order.state != APPROVE.target.name:
        return
    contract = lock_contract(order.contract_id) if order.contract_id else None
    if order.quotation_id is not None:
        lock_quotation(order.quotation_id)  # before the goods, as `take_up` does
    lines = list(order.lines.select_for_update().order_by("pk"))
    for pk, quantity in sorted((line.contract_line_id, line.open_quantity) for line in lines if line.contract_line_id):
        ContractLine.objects.filter(pk=pk).update(ordered=F("ordered") - quantity)
    if contract is not None:
        count_called_off(contract, called_off(contract.pk, but=order) + sent_value(order))
    stock.release([line.pk for line in lines])
