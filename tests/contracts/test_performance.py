"""The performance list: every figure is the sum of the documents it opens, and the sums are the ledger's (K3)."""

import datetime
import io
import random
from decimal import Decimal

import openpyxl
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext, override

from backoffice.database.checks import run_checks
from backoffice.ledger.models import Item
from backoffice.ledger.selectors import balance, deal, paid_for
from backoffice.ledger.services import suggest
from backoffice.people.models import Role
from backoffice.stock.lines import Goods
from contracts.models import Contract
from contracts.overview import PerformanceList
from contracts.performance import Figure, performance
from invoices.services import allocate_payment
from orders.models import Order
from orders.services import Wanted, approve_order, count_returned, save_order, submit_order
from tests import making_contracts as contracts
from tests.making_invoices import confirmed_payment, issued_invoice
from tests.making_shipments import House, dispatched_shipment, make_house
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("K3")]
D = Decimal


def today() -> datetime.date:
    return timezone.localdate()


def agreed(house: House, *quantities: int, due_on: datetime.date | None = None) -> Contract:
    """A running contract over the house's goods at 100.00 and 50.00."""
    lines = [
        Goods(product=product, quantity=D(quantity), unit_price=D(price), tax_rate=D("0.13"), more={"due_on": due_on})
        for product, quantity, price in zip(house.goods, quantities, (100, 50), strict=False)
    ]
    return contracts.running_contract(house.customer, lines=lines)


def called_off(house: House, contract: Contract, *quantities: int) -> Order:
    lines = [Wanted(product=product, quantity=D(q)) for product, q in zip(house.goods, quantities, strict=False)]
    header = {
        "party": house.party, "dated_on": today(), "warehouse": house.place, "term": house.customer.term, "contract": contract,
    }  # fmt: skip
    order = submit_order(save_order(Order(), by=house.assistant, header=header, lines=lines), by=house.assistant)
    return approve_order(order, by=house.manager)


def paid(house: House, amount: D, *, order: Order | None = None) -> None:
    """Confirmed money, set against what it would settle."""
    payment = confirmed_payment(house, amount, order=order)
    credit = Item.objects.credits().get(record=payment.pk)
    if wanted := {match.charge: match.amount for match in suggest(credit)}:
        allocate_payment(payment, wanted, on=today(), by=house.finance)


def shown(contract: Contract, on: datetime.date | None = None):
    return performance(Contract.objects.select_related("party").get(pk=contract.pk), on=on or today())


def sums_tie(found) -> None:
    """The parts of all lines come to what the books say of the dossier, figure by figure."""
    dossier = found.contract.dossier_id
    owed = balance(["1122", "2203"], on=found.on, dossier=dossier)
    total = found.total
    assert total.received == found.received == paid_for(dossier, on=found.on)
    assert total.delivered.amount == found.shipped_value == owed + found.received
    assert (
        total.invoiced.amount
        == found.invoiced
        == found.shipped_value - balance("1122.02", on=found.on, dossier=dossier)
    )
    assert total.outstanding == found.outstanding == owed


def test_each_line_is_contracted_ordered_shipped_invoiced_received_and_outstanding():
    house = make_house()
    contract = agreed(house, 20, 10)
    order = called_off(house, contract, 12, 4)
    dispatched_shipment(house, order, 7, 4)
    issued_invoice(house)
    paid(house, D(450), order=order)
    found = shown(contract)
    first, second = found.lines
    assert (first.contracted.quantity, first.ordered.quantity, first.shipped.quantity, first.invoiced.quantity) == (
        20,
        12,
        7,
        7,
    )
    assert (first.to_order, first.to_ship, second.to_ship) == (8, 13, 6)
    assert (first.shipped.amount, second.shipped.amount) == (D("700.00"), D("200.00"))
    assert (first.received, second.received) == (D("350.00"), D("100.00")), (
        "money is set against the lines of the invoice it paid"
    )
    assert (first.outstanding, second.outstanding) == (D("350.00"), D("100.00"))
    sums_tie(found)


def test_the_sums_tie_to_the_ledger_whatever_was_shipped_billed_and_paid():
    dice = random.Random(20260310)
    house = make_house()
    contract = agreed(house, 500, 500)
    for _turn in range(3):
        order = called_off(house, contract, dice.randrange(5, 30), dice.randrange(5, 30))
        dispatched_shipment(house, order, dice.randrange(1, 5), dice.randrange(1, 5))
        if dice.random() < 0.7:
            issued_invoice(house)
        paid(house, D(dice.randrange(1, 40_000)) / 100, order=order if dice.random() < 0.6 else None)
        sums_tie(shown(contract))
    assert not list(run_checks(["ledger.deals", "orders.delivered", "orders.contracts"]))


def test_the_last_payment_takes_the_rest_of_each_line():
    house = make_house()
    contract = agreed(house, 3, 3)
    order = called_off(house, contract, 1, 1)
    dispatched_shipment(house, order)
    issued_invoice(house)
    for amount in (D("33.33"), D("66.67"), D("50.00")):
        paid(house, amount, order=order)
    found = shown(contract)
    assert [row.received for row in found.lines] == [row.shipped.amount for row in found.lines]
    assert found.outstanding == 0 and found.share == D(2) / D(6)


def test_an_advance_stands_beside_the_lines_until_it_pays_something():
    house = make_house()
    contract = agreed(house, 10)
    order = called_off(house, contract, 2)
    confirmed_payment(house, 500, order=order)
    found = shown(contract)
    assert found.lines[0].received == 0 and found.beside.received == D("500.00")
    sums_tie(found)


