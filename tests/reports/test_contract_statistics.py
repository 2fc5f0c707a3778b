"""Contract statistics: the figures of a period, built on the 1st, kept as issued, mailed, revised with what changed (K4)."""

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from backoffice.jobs.cadence import month_first
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import JOBS
from backoffice.jobs.runs import run_due
from backoffice.outbox.models import Message
from backoffice.people.models import Person, Role
from backoffice.periods import Month, Quarter, Year
from contracts.models import Contract
from contracts.overview import PerformanceList
from contracts.performance import performance
from contracts.services import approve_contract, sign_contract, submit_contract
from reports.models import Issued
from reports.selectors.contracts import FIGURES, WAYS, Standing, contract_statistics, from_json
from reports.services.contracts import differences, issue_statistics, owed_on, revise_ended_on, revise_statistics
from tests import making_contracts as contracts
from tests.contracts.test_performance import agreed, called_off
from tests.making import PartyFactory
from tests.making_invoices import confirmed_payment
from tests.making_shipments import dispatched_shipment, make_house
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("K4")]
D = Decimal


def today() -> datetime.date:
    return timezone.localdate()


def this_month() -> Month:
    return Month.containing(today())


def statistics(period=None, person: Person | None = None):
    """At the end of the day: what was due today and has not left is late."""
    tomorrow = timezone.localtime() + datetime.timedelta(1)
    return contract_statistics(period=period or this_month(), on=today(), at=tomorrow, visible_to=person)


@pytest.fixture
def gm(monkeypatch) -> Person:
    """The only one who gets it, so that one report is made, not one for each manager too."""
    person = make_person(Role.GM)
    monkeypatch.setattr("reports.services.contracts.recipients", lambda: [(person, None)])
    return person


def busy_house():
    """Two contracts over 2,500.00 and 800.00: of the first 12 and 4 pieces left in time, of the second nothing though it was due."""
    house = make_house()
    first = agreed(house, 20, 10, due_on=today())
    agreed(house, 8, due_on=today())
    order = called_off(house, first, 20, 4)
    dispatched_shipment(house, order)
    confirmed_payment(house, 550, order=order)
    return house


def slow_and_obvious(rows) -> Standing:
    """What the statement must say, contract by contract from each one's own performance list."""
    total = Standing()
    for contract in rows:
        own = performance(contract, on=today())
        due = [row for row in own.lines if row.due_on and row.due_on in this_month()]
        in_time = [row for row in due if row.met_on and row.met_on <= row.due_on]
        is_new = contract.signed_on in this_month()
        total += Standing(
            contracts=1, value=contract.agreed, signed=int(is_new), signed_value=contract.agreed if is_new else D(0), charged=own.shipped_value,
            received=own.received, charged_now=own.shipped_value, received_now=own.received, due=len(due), in_time=len(in_time), overdue=own.overdue,
        )  # fmt: skip
    return total


def test_the_figures_are_those_of_the_contracts_own_performance_lists():
    house = busy_house()
    agreed(make_house(), 5)
    contracts.draft_contract(house.customer)
    running = Contract.objects.exclude(number=None)
    found = statistics()
    assert found.total == slow_and_obvious(running)
    assert (found.total.contracts, found.total.due, found.total.in_time) == (3, 3, 1)
    assert (found.total.charged, found.total.received) == (D("2200.00"), D("550.00"))
    assert found.total.collected == D("0.25") and found.total.punctual == D(1) / 3


def test_each_way_of_dividing_sums_to_the_whole():
    busy_house(), agreed(make_house(), 5)
    found = statistics()
    for way in WAYS:
        assert sum((group.standing for group in found.by[way]), Standing()) == found.total, way
    assert len(found.by["salesperson"]) == 2 and len(found.by["kind"]) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_posted_after_the_instant_or_the_period_does_not_count():
    house = busy_house()
    instant = timezone.now()
    assert statistics(this_month().previous()).total.charged == 0
    dispatched_shipment(house, called_off(house, Contract.objects.order_by("pk").last(), 8))
    then = contract_statistics(period=this_month(), on=today(), at=timezone.localtime(instant)).total
    assert (then.contracts, then.charged) == (2, D("2200.00")) and statistics().total.charged == D("3000.00")


def test_each_figure_opens_the_contracts_it_counts(client):
    house = busy_house()
    gm = make_person(Role.GM)
    client.force_login(gm)
    page = client.get("/reports/contracts/?by=customer")
    [table] = page.context["tables"]
    for group, opens in table["rows"]:
        listed = PerformanceList(gm, opens["all"].partition("?")[2])
        assert listed.count == group.standing.contracts
        assert listed.figures["sum_charged"] == group.standing.charged
        assert listed.figures["sum_value"] == group.standing.value
    for by in WAYS:
        assert client.get(f"/reports/contracts/?by={by}").status_code == 200
    assert client.get("/reports/contracts/?export=xlsx").status_code == 200
    client.force_login(house.salesperson)
    assert client.get("/reports/contracts/").context["statistics"].total.contracts == 2
    client.force_login(make_person(Role.SALESPERSON))
    assert client.get("/reports/contracts/").context["statistics"].total.contracts == 0


