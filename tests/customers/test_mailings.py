"""Mailings (C9): whom a filter finds, who gets none, each letter through the outbox once, what became of it."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.database.checks import run_checks
from backoffice.jobs.models import Work
from backoffice.jobs.works import run_work
from backoffice.outbox.models import Message, Notification
from backoffice.pages.timeline import timeline_of
from backoffice.people.models import Role
from backoffice.refusals import Refused
from customers.mailings import services
from customers.mailings.models import Mailing, OptOut, Recipient
from customers.mailings.selectors import addressees, results_of
from customers.mailings.services import recall_mailing, send_what_is_planned
from customers.mailings.services.mailings import hand_over_what_was_left
from customers.mailings.services.planning import sent_or_given_back
from customers.mailings.wording import check_fields, filled
from tests.making_customers import make_customer
from tests.making_mailings import draft_mailing, planned_mailing, sending_mailing, sent_mailing, with_contact
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("C9")]
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def office(department):
    """An assistant, the salesperson they serve, and three customers of theirs: with a contact, with an address of the house only, with none."""
    salesperson, assistant = (
        make_person(Role.SALESPERSON, department=department),
        make_person(Role.ASSISTANT, department=department),
    )
    assistant.serves.add(salesperson)
    customers = [
        make_customer(salesperson, name="甲贸易有限公司", city="杭州"),
        make_customer(salesperson, name="乙贸易有限公司", email="info@yi.example.com", city="宁波"),
        make_customer(salesperson, name="丙贸易有限公司", city="杭州"),
    ]
    with_contact(customers[0], "wang@jia.example.com", by=assistant)
    return assistant, customers


def given_of(mailing):
    return {name: getattr(mailing, name) for name in services.mailings.HEADER}


def fates(mailing):
    return {row.party_name[0]: row.fate for row in mailing.lines.all()}


def test_a_mailing_goes_to_whom_the_filter_finds_each_under_their_own_name(office):
    assistant, _customers = office
    mailing = sent_mailing(assistant)
    assert mailing.state == "sent" and mailing.number.startswith("ML-")
    assert fates(mailing) == {"甲": "out", "乙": "out", "丙": "no_address"}
    mail = Message.objects.get(recipient="wang@jia.example.com")
    assert mail.subject == "甲贸易有限公司：新品目录" and "尊敬的王芳" in mail.text
    assert mail.headers["Reply-To"] == assistant.email
    assert "no-mailings/" in mail.headers["List-Unsubscribe"] and mail.record_id == mailing.pk
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert results_of(mailing) | {"out": 2, "no_address": 1, "waiting": 0} == results_of(mailing)


def test_the_filter_is_that_of_the_list_of_customers(office):
    assistant, customers = office
    mailing = draft_mailing(assistant, audience="city=杭州&o=-balance", left_out=[customers[2].pk])
    assert mailing.audience == "city=%E6%9D%AD%E5%B7%9E"
    assert [one.party.name[0] for one in addressees(mailing, assistant)] == ["甲"]
    told = [change for entry in timeline_of(mailing) for change in entry.changes if "city" in change[2]]
    assert [after for _label, _before, after in told] == ["city: 杭州"], "the history is read by people"
    with pytest.raises(Refused, match="does not know"):
        draft_mailing(assistant, audience="password=1")


def test_nobody_is_written_to_whom_one_does_not_see(office):
    assistant, _customers = office
    with_contact(
        make_customer(make_person(Role.SALESPERSON), name="外人公司"), "x@other.example.com", by=make_person(Role.GM)
    )
    assert "x@other.example.com" not in {one.email for one in addressees(draft_mailing(assistant), assistant)}


def test_all_contacts_are_reached_if_one_wishes_and_an_address_gets_one_letter(office):
    assistant, customers = office
    with_contact(customers[0], "li@jia.example.com", by=assistant, name="李雷", is_main=False)
    with_contact(customers[2], "WANG@jia.example.com", by=assistant)
    emails = [one.email for one in addressees(draft_mailing(assistant, reach="all"), assistant)]
    assert sorted(emails) == ["info@yi.example.com", "li@jia.example.com", "wang@jia.example.com"]


def test_who_opted_out_gets_none_whether_by_contact_by_click_or_told_to_somebody(office):
    assistant, customers = office
    services.write_opt_out(customers[1].party, "Info@yi.example.com", by=assistant, reason="by telephone")
    with_contact(customers[2], "bing@bing.example.com", by=assistant, takes_mailings=False)
    row = sent_mailing(assistant).lines.get(party=customers[0].pk)
    assert services.opt_out_by_link(row.secret) == services.opt_out_by_link(row.secret) == row
    with pytest.raises(Refused, match="Nobody would get"):
        sending_mailing(assistant)
    assert OptOut.objects.count() == 2 and services.opt_out_by_link("nothing") is None
    customers[0].party.contacts.get().refresh_from_db()
    assert not customers[0].party.contacts.get().takes_mailings
    assert not list(run_checks(["mailings.opt_outs", "mailings.recipients"]))


def test_an_opt_out_between_sending_and_handing_over_still_counts(office):
    assistant, customers = office
    mailing = sending_mailing(assistant)
    services.write_opt_out(customers[0].party, "wang@jia.example.com", by=assistant)
    services.hand_over_mailing(mailing.pk, by=assistant)
    assert fates(mailing)["甲"] == "opted_out"
    assert set(Message.objects.values_list("recipient", flat=True)) == {"info@yi.example.com"}


def test_an_opt_out_is_taken_back_with_a_reason_only(office):
    assistant, customers = office
    kept = services.write_opt_out(customers[0].party, "wang@jia.example.com", by=assistant)
    with pytest.raises(Refused):
        services.take_back_opt_out(kept, by=assistant, note=" ")
    services.take_back_opt_out(kept, by=assistant, note="王芳来电，2026-03-10")
    assert customers[0].party.contacts.get().takes_mailings and not OptOut.objects.exists()


def test_handing_over_goes_on_where_it_stopped_and_doubles_nothing(office, monkeypatch):
    assistant, _customers = office
    monkeypatch.setattr(services.mailings, "BATCH", 1)
    mailing = sending_mailing(assistant)
    stopped = iter([None])

    def stop(_number):
        if next(stopped, "over") == "over":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        services.hand_over_mailing(mailing.pk, by=assistant, advance=stop)
    services.hand_over_mailing(mailing.pk, by=assistant)
    mailing.refresh_from_db()
    assert mailing.state == "sent" and Message.objects.filter(topic="mailing").count() == 2
    assert services.hand_over_mailing(mailing.pk, by=assistant) == 0


def test_a_mailing_that_was_left_half_way_is_taken_up_by_itself(office):
    assistant, _customers = office
    mailing = sending_mailing(assistant)
    Work.objects.all().delete()
    later = mailing.changed_at + services.mailings.A_WHILE * 2
    assert hand_over_what_was_left(before=mailing.changed_at) == 0
    assert hand_over_what_was_left(before=later) == 1
    assert hand_over_what_was_left(before=later) == 0, "it is in somebody's hands"
    assert run_work(Work.objects.get().pk)
    mailing.refresh_from_db()
    assert mailing.state == "sent"


def test_a_planned_mailing_leaves_at_its_hour_to_whom_the_filter_finds_then(office):
    assistant, customers = office
    mailing = planned_mailing(assistant)
    assert mailing.state == "planned" and mailing.number is None
    assert send_what_is_planned(at=mailing.send_at - HOUR) == 0
    services.write_opt_out(customers[1].party, "info@yi.example.com", by=assistant)
    services.save_mailing(mailing, by=assistant, given=given_of(mailing) | {"title": "improved until then"})
    assert send_what_is_planned(at=mailing.send_at) == 1
    mailing.refresh_from_db()
    assert (mailing.state, mailing.title, mailing.submitted_by) == ("sending", "improved until then", None)
    assert fates(mailing) == {"甲": "waiting", "乙": "opted_out", "丙": "no_address"}
    assert send_what_is_planned(at=mailing.send_at + HOUR) == 0, "once"
    assert run_work(Work.objects.get().pk)
    assert Message.objects.filter(topic="mailing").count() == 1


def test_a_planned_mailing_is_called_back_until_it_leaves(office):
    assistant, _customers = office
    mailing = recall_mailing(planned_mailing(assistant), by=assistant)
    assert (mailing.state, mailing.send_at) == ("draft", None)
    assert send_what_is_planned(at=timezone.now() + 30 * HOUR) == 0
    assert not Notification.objects.filter(topic="mailing_given_back").exists(), "they know"
    with pytest.raises(Refused, match="hour is over"):
        planned_mailing(assistant, hours=-1)
    with pytest.raises(Refused, match="On paper"):
        planned_mailing(assistant, way="paper")


def test_what_is_planned_does_not_become_paper_and_what_is_called_back_meanwhile_stays(office):
    assistant, _customers = office
    mailing = planned_mailing(assistant)
    given = {name: getattr(mailing, name) for name in services.mailings.HEADER} | {"way": "paper"}
    with pytest.raises(Refused, match="On paper") as refused:
        services.save_mailing(mailing, by=assistant, given=given)
    assert refused.value.field == "way"
    Mailing.objects.filter(pk=mailing.pk).update(way="paper")
    assert send_what_is_planned(at=mailing.send_at + HOUR) == 0
    assert Mailing.objects.get(pk=mailing.pk).state == "draft"
    seen = planned_mailing(assistant)
    recall_mailing(seen, by=assistant)
    assert not sent_or_given_back(seen, at=timezone.now() + 30 * HOUR), "the run had read it before"
    assert Mailing.objects.get(pk=seen.pk).state == "draft"


def test_a_manager_who_calls_back_lands_on_the_list_and_the_author_reads_who_it_was(client, office, department):
    assistant, _customers = office
    assistant.department = department
    assistant.save()
    mailing, manager = planned_mailing(assistant), make_person(Role.MANAGER, department=department)
    client.force_login(manager)
    answer = client.post(reverse("pages:step", args=[mailing.pk, "recall_mailing"]), {"note": ""})
    assert answer.url == reverse("mailings:list")
    said = Notification.objects.get(person=assistant, topic="mailing_given_back").text
    assert f"called back by {manager}" in said


def test_a_planned_mailing_that_cannot_leave_is_a_draft_again_and_its_author_knows_why(office):
    assistant, customers = office
    mailing, other = planned_mailing(assistant, audience="city=宁波"), planned_mailing(assistant)
    services.write_opt_out(customers[1].party, "info@yi.example.com", by=assistant)
    assert send_what_is_planned(at=mailing.send_at + HOUR) == 1, "the other one left all the same"
    mailing.refresh_from_db()
    other.refresh_from_db()
    assert (mailing.state, other.state) == ("draft", "sending")
    assert "Nobody would get" in Notification.objects.get(person=assistant, topic="mailing_given_back").text


def test_what_went_out_cannot_be_changed_by_whatever_writes(office):
    assistant, _customers = office
    mailing = sent_mailing(assistant)
    for statement in (
        "UPDATE mailings_recipient SET email = 'x@y.z'",
        "DELETE FROM mailings_recipient",
        "UPDATE mailings_mailing SET body = ''",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    services.keep_answer(mailing.lines.first(), by=assistant, note="想要样品")
    assert mailing.lines.exclude(answer="").count() == 1


def test_on_paper_everybody_with_an_address_is_written_down_and_nothing_is_mailed(office):
    assistant, customers = office
    party = customers[0].party
    party.address, party.city = "文三路 1 号", "杭州"
    party.save()
    mailing = sending_mailing(assistant, way="paper")
    assert mailing.state == "sent" and not Message.objects.exists()
    assert fates(mailing) == {"甲": "out", "乙": "no_address", "丙": "no_address"}
    assert "文三路" in mailing.lines.get(fate="out").address


def test_a_test_goes_to_oneself_as_the_first_recipient_would_get_it(office):
    assistant, _customers = office
    mail = services.send_test(draft_mailing(assistant), by=assistant)
    assert mail.recipient == assistant.email and "甲贸易有限公司" in mail.subject
    assert not Recipient.objects.exists()


def test_fields_are_filled_and_what_is_no_field_is_said_before_it_is_saved(office):
    assistant, _customers = office
    assert filled("{customer} {客户} {a b}", {"customer": "甲"}) == "甲 甲 {a b}"
    check_fields(subject="{客户}", body="{contact}")
    with pytest.raises(Refused, match="no field {姓名}") as refused:
        draft_mailing(assistant, body="你好 {姓名}")
    assert refused.value.field == "body"


# ── pages ───────────────────────────────────────────────────────────────────────────────────


def test_a_mailing_is_written_looked_at_and_sent_by_its_pages(client, office):
    assistant, customers = office
    client.force_login(assistant)
    typed = {
        "title": "目录",
        "way": "mail",
        "reach": "main",
        "subject": "您好 {客户}",
        "body": "{联系人}",
        "city": "杭州",
        "left_out": [customers[2].pk],
    }
    answer = client.post(reverse("mailings:mailing-new"), typed)
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "杭州" in page and customers[2].party.name in page
    reach = client.get(reverse("mailings:reach"), typed, headers={"HX-Request": "true"}).content.decode()
    assert "1 customer" in reach and "1 letter" in reach
    pk = int(re.search(r"/(\d+)/$", answer.url)[1])
    assert "甲贸易有限公司" in client.get(reverse("mailings:preview", args=[pk])).content.decode()
    looks = client.get(reverse("mailings:looks", args=[pk]))
    assert "王芳" in looks.content.decode() and "sandbox" in looks["Content-Security-Policy"]
    assert client.post(f"/documents/{pk}/send_mailing/").status_code == 302
    assert client.get(reverse("mailings:recipients"), {"mailing": pk}).status_code == 200
    assert client.get(reverse("mailings:labels", args=[pk])).status_code == 302, "a mailing by mail has no labels"


def test_labels_and_letters_are_pdfs(client, office):
    assistant, customers = office
    customers[0].party.address = "文三路 1 号"
    customers[0].party.save()
    mailing = draft_mailing(assistant, way="paper")
    client.force_login(assistant)
    for name in ("labels", "letters"):
        answer = client.get(reverse(f"mailings:{name}", args=[mailing.pk]))
        assert b"".join(answer.streaming_content).startswith(b"%PDF"), name


def test_a_look_at_the_way_out_changes_nothing_and_a_click_does(client, office):
    assistant, customers = office
    row = sent_mailing(assistant).lines.get(party=customers[0].pk)
    address = reverse("told:opt-out", args=[row.secret])
    page = client.get(address)
    assert "wa***@jia.example.com" in page.content.decode() and not OptOut.objects.exists()
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert (
        "Done" in client.post(address, headers={"Accept-Language": "en"}).content.decode()
        and OptOut.objects.get().email == row.email
    )
    assert "Done" in client.get(address, headers={"Accept-Language": "en"}).content.decode()
    services.take_back_opt_out(OptOut.objects.get(), by=assistant, note="told by telephone")
    assert "Done" not in client.get(address, headers={"Accept-Language": "en"}).content.decode(), (
        "they get letters again"
    )
    assert client.get(reverse("told:opt-out", args=["x" * 24])).status_code == 404


def test_a_mail_program_opts_out_with_one_post_that_has_neither_session_nor_token(office, settings):
    assistant, customers = office
    row = sent_mailing(assistant).lines.get(party=customers[0].pk)
    provider = Client(enforce_csrf_checks=True)
    answer = provider.post(reverse("told:opt-out", args=[row.secret]), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and settings.SESSION_COOKIE_NAME not in answer.cookies
    assert OptOut.objects.get().recipient == row
    assert provider.post(reverse("told:opt-out", args=["x" * 24]), {"List-Unsubscribe": "One-Click"}).status_code == 404


def test_opting_out_has_a_rate(office, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"opt_out": "2/m/ip"}
    cache.clear()
    address = reverse("told:opt-out", args=["x" * 24])
    answers = [Client().post(address) for _ in range(3)]
    cache.clear()
    assert [answer.status_code for answer in answers] == [404, 404, 429] and answers[2]["Retry-After"] == "60"


def test_a_secret_of_one_kind_opens_nothing_of_another(office):
    assistant, customers = office
    row = sent_mailing(assistant).lines.get(party=customers[0].pk)
    assert services.links.link_of(row.secret) is None