def test_a_due_date_stands_beside_the_day_it_was_met():
    house = make_house()
    yesterday = today() - datetime.timedelta(1)
    contract = agreed(house, 5, 5, due_on=yesterday)
    order = called_off(house, contract, 5, 2)
    dispatched_shipment(house, order)
    found = shown(contract)
    met, missed = [due for due in found.obligations if not due.is_money]
    assert (met.met_on, met.days_late, met.is_late) == (today(), 1, False)
    assert (missed.missing, missed.met_on, missed.is_late, missed.days_late) == (3, None, True, 1)
    assert found.late == [found.lines[1]] and found.is_late
    assert not shown(contract, on=yesterday).late, "an obligation due on the very day is not late"


def test_as_of_an_earlier_day_nothing_later_is_told():
    house = make_house()
    contract = agreed(house, 10)
    dispatched_shipment(house, called_off(house, contract, 4))
    before = shown(contract, on=today() - datetime.timedelta(1))
    assert (before.shipped_value, before.lines[0].shipped.quantity, before.total.ordered.quantity) == (0, 0, 0)


def test_what_comes_back_is_delivered_no_more():
    house = make_house()
    contract = agreed(house, 5)
    order = called_off(house, contract, 5)
    dispatched_shipment(house, order)
    assert contract.lines.get().delivered == 5
    count_returned({order.lines.get().pk: D(2)})
    assert contract.lines.get().delivered == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        contract.lines.update(delivered=-1)


def test_nobody_writes_the_deals_but_the_books():
    house = make_house()
    contract = agreed(house, 5)
    dispatched_shipment(house, called_off(house, contract, 5))
    assert deal(contract.dossier_id, on=today()).charged == D("500.00")
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE ledger_dealentry SET charged = 1")


# ── the pages ──────────────────────────────────────────────────────────────────────────────


def test_every_figure_opens_its_documents_and_their_sum_is_the_figure(client):
    house = make_house()
    contract = agreed(house, 20, 10)
    shipment = dispatched_shipment(house, called_off(house, contract, 12, 4))
    client.force_login(house.manager)
    page = client.get(f"/contracts/{contract.pk}/performance/").content.decode()
    line = contract.lines.first()
    for figure in Figure.values:
        assert f"/contracts/{contract.pk}/performance/of/{figure}/?on={today()}&amp;line={line.pk}" in page
        assert client.get(f"/contracts/{contract.pk}/performance/of/{figure}/").status_code == 200
    answer = client.get(f"/contracts/{contract.pk}/performance/of/shipped/?line={line.pk}")
    assert answer.context["total"].quantity == 12 and shipment.get_absolute_url() in answer.content.decode()
    assert client.get(f"/contracts/{contract.pk}/performance/of/nothing/").status_code == 404
    assert client.get(f"/contracts/{contract.pk}/performance/of/shipped/?line=999999").status_code == 404


def test_the_customers_version_holds_nothing_of_the_inside(client):
    house = make_house()
    lines = [contracts.goods(100, 5, due_on=today() - datetime.timedelta(9))]
    contract = contracts.running_contract(house.customer, lines=lines, note="小心：客户付款慢")
    client.force_login(house.manager)
    for query, inside in (("", True), ("?for=customer", False)):
        answer = client.get(f"/contracts/{contract.pk}/performance/excel/{query}")
        book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
        told = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
        assert ("逾期" in told or "Overdue" in told) is inside
        with override(house.manager.language):
            ours = {gettext("Days late"), gettext("Product")}
        assert ours <= told if inside else not ours & told
        assert "小心：客户付款慢" not in told


def test_all_contracts_are_one_list_whose_figures_and_totals_are_the_contracts_own(client):
    house = make_house()
    first, second = agreed(house, 20, 10), agreed(house, 8)
    dispatched_shipment(house, called_off(house, first, 12, 4))
    dispatched_shipment(house, called_off(house, second, 8))
    confirmed_payment(house, 100, order=Order.objects.get(contract=second))
    contracts.draft_contract(house.customer)
    listed = PerformanceList(house.manager, "view=all")
    rows = {row.pk: row for row in listed.on_page()}
    assert set(rows) == {first.pk, second.pk}
    for contract in (first, second):
        own, row = shown(contract), rows[contract.pk]
        assert (row.charged, row.billed, row.received, row.outstanding) == (
            own.shipped_value,
            own.invoiced,
            own.received,
            own.outstanding,
        )
        assert abs(row.share - own.share) < D("0.000001") and row.overdue == own.overdue
    whole = [shown(first), shown(second)]
    assert listed.figures["sum_charged"] == sum(found.shipped_value for found in whole)
    assert listed.figures["sum_outstanding"] == sum(found.outstanding for found in whole)
    client.force_login(house.manager)
    for query in (
        "",
        "?late=1",
        "?owing=1",
        "?in_force=2026-03&on=2026-03-31",
        "?o=-share",
        "?export=xlsx",
        "?due_on=this_month",
    ):
        assert client.get(f"/contracts/performance/{query}").status_code in (200, 302), query
    assert client.get("/contracts/performance/?in_force=soon").status_code == 400


def test_late_deliveries_and_money_are_found_in_the_list():
    house = make_house()
    late = agreed(house, 5, due_on=today() - datetime.timedelta(3))
    agreed(house, 5, due_on=today())
    found = PerformanceList(house.manager, "late=1")
    assert [row.pk for row in found.on_page()] == [late.pk]
    dispatched_shipment(house, called_off(house, late, 5))
    assert not PerformanceList(house.manager, "late=1").on_page()


def test_a_salesperson_sees_only_their_own_contracts_in_the_list():
    contract = agreed(make_house(), 5)
    assert not PerformanceList(make_person(Role.SALESPERSON)).on_page()
    assert [row.pk for row in PerformanceList(make_person(Role.GM)).on_page()] == [contract.pk]
