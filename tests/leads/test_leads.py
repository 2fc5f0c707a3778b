"""Attracting dealers (C6): an offer is published, answered from outside without abuse, followed up, and won with all that was said."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from backoffice.outbox.models import Notification
from backoffice.pages.workbench import due_for
from backoffice.people.models import Role
from backoffice.periods import Year
from backoffice.refusals import Refused
from customers.leads import answering
from customers.leads.answering import forget_addresses
from customers.leads.models import Lead, LeadCall, Offer
from customers.leads.selectors import board, lead_figures, lead_total
from customers.leads.services import (
    give_up_lead,
    hand_lead,
    log_call,
    move_lead,
    publish_offer,
    save_lead,
    take_lead,
    win_lead,
)
from customers.leads.stages import Stage
from customers.leads.tables import LeadList
from customers.models import Customer, Note
from tests.making_customers import make_customer
from tests.making_leads import called_lead, draft_offer, new_lead, published_offer
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("C6")]
DAY = datetime.timedelta(1)
ANSWER = {
    "name": "宁波新禾商贸",
    "contact": "钱经理",
    "phone": "0574-87651234",
    "city": "宁波",
    "message": "想了解首批条件。",
    "consent": "on",
}


@pytest.fixture
def offer(manager, salesperson):
    return published_offer(manager, owner=salesperson)


@pytest.fixture
def anybody():
    return Client()


def path(offer, more=""):
    return f"/public/offers/{offer.code}/{more}"


# ── the public page ─────────────────────────────────────────────────────────────────────────
def test_an_offer_is_public_once_a_manager_publishes_it_and_until_its_day(anybody, manager, assistant):
    offer = draft_offer(assistant)
    assert anybody.get(path(offer)).status_code == 404
    with pytest.raises(Refused, match="manager"):
        publish_offer(offer, by=assistant)
    publish_offer(offer, by=manager)
    assert offer.title in anybody.get("/public/offers/").content.decode()
    assert anybody.get(path(offer)).status_code == 200
    Offer.objects.filter(pk=offer.pk).update(ends_on=timezone.localdate() - DAY)
    assert anybody.get(path(offer)).status_code == 404 and anybody.post(path(offer), ANSWER).status_code == 404
    with pytest.raises(Refused, match="ended"):
        publish_offer(offer, by=manager)


def test_an_answer_without_sign_in_is_a_lead_of_who_answers_for_the_offer(anybody, offer):
    answer = anybody.post(path(offer), ANSWER)
    assert answer.status_code == 302 and answer.headers["Location"] == path(offer, "thanks/")
    lead = Lead.objects.get()
    assert (lead.source, lead.stage, lead.owner, lead.offer) == ("public", "new", offer.owner, offer)
    assert lead.consented_at and lead.consent and lead.message == ANSWER["message"]
    assert Notification.objects.filter(person=offer.owner, topic="lead_came").count() == 1


def test_the_public_page_shows_nothing_of_the_inside(anybody, offer, salesperson):
    new_lead(salesperson, offer=offer, name="不可外泄有限公司")
    for page in ("/public/offers/", path(offer), path(offer, "thanks/")):
        shown = anybody.get(page).content.decode()
        assert salesperson.name not in shown and "不可外泄" not in shown and "/customers/" not in shown


@pytest.mark.parametrize("wrong", [{"consent": ""}, {"phone": "123"}, {"name": ""}, {"name": "x" * 300}])
def test_without_consent_or_a_number_to_call_nothing_is_kept(anybody, offer, wrong):
    answer = anybody.post(path(offer), ANSWER | wrong)
    assert answer.status_code == 422 and ANSWER["city"] in answer.content.decode()
    assert not Lead.objects.exists()


def test_a_machine_that_fills_the_hidden_field_gets_thanks_and_leaves_nothing(anybody, offer):
    assert anybody.post(path(offer), ANSWER | {"website": "http://spam.example"}).status_code == 302
    assert not Lead.objects.exists()


def test_a_form_from_another_site_is_refused(offer):
    assert Client(enforce_csrf_checks=True).post(path(offer), ANSWER).status_code == 403


def test_the_same_answer_twice_is_one_lead(anybody, offer):
    for _time in range(3):
        assert anybody.post(path(offer), ANSWER).status_code == 302
    assert Lead.objects.count() == 1


def test_too_many_answers_from_one_place_are_refused_in_words_and_others_are_not(anybody, offer):
    def send(number, **more):
        return anybody.post(path(offer), ANSWER | {"name": f"公司{number}"}, **more).status_code

    assert [send(n) for n in range(6)] == [302] * 5 + [429]
    assert send(7, REMOTE_ADDR="192.0.2.9") == 302
    assert Lead.objects.count() == 6


def test_all_together_cannot_send_more_than_an_office_can_call(anybody, offer, monkeypatch):
    monkeypatch.setattr(answering, "A_DAY_FROM_ALL", 2)
    said = [
        anybody.post(path(offer), ANSWER | {"name": f"公司{n}"}, REMOTE_ADDR=f"192.0.2.{n}").status_code
        for n in range(3)
    ]
    assert said == [302, 302, 429]


def test_from_where_an_answer_came_is_a_hash_and_forgotten_after_two_days(anybody, offer):
    anybody.post(path(offer), ANSWER, REMOTE_ADDR="192.0.2.77")
    lead = Lead.objects.get()
    assert len(lead.came_from) == 64
    assert forget_addresses(before=timezone.now()) == 0
    assert forget_addresses(before=timezone.now() + 3 * DAY) == 1
    assert not Lead.objects.exclude(came_from="").exists()


# ── following up ────────────────────────────────────────────────────────────────────────────
def test_whose_leads_one_sees(salesperson, assistant, manager, department):
    mine, nobodys, strangers = new_lead(salesperson), new_lead(assistant), new_lead(make_person(Role.SALESPERSON))
    seen = {who: set(Lead.objects.visible_to(who)) for who in (salesperson, assistant, manager)}
    assert seen == {salesperson: {mine}, assistant: {nobodys}, manager: {mine, nobodys}}
    assistant.serves.add(salesperson)
    assert set(Lead.objects.visible_to(assistant)) == {mine, nobodys}
    with pytest.raises(ObjectDoesNotExist):
        log_call(strangers, by=assistant, text="x")


def test_the_first_call_makes_a_lead_contacted_and_the_next_one_comes_back_on_its_day(salesperson):
    lead, today = new_lead(salesperson), timezone.localdate()
    assert [group.duty.duty for group in due_for(salesperson, on=today)] == ["C6"]
    log_call(lead, by=salesperson, text="要样品", next_on=today + DAY)
    lead.refresh_from_db()
    assert (lead.stage, lead.first_call_on, lead.next_on) == ("contacted", today, today + DAY)
    assert not due_for(salesperson, on=today)
    assert len(due_for(salesperson, on=today + DAY)[0].rows) == 1


def test_what_was_said_is_never_changed(salesperson):
    called_lead(salesperson)
    with pytest.raises(DatabaseError), transaction.atomic():
        LeadCall.objects.update(text="said nothing")


def test_a_lead_of_nobody_is_handed_on_and_taken(assistant, salesperson):
    lead = hand_lead(new_lead(assistant), to=salesperson, by=assistant)
    assert Notification.objects.filter(person=salesperson, topic="lead_handed_on").count() == 1
    with pytest.raises(Refused, match="does not work on leads"):
        hand_lead(lead, to=make_person(Role.HR), by=salesperson)
    other = new_lead(assistant)
    assert take_lead(other, by=assistant).owner == assistant


def test_a_lead_moves_both_ways_and_is_given_up_only_with_a_reason(salesperson):
    lead = move_lead(called_lead(salesperson), by=salesperson, stage="negotiating")
    assert move_lead(lead, by=salesperson, stage="interested").stage == "interested"
    with pytest.raises(Refused, match="making it a customer"):
        move_lead(lead, by=salesperson, stage="won")
    with pytest.raises(Refused, match="reason"):
        give_up_lead(lead, by=salesperson, note=" ")
    lead = give_up_lead(lead, by=salesperson, note="价格")
    with pytest.raises(Refused, match="Given up"):
        log_call(lead, by=salesperson, text="x")
    assert move_lead(lead, by=salesperson, stage="contacted").lost_reason == ""
    with pytest.raises(DatabaseError), transaction.atomic():
        Lead.objects.update(stage="won")


def test_a_lead_nobody_can_reach_is_refused(salesperson):
    with pytest.raises(Refused, match="telephone"):
        new_lead(salesperson, phone="")
    lead = new_lead(salesperson)
    given = {"name": lead.name, "phone": "", "email": "a@example.com", "came_on": lead.came_on}
    assert save_lead(lead, by=salesperson, given=given).email == "a@example.com"


def test_an_open_lead_of_the_same_name_telephone_or_mail_is_asked_about_before_a_second_one_is_made(salesperson):
    first = new_lead(salesperson, name="宁波新禾商贸", phone="0574-87651234", email="Qian@example.com")
    for same in ({"name": "宁波新禾商贸"}, {"phone": "(0574) 8765 1234"}, {"phone": "", "email": "qian@EXAMPLE.com"}):
        with pytest.raises(Refused, match=f"open lead like this, responsible: {salesperson}"):
            new_lead(salesperson, **same)
    second = save_lead(
        Lead(came_on=first.came_on), by=salesperson, given={"name": "宁波新禾商贸", "phone": "1"}, is_new=True
    )
    given = {"name": second.name, "phone": "2", "came_on": second.came_on}
    assert save_lead(second, by=salesperson, given=given, is_new=True).phone == "2"
    assert save_lead(second, by=salesperson, given=given | {"city": "宁波"}).city == "宁波", "nothing that tells is new"
    give_up_lead(first, by=salesperson, note="价格")
    give_up_lead(second, by=salesperson, note="价格")
    assert new_lead(salesperson, name="宁波新禾商贸"), "who was given up may come again"


def test_of_somebody_elses_lead_the_form_says_only_whose_it_is(client, salesperson):
    theirs = new_lead(
        make_person(Role.SALESPERSON, name="李明"), name="宁波新禾商贸", phone="0574-87651234", city="象山"
    )
    client.force_login(salesperson)
    typed = {"name": "宁波新禾商贸", "phone": "0574-87650000", "source": "fair", "came_on": str(theirs.came_on)}
    assert "is_new" not in client.get("/customers/leads/new/").content.decode()
    answer = client.post("/customers/leads/new/", typed)
    shown = answer.content.decode()
    assert answer.status_code == 422 and "李明" in shown and 'name="is_new"' in shown
    assert "象山" not in shown and theirs.get_absolute_url() not in shown and Lead.objects.count() == 1
    assert client.post("/customers/leads/new/", typed | {"is_new": "on"}).status_code == 302
    mine = Lead.objects.get(owner=salesperson)
    assert "李明" in client.get(mine.get_absolute_url()).content.decode()
    new_lead(salesperson, name="象山渔港商贸", city="石浦")
    assert "石浦" in client.post("/customers/leads/new/", typed | {"name": "象山渔港商贸"}).content.decode()


def test_the_open_leads_of_whoever_has_left_are_nobodys(assistant, manager, salesperson):
    left, kept = make_person(Role.SALESPERSON), new_lead(salesperson)
    open_one, ended = new_lead(left), give_up_lead(new_lead(left), by=left, note="价格")
    left.is_active = False
    left.save()
    assert list(LeadList(assistant, "underway=1&nobodys=1").ordered) == [open_one]
    assert [group.rows[0].title for group in due_for(assistant, on=timezone.localdate())] == [open_one.name]
    assert {kept, ended}.isdisjoint(Lead.objects.visible_to(assistant))
    assert hand_lead(open_one, to=salesperson, by=assistant).owner == salesperson


# ── won ─────────────────────────────────────────────────────────────────────────────────────
def test_a_won_lead_is_a_customer_with_everything_that_was_said(salesperson, offer):
    lead = called_lead(salesperson, offer=offer, contact="钱经理", city="宁波", message="想代理")
    customer = win_lead(lead, by=salesperson)
    lead.refresh_from_db()
    assert (lead.stage, lead.customer) == (Stage.WON, customer)
    assert (customer.party.name, customer.party.owner, customer.party.kind) == (lead.name, salesperson, "dealer")
    assert customer.source.startswith("Fair") and customer.party.contacts.get().name == "钱经理"
    assert list(Note.objects.filter(party=customer.pk).values_list("kind", "text")) == [
        ("call", "介绍产品，对方要样品。"), ("remark", "想代理"),
    ]  # fmt: skip
    assert win_lead(lead, by=salesperson) == customer and Customer.objects.count() == 1


def test_who_is_in_the_archive_already_is_asked_for_first(salesperson):
    known = make_customer(salesperson, name="宁波新禾商贸有限公司", phone="0574-87651234")
    lead = called_lead(salesperson, name="宁波新禾商贸", phone="0574-87651234")
    with pytest.raises(Refused, match="alike"):
        win_lead(lead, by=salesperson)
    assert win_lead(lead, by=salesperson, customer=known) == known
    again = called_lead(salesperson, name="宁波新禾商贸", phone="0574-87651234")
    assert win_lead(again, by=salesperson, is_new=True) != known


# ── figures ─────────────────────────────────────────────────────────────────────────────────
def test_board_and_figures_are_those_of_the_leads_counted_one_by_one(salesperson, offer, gm):
    today = timezone.localdate()
    new_lead(salesperson, source="fair")
    called_lead(salesperson, source="fair", offer=offer)
    give_up_lead(called_lead(salesperson, source="referral"), by=salesperson, note="太远")
    win_lead(called_lead(salesperson, source="referral"), by=salesperson)
    late = new_lead(salesperson, source="referral", came_on=today - 4 * DAY)
    log_call(late, by=salesperson, text="x", happened_on=today - DAY)
    asked = {"period": Year(today - 300 * DAY, today), "person": gm}
    for by in ("source", "offer", "owner"):
        for row in lead_figures(by=by, **asked):
            mine = [
                lead
                for lead in Lead.objects.all()
                if (lead.source if by == "source" else getattr(lead, f"{by}_id")) == row.key
            ]
            assert dict(row.stages) == {str(s): sum(lead.stage == s for lead in mine) for s in Stage}
            waits = [(lead.first_call_on - lead.came_on).days for lead in mine if lead.first_call_on]
            assert rounded(row.days) == (rounded(Decimal(sum(waits)) / len(waits)) if waits else None)
    total = lead_total(**asked)
    assert (total.came, total.won, total.lost, total.share_won) == (5, 1, 1, Decimal("0.5"))
    assert {str(lane.stage): lane.count for lane in board(Lead.objects.underway())} == {
        "new": 1, "contacted": 2, "interested": 0, "negotiating": 0,
    }  # fmt: skip


def rounded(number):
    return None if number is None else round(number, 6)
