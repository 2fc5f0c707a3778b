"""What a reception cost is claimed from its page: begun with its lines, tied when handed in, set free when withdrawn (C5)."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.files.services import keep
from backoffice.pages.workbench import due_for
from backoffice.refusals import Refused
from backoffice.register.models import Record
from customers.visits.models import Reception
from customers.visits.services import settle_reception
from expenses.models import Claim
from expenses.services import cancel_claim, check_claim, return_claim, save_claim, submit_claim
from tests.making_customers import make_customer
from tests.making_expenses import receipt, submitted_claim
from tests.making_visits import hosted_reception
from tests.people_of_the_tests import make_person
from tests.racing import at_once, pausing_after

pytestmark = [pytest.mark.django_db, pytest.mark.duty("C5", "E1")]


@pytest.fixture
def reception(salesperson, assistant, manager, department):
    assistant.serves.add(salesperson)
    salesperson.department = department
    salesperson.save()
    return hosted_reception(make_customer(salesperson).party, by=assistant, manager=manager)


def claim_of(reception, by) -> Claim:
    header = {"title": "Guests", "dated_on": timezone.localdate()}
    claim = save_claim(Claim(reception=reception), by=by, header=header, lines=[receipt(950, "ENTERTAIN")])
    keep("receipt.txt", b"receipt", "text/plain", by=by, record=claim, label="other")
    return claim


def test_the_page_begins_with_what_the_reception_says(client, assistant, reception):
    client.force_login(assistant)
    address = reverse("expenses:claim-of-reception", args=[reception.pk])
    assert address in client.get(reception.get_absolute_url()).content.decode()
    page = client.get(address)
    rows = [{column.name: text for column, text in row["cells"]} for row in page.context["rows"]]
    assert [(row["kind"], row["amount"], row["customer"]) for row in rows] == [
        ("ENTERTAIN", "550.00", reception.party.code), ("ENTERTAIN", "400.00", reception.party.code),
    ]  # fmt: skip
    start = page.context["form"].initial
    assert reception.purpose in start["title"] and reception.number in start["note"]
    sent = {name: start[name] for name in ("title", "note")} | {
        "dated_on": start["dated_on"].isoformat(),
        "lines-count": len(rows),
    }
    for place, row in enumerate(rows):
        sent |= {
            f"lines-{place}-{name}": row[name] for name in ("kind", "spent_on", "description", "customer", "amount")
        }
    answer = client.post(address, sent)
    claim = Claim.objects.get()
    assert (answer.url, claim.amount, claim.reception) == (claim.get_absolute_url(), Decimal(950), reception)
    shown = client.get(reception.get_absolute_url()).content.decode()
    assert address not in shown, "it has been begun"
    assert reception.get_absolute_url() in client.get(claim.get_absolute_url()).content.decode()


def test_handing_the_claim_in_settles_the_reception(assistant, reception):
    claim = submit_claim(claim_of(reception, assistant), by=assistant)
    reception.refresh_from_db()
    assert (reception.state, reception.claim_id) == ("settled", claim.pk)
    event = Event.objects.filter(record_id=reception.pk, step="settle_reception").latest("pk")
    assert event.note == f"Expense claim {claim.number} of {assistant}"


def test_a_claim_that_is_returned_keeps_its_reception_and_one_that_is_withdrawn_sets_it_free(
    assistant, finance, reception
):
    claim = return_claim(submit_claim(claim_of(reception, assistant), by=assistant), by=finance, note="which receipt?")
    claim = submit_claim(claim, by=assistant)
    reception.refresh_from_db()
    assert (reception.state, reception.claim_id) == ("settled", claim.pk)
    cancel_claim(claim, by=assistant)
    reception.refresh_from_db()
    assert (reception.state, reception.claim_id) == ("hosted", None)
    again = submit_claim(claim_of(reception, assistant), by=assistant)
    assert check_claim(again, by=finance).state == "checked"


def test_a_reception_is_claimed_once(assistant, reception):
    claim = claim_of(reception, assistant)
    with pytest.raises(Refused, match="has begun a claim"):
        claim_of(reception, make_person("assistant"))
    picked = submitted_claim(assistant)
    settle_reception(reception, by=assistant, claim=Record.objects.get(pk=picked.pk))
    with pytest.raises(Refused, match="pays for reception"):
        submit_claim(claim, by=assistant)
    cancel_claim(claim, by=assistant)
    assert Reception.objects.get(pk=reception.pk).state == "settled", "another claim pays for it"
    with pytest.raises(Refused, match="waits for no expense claim"):
        claim_of(Reception.objects.get(pk=reception.pk), assistant)


def test_a_claim_is_not_handed_in_for_a_reception_that_was_settled_without_one(assistant, reception):
    claim = claim_of(reception, assistant)
    Reception.objects.filter(pk=reception.pk).update(actual=0)
    settle_reception(reception, by=assistant)
    with pytest.raises(Refused, match="waits for no expense claim"):
        submit_claim(claim, by=assistant)


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_a_claim_at_once_read_words(assistant, reception):
    other = make_person("assistant")
    with pausing_after("expenses.services.claims.check_is_claimable", lambda: 0.2):
        said = at_once(
            lambda: claim_of(Reception.objects.get(pk=reception.pk), assistant) and "",
            lambda: claim_of(Reception.objects.get(pk=reception.pk), other) and "",
        )
    assert sorted(said) == ["", "Refused"]


def test_the_workbench_leads_to_the_claim(assistant, reception):
    rows = [
        row for group in due_for(assistant, on=timezone.localdate()) if group.duty.duty == "C5" for row in group.rows
    ]
    urls = [act.url for act in rows[0].acts]
    assert urls[0] == reverse("expenses:claim-of-reception", args=[reception.pk])
