"""The archive: who may write what, notes that come back, hand-over, one timeline; and the pages that show it."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.pages.workbench import due_for
from backoffice.parties import tax_number
from backoffice.refusals import Refused, Stale
from customers import selectors
from customers.changes import open_customer
from customers.credit import credit_of
from customers.handing import hand_over
from customers.models import Address, Contact, CustomerChange, Note, PaymentTerm
from customers.selectors import alikes
from customers.services import (
    finish_note,
    remove_row,
    save_address,
    save_contact,
    save_customer,
    write_note,
)
from customers.tables import CustomerList
from customers.timeline import PAGE, timeline_of
from tests.making_cases import opened_case
from tests.making_customers import TAX_NO, draft_change, make_customer, submitted_change
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(salesperson, assistant):
    assistant.serves.add(salesperson)
    return make_customer(
        salesperson, name="杭州医药有限公司", contact="张经理", phone="0571-8888", address="江南大道1号"
    )


@pytest.mark.duty("C1")
def test_a_new_customer_begins_without_credit_which_is_asked_for(assistant, salesperson):
    assistant.serves.add(salesperson)
    given = {
        "name": "宁波医院",
        "owner": salesperson,
        "term": PaymentTerm.objects.get(code="N30"),
        "credit_limit": Decimal(9000),
        "reason": "new",
    }
    customer = open_customer(by=assistant, given=given)
    assert (customer.credit_limit, customer.term.code) == (0, "PREPAID")
    change = CustomerChange.objects.get(party=customer.pk)
    assert (change.state, change.amount) == ("submitted", Decimal(9000))
    assert customer.party.code == "C00001" and "nbyy" in customer.party.search


def test_a_customer_one_would_not_see_is_refused(assistant, salesperson):
    with pytest.raises(Refused, match="whom you serve"):
        save_customer(None, by=assistant, given={"name": "x", "owner": salesperson})


@pytest.mark.duty("C8")
def test_who_changed_what_when_with_before_and_after(customer, assistant):
    save_customer(customer, by=assistant, given={"phone": "139"})
    event = Event.objects.filter(table="parties_party", row=customer.pk).first()
    assert event.changed["phone"] == ["0571-8888", "139"]
    assert (event.person, event.step, event.at.date()) == (
        assistant,
        "save_customer",
        datetime.datetime.now(datetime.UTC).date(),
    )


def test_a_form_opened_before_another_saved_is_refused(customer, assistant):
    version = customer.party.version
    save_customer(customer, by=assistant, given={"phone": "1"}, version=version)
    with pytest.raises(Stale) as stale:
        save_customer(customer, by=assistant, given={"phone": "2"}, version=version)
    assert stale.value.changes


def test_a_salesperson_does_not_give_customers_away(customer, salesperson):
    with pytest.raises(Refused, match="Only a manager"):
        save_customer(customer, by=salesperson, given={"owner": make_person("salesperson")})


@pytest.mark.duty("C8")
def test_a_manager_hands_customers_over_and_the_history_says_why(customer, manager, department):
    customer.party.owner.department = department
    new = make_person("salesperson", department=department)
    assert hand_over([customer], to=new, by=manager, note="left the company") == 1
    event = Event.objects.filter(table="parties_party", row=customer.pk).first()
    assert (event.step, event.note, event.person) == ("hand_over", "left the company", manager)
    with pytest.raises(Refused, match="no salesperson"):
        hand_over([customer], to=make_person("hr"), by=manager)


def test_one_contact_is_the_main_one_and_one_address_the_default(customer, assistant):
    first = customer.party.contacts.get()
    save_contact(Contact(party=customer.party, name="刘", is_main=True), by=assistant)
    first.refresh_from_db()
    assert not first.is_main
    save_address(Address(party=customer.party, text="新仓库", is_default=True), by=assistant)
    assert customer.party.addresses.filter(is_default=True).get().text == "新仓库"
    remove_row(first, by=assistant)
    assert Event.objects.filter(table="customers_contact", operation="D").exists()


@pytest.mark.duty("C1", "R7")
def test_a_note_with_a_date_comes_back_on_the_day(customer, assistant):
    today = timezone.localdate()
    note = write_note(customer.party, by=assistant, text="补货", due_on=today)
    rows = [row for group in due_for(assistant, on=today) for row in group.rows]
    assert [(row.title, row.acts[0].method) for row in rows] == [(str(customer.party), "post")]
    assert not [g for g in due_for(assistant, on=today - datetime.timedelta(days=1)) if g.duty.duty == "C3"]
    finish_note(note, by=assistant)
    assert not [g for g in due_for(assistant, on=today) if g.duty.duty == "C3"]
    with pytest.raises(Refused):
        write_note(customer.party, by=assistant, text="  ")


@pytest.mark.duty("C1")
def test_the_timeline_holds_everything_once_and_in_order(customer, assistant):
    start = datetime.date(2026, 1, 1)
    Note.objects.bulk_create(
        Note(party=customer.party, kind="call", text=str(n), written_by=assistant, happened_on=start + datetime.timedelta(days=n % 7)) for n in range(3 * PAGE)
    )  # fmt: skip
    draft_change(customer, by=assistant)
    save_customer(customer, by=assistant, given={"phone": "139"})
    seen, after = [], ""
    while True:
        stretch = timeline_of(customer.party, person=assistant, after=after)
        seen += [entry.place for entry in stretch.entries]
        if not stretch.after:
            break
        after = stretch.after
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen))
    kinds = [name for _day, (_order, name), _key in seen]
    assert (kinds.count("note"), kinds.count("document")) == (3 * PAGE, 1) and kinds.count("change") >= 2
    assert timeline_of(customer.party, person=assistant, after="nonsense").entries


@pytest.mark.duty("C1", "C3")
def test_a_note_is_no_second_way_to_write_down_a_talk_and_a_leads_talks_are_told_all_the_same(
    client, customer, assistant
):
    form = page(client, assistant, "customers:note-new", customer.pk).content.decode()
    assert 'name="kind"' not in form and "Record a talk" in form
    Note.objects.create(
        party=customer.party,
        kind="call",
        text="als Interessent",
        written_by=assistant,
        happened_on=timezone.localdate(),
    )
    told = timeline_of(customer.party, person=assistant, only="note")
    assert [(entry.what, entry.text) for entry in told.entries] == [("Call", "als Interessent")]


@pytest.mark.duty("C1")
def test_the_timeline_shows_one_source_alone(customer, assistant):
    write_note(customer.party, by=assistant, text="补货")
    draft_change(customer, by=assistant)
    told = timeline_of(customer.party, person=assistant, only="note")
    assert [(entry.source, entry.text, entry.person) for entry in told.entries] == [("note", "补货", assistant)]
    assert len(timeline_of(customer.party, person=assistant, only="nonsense").entries) >= 3


def test_a_page_of_the_timeline_asks_as_often_at_the_end_as_at_the_beginning(
    customer, assistant, django_assert_max_num_queries
):
    Note.objects.bulk_create(
        Note(party=customer.party, text=str(n), written_by=assistant, happened_on=datetime.date(2026, 1, 1))
        for n in range(90)
    )
    first = timeline_of(customer.party, person=assistant)
    with django_assert_max_num_queries(8):
        assert timeline_of(customer.party, person=assistant, after=first.after).entries


@pytest.mark.duty("C1")
def test_whoever_is_typed_twice_is_warned_of(customer, assistant):
    other = make_person("salesperson")
    assert [a.why for a in alikes(person=assistant, name="杭州医药")] == ["name"]
    assert [a.why for a in alikes(person=assistant, phone="05718888")] == ["phone"]
    (hidden,) = alikes(person=other, tax_no=TAX_NO.lower())
    assert hidden.party is None and hidden.owner == customer.party.owner
    assert alikes(person=other, name="杭州医药有限公司") == []


@pytest.mark.duty("C1")
@pytest.mark.parametrize(
    ("typed", "there", "alike"),
    [("上海华康医疗设备", "上海华康医疗器械有限公司", True), ("上海华康医疗", "华康医疗", True), ("华康医疗", "上海华康医疗", True),
     ("上海华康医疗设备（集团）有限公司", "上海华康医疗设备", True), ("上海华康医疗设备", "上海同济医疗设备", False),
     ("杭州市第一人民医院", "杭州市第二人民医院", False), ("上海", "北京", False)],
)  # fmt: skip
def test_a_chinese_name_nearly_like_another_is_warned_of(salesperson, typed, there, alike):
    known = make_customer(salesperson, name=there)
    assert [(a.party, a.why) for a in alikes(person=salesperson, name=typed)] == (
        [(known.party, "name")] if alike else []
    )


@pytest.mark.duty("C1")
def test_the_likest_name_comes_first_and_what_a_crowd_shares_leads_to_nobody(salesperson, monkeypatch):
    for name in ("上海华康医疗器械", "上海华康医疗设施", "上海华康医疗", "上海虹桥医疗设备"):
        make_customer(salesperson, name=name, short_name="")
    typed = "上海华康医疗设备"
    assert [a.party.name for a in alikes(person=salesperson, name=typed)][:2] == ["上海华康医疗设施", "上海华康医疗"]
    assert alikes(person=make_person("salesperson"), name=typed) == []
    monkeypatch.setattr(selectors, "CROWD", 2)
    assert [a.party.name for a in alikes(person=salesperson, name=typed)] == ["上海华康医疗设施"]


@pytest.mark.duty("C1")
def test_names_nearly_alike_are_looked_up_by_the_trigram_index(salesperson):
    make_customer(salesperson, name="上海华康医疗器械")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = selectors.sharing("上海华康医疗设备").explain()
    assert plan.count("party_search") == 7 and "Seq Scan" not in plan


@pytest.mark.duty("C8")
@pytest.mark.parametrize(
    ("number", "wrong"),
    [(TAX_NO, False), ("914403001922038216", False), ("91440300192203821X", True), ("12345", True), ("91110000802100433O", True),
     ("110101199003071", False), ("", False)],
)  # fmt: skip
def test_a_tax_number_proves_itself(number, wrong):
    assert bool(tax_number.fault(number)) is wrong
    assert tax_number.fault(number, country="France") == ""


@pytest.mark.duty("C11")
def test_no_limit_is_unlimited_zero_is_none_and_exactly_the_limit_passes(salesperson):
    today = timezone.localdate()
    unlimited = credit_of(make_customer(salesperson, credit_limit=None), on=today)
    none = credit_of(make_customer(salesperson, credit_limit=Decimal(0)), on=today)
    some = credit_of(make_customer(salesperson, credit_limit=Decimal(200)), on=today)
    assert unlimited.why_not(Decimal(10**9)) == ""
    assert "credit limit" in none.why_not(Decimal("0.01"))
    assert (some.why_not(Decimal(200)), bool(some.why_not(Decimal("200.01")))) == ("", True)


# ── pages ───────────────────────────────────────────────────────────────────────────────────
def page(client, person, name, *args, **query):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["has_totp"] = True
    session.save()
    return client.get(reverse(name, args=args), query)


@pytest.mark.duty("C1", "C11")
def test_the_page_answers_a_telephone_call(client, customer, assistant):
    write_note(customer.party, by=assistant, text="补货 200 箱", due_on=timezone.localdate())
    submitted_change(customer, by=assistant)
    text = page(client, assistant, "customers:customer", customer.pk).content.decode()
    for expected in (
        "杭州医药有限公司",
        "tel:0571-8888",
        "张经理",
        "江南大道1号",
        TAX_NO,
        "50,000.00",
        "补货 200 箱",
        "on its way",
        "New note",
    ):
        assert expected in text, expected


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    ("name", "needs"),
    [("list", 0), ("note-list", 0), ("change-list", 0), ("customer-new", 0), ("customer", 1), ("customer-edit", 1), ("timeline", 1), ("files", 1),
     ("customer_change-new", 1), ("note-new", 1), ("contact-new", 1), ("address-new", 1)],
)  # fmt: skip
def test_every_page_opens_for_the_office_and_is_not_found_by_others(client, customer, assistant, name, needs, language):
    assistant.language = language
    assistant.save()
    args = (customer.pk,) * needs
    assert page(client, assistant, f"customers:{name}", *args).status_code == 200
    assert page(client, make_person("warehouse"), f"customers:{name}", *args).status_code == 403
    if needs:
        assert page(client, make_person("salesperson"), f"customers:{name}", *args).status_code == 404


def test_a_change_is_asked_for_and_reviewed_in_the_browser(client, customer, assistant, finance):
    page(client, assistant, "customers:customer_change-new", customer.pk)
    typed = {"tax_no": TAX_NO, "invoice_title": "", "bank_name": "工行", "bank_account": "", "term": customer.term_id, "credit_limit": "8万", "grade": "B",
             "settlement": "transfer", "overdue_tolerance": 0, "reason": "more"}  # fmt: skip
    answer = client.post(reverse("customers:customer_change-new", args=[customer.pk]), typed)
    change = CustomerChange.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, change.get_absolute_url())
    assert change.state == "submitted" and set(change.changes) == {
        "party.bank_name",
        "customer.credit_limit",
        "customer.grade",
    }
    text = page(client, finance, "pages:review", change.pk).content.decode()
    assert "50,000.00" in text and "80,000.00" in text
    client.post(
        reverse("pages:review", args=[change.pk]),
        {"step": "apply_customer_change", "version": change.version, "fingerprint": change.fingerprint},
    )
    customer.refresh_from_db()
    assert (customer.credit_limit, customer.grade) == (Decimal(80000), "B")


@pytest.mark.duty("C1")
def test_the_list_filters_by_owner_region_grade_term_kind_and_limit(customer, salesperson):
    make_customer(salesperson, grade="A", kind="hospital")

    def codes(query):
        return [row.party.code for row in CustomerList(salesperson, query).ordered]

    assert len(codes("")) == 2 and codes("grade=A&kind=hospital") == codes("grade=A")
    assert codes(f"owner=me&term={customer.term_id}&is_active=1&balance=0..0") == codes("")
    assert codes("over_limit=1") == []


@pytest.mark.duty("C1")
def test_whoever_calls_from_there_is_found(customer, assistant):
    second = save_contact(Contact(party=customer.party, name="李采购", phone="139-1234-5678"), by=assistant)
    for typed in ("李采购", "lcg", "13912345678", "张经理"):
        assert CustomerList(assistant, f"q={typed}").count == 1, typed
    remove_row(second, by=assistant)
    assert CustomerList(assistant, "q=13912345678").count == 0
    assert CustomerList(assistant, "q=张经理").count == 1


@pytest.mark.duty("C1", "C4")
def test_an_unsolved_complaint_stands_at_the_head_of_the_page(client, customer, assistant):
    opened_case(customer, by=assistant)
    client.force_login(assistant)
    page = client.get(customer.get_absolute_url())
    (figure,) = [one for one in page.context["figures"] if "cases" in one["url"]]
    assert (figure["value"], figure["tone"]) == (1, "bad")
    assert client.get(figure["url"]).context["shown"].count == 1