def test_what_was_signed_what_was_due_and_what_has_no_region_or_salesperson_opens_its_contracts(client):
    busy_house()
    gm, desk = make_person(Role.GM), make_person(Role.ASSISTANT, Role.GM)
    nobodys = contracts.draft_contract(party=PartyFactory(owner=None), by=desk)
    nobodys = approve_contract(submit_contract(nobodys, by=desk), by=gm)
    scan = SimpleUploadedFile("contract.pdf", contracts.SCAN, "application/pdf")
    sign_contract(nobodys, by=desk, scan=scan, signed_on=today())
    client.force_login(gm)

    def opened(address):
        return PerformanceList(gm, address.partition("?")[2]).count

    for way in ("salesperson", "region"):
        answer = client.get(f"/reports/contracts/?by={way}")
        [table] = answer.context["tables"]
        assert [opened(opens["all"]) for _, opens in table["rows"]] == [g.standing.contracts for g, _ in table["rows"]]
        assert [opened(opens["signed"]) for _, opens in table["rows"]] == [g.standing.signed for g, _ in table["rows"]]
        assert sum(opened(opens["due"]) for _, opens in table["rows"]) == opened(table["opens"]["due"]) == 2
        assert "" in [group.key for group, _ in table["rows"]]
    page = answer.content.decode()
    assert all(table["opens"][name].replace("&", "&amp;") in page for name in ("all", "signed", "due"))


def test_what_is_overdue_opens_its_contracts_of_today_and_not_of_a_day_past(client):
    house = busy_house()
    client.force_login(house.manager)
    [table] = client.get("/reports/contracts/").context["tables"]
    asked = PerformanceList(house.manager, table["opens"]["owing"].partition("?")[2])
    assert "owing=1" in table["opens"]["owing"] and asked.count == 0, "nothing is overdue yet"
    [table] = client.get(f"/reports/contracts/?period={this_month().previous()}").context["tables"]
    assert table["opens"]["owing"] == "", "the filter knows today only"


def test_on_the_first_a_month_is_owed_and_a_quarter_and_year_when_they_end():
    assert owed_on(datetime.date(2026, 3, 1)) == [Month.containing(datetime.date(2026, 2, 1))]
    assert owed_on(datetime.date(2026, 4, 1))[1:] == [Quarter.containing(datetime.date(2026, 3, 1))]
    assert owed_on(datetime.date(2027, 1, 1))[2:] == [Year.containing(datetime.date(2026, 1, 1))]
    assert JOBS["contract_statistics"].every is month_first


@pytest.mark.django_db(transaction=True)
def test_the_job_of_the_first_keeps_and_mails_to_the_gm_and_to_each_manager_what_is_theirs():
    house = make_house()
    contracts.running_contract(house.customer)
    gm, manager = make_person(Role.GM), house.manager
    first = this_month().first
    due = timezone.make_aware(datetime.datetime.combine(first, datetime.time(6)))
    DueRun.objects.create(job="contract_statistics", period=f"{first:%Y-%m}", due_at=due, watermark=due)
    assert run_due("contract_statistics", f"{first:%Y-%m}")
    month = str(this_month().previous())
    whole, part = (
        Issued.objects.get(kind=Issued.Kind.CONTRACTS, period=month, person=person) for person in (None, manager)
    )
    assert from_json(whole.figures).total.contracts == 1
    assert set(Issued.objects.visible_to(manager)) == {part}
    sent = {
        (message.recipient, message.attachments.count())
        for message in Message.objects.filter(topic="contract_statistics")
    }
    assert {(gm.email, 2), (manager.email, 2)} <= sent


def test_issuing_twice_has_one_effect(gm):
    busy_house()
    issue_statistics(this_month(), at=timezone.now())
    before = Issued.objects.count(), Message.objects.count()
    issue_statistics(this_month(), at=timezone.now())
    assert (Issued.objects.count(), Message.objects.count()) == before


def test_a_revision_lists_what_changed_and_goes_out_like_the_first(client, gm):
    house, month = busy_house(), this_month()
    [issued] = issue_statistics(month, at=timezone.now())
    assert revise_statistics(issued, at=timezone.now()) is None, "nothing differs, nothing is revised"
    dispatched_shipment(house, called_off(house, Contract.objects.order_by("pk").last(), 8))
    client.force_login(gm)
    answer = client.post(f"/reports/issued/{issued.pk}/again/")
    revised = Issued.objects.get(kind=Issued.Kind.CONTRACTS, revision=1, person=None)
    assert answer.url == revised.get_absolute_url()
    changed = {(row["way"], row["figure"]): (row["before"], row["after"]) for row in revised.changes}
    assert changed["total", "charged"] == ("2200.00", "3000.00")
    assert Message.objects.filter(topic="contract_statistics", dedupe_key__contains=":1:", person=gm).exists()
    assert client.get(revised.get_absolute_url()).status_code == 200
    assert Issued.objects.get(pk=issued.pk).figures == issued.figures


def test_nothing_written_in_two_ways_is_no_change():
    figures = dict.fromkeys(FIGURES, 0)
    before = {"total": figures | {"value": "0"}, "by": {}}
    after = {"total": figures | {"value": "0.00"}, "by": {}}
    assert differences(before, after) == []
    assert len(differences(before, {"total": figures | {"value": "0.01"}, "by": {}})) == 1


def test_what_was_issued_on_the_first_is_looked_at_again_later_in_the_month(gm):
    house = busy_house()
    issue_statistics(this_month(), at=timezone.now())
    later = this_month().next().first + datetime.timedelta(9)
    assert revise_ended_on(later, at=timezone.now()) == 0
    dispatched_shipment(house, called_off(house, Contract.objects.order_by("pk").last(), 8))
    assert revise_ended_on(later, at=timezone.now()) > 0
