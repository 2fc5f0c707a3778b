"""Messages to one customer (C10): goods sent, moving and arrived, each once; private links that run out, with their visits."""

import datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from backoffice.outbox.models import Channel, Message
from backoffice.people.models import Role
from backoffice.refusals import Refused
from backoffice.register.models import Record
from customers.mailings import services
from customers.mailings.models import LinkVisit, News, PrivateLink
from shipments.services import deliver_shipment, dispatch_shipment, record_tracking
from tests.making_contracts import running_contract
from tests.making_mailings import secret_of, with_contact
from tests.making_orders import draft_order
from tests.making_shipments import (
    approved_order,
    delivered_shipment,
    dispatched_shipment,
    make_house,
    reviewed_shipment,
)
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("C10")]
ENGLISH = {"Accept-Language": "en"}
MOBILE = "139-5710-0001"


@pytest.fixture
def house():
    house = make_house()
    with_contact(house.customer, "wang@jia.example.com", by=house.assistant, phone=MOBILE)
    return house


def told(channel=None):
    rows = News.objects.select_related("message").order_by("pk")
    return [(row.kind, row.channel) for row in rows if channel in (None, row.channel)]


def test_goods_sent_moving_and_arrived_are_told_once_each_by_mail_and_text(house):
    shipment = dispatch_shipment(reviewed_shipment(house), by=house.warehouse)
    record_tracking(shipment, by=house.warehouse, tracking_number="YT123456789")
    record_tracking(shipment, by=house.warehouse, tracking_number="YT987654321")
    shipment = deliver_shipment(shipment, by=house.assistant, received_by="王芳")
    both = [(kind, channel) for kind in ("dispatched", "on_the_way", "delivered") for channel in ("mail", "sms")]
    assert sorted(told()) == sorted(both)
    mail, text = Message.objects.filter(topic="customer_news").order_by("pk")[:2]
    assert (mail.channel, mail.recipient, text.channel, text.recipient) == (
        "mail",
        "wang@jia.example.com",
        "sms",
        "+8613957100001",
    )
    assert shipment.number in mail.subject and "/public/state/" in text.text and len(text.text) < 200
    assert mail.language == "zh-hans" and "示例产品" in mail.text


def test_goods_of_long_ago_are_no_news(house):
    order = approved_order(house, dated_on=timezone.localdate() - datetime.timedelta(20))
    dispatched_shipment(house, order, on=timezone.localdate() - datetime.timedelta(10))
    assert told() == []


def test_a_customer_hears_as_they_wish_and_in_their_language(house):
    services.save_wish(house.party, by=house.assistant, given={"by_mail": True, "by_sms": False, "language": "en"})
    dispatched_shipment(house)
    assert told() == [("dispatched", "mail")]
    assert Message.objects.get(topic="customer_news").subject.startswith("Your goods have left")
    services.save_wish(house.party, by=house.assistant, given={"by_mail": False, "by_sms": False, "language": "en"})
    dispatched_shipment(house)
    assert len(told()) == 1


def test_a_company_without_a_gateway_tells_by_mail_only(house, settings):
    settings.SMS_URL = ""
    delivered_shipment(house)
    assert told() == [("dispatched", "mail"), ("delivered", "mail")]


def test_who_has_no_address_holds_no_dispatch_up():
    dispatched_shipment(make_house())
    assert told() == []


def test_the_database_tells_nobody_twice(house):
    dispatched_shipment(house)
    row = News.objects.first()
    again = Message.objects.create(dedupe_key="x", topic="x", recipient="x", language="en", subject="x", text="x")
    with pytest.raises(IntegrityError, match="news_told_once"), transaction.atomic():
        News.objects.create(
            party=row.party,
            record=row.record,
            kind=row.kind,
            channel=row.channel,
            message=again,
            told_by=house.assistant,
        )


def test_a_message_by_hand_stands_with_customer_and_document(house):
    order = approved_order(house)
    given = {
        "channel": Channel.MAIL,
        "to": "wang@jia.example.com",
        "contact": "王芳",
        "subject": "Your order",
        "text": "It leaves on Friday.",
        "with_link": True,
    }
    news = services.write_message(house.party, by=house.assistant, given=given, record=Record.objects.get(pk=order.pk))
    assert news.record_id == order.pk and news.link.is_alive and "/public/state/" in news.message.html
    assert news.message.headers == {"Reply-To": house.assistant.email}
    with pytest.raises(Refused, match="no mobile telephone"):
        services.write_message(
            house.party, by=house.assistant, given=given | {"channel": Channel.SMS, "to": "0571-8888"}
        )


def test_the_paper_of_a_document_goes_along_with_a_mail(client, house):
    order = approved_order(house)
    client.force_login(house.assistant)
    address = reverse("mailings:message-about", args=[order.pk])
    assert client.get(address).context["form"].fields["with_paper"]
    typed = {
        "channel": "mail",
        "to": "wang@jia.example.com",
        "subject": "Your order",
        "text": "As agreed.",
        "with_paper": "on",
    }
    assert client.post(address, typed).status_code == 302
    (paper,) = News.objects.get(kind="message").message.attachments.all()
    assert paper.file.original_name == f"{order.number}.pdf" and paper.file.path.read_bytes().startswith(b"%PDF-")
    assert paper.file.record is None  # the order's own files are part of what was reviewed
    refused = client.post(address, typed | {"channel": "sms", "to": "13957100001"})
    assert refused.status_code == 422 and "with_paper" in refused.context["form"].errors


def test_what_has_no_number_yet_is_sent_to_nobody_as_a_paper(client, house):
    client.force_login(house.assistant)
    form = client.get(reverse("mailings:message-about", args=[draft_order(house.customer).pk])).context["form"]
    assert "with_paper" not in form.fields


# ── private links ───────────────────────────────────────────────────────────────────────────


def test_a_link_shows_the_state_without_a_login_and_nothing_of_the_inside(client, house):
    shipment = dispatched_shipment(house, tracking_number="YT1")
    order = shipment.lines.get().order_line.order
    page = client.get(reverse("told:state", args=[secret_of(order, by=house.assistant)]), headers=ENGLISH)
    words = page.content.decode()
    assert page.status_code == 200 and page["X-Robots-Tag"] == "noindex, nofollow"
    assert order.number in words and shipment.number in words and "YT1" in words and "All of it has left" in words
    for inside in (f"{order.amount:,.2f}", "113", house.manager.name, house.warehouse.name, "Held", "/orders/"):
        assert inside not in words, inside


def test_a_contract_and_a_shipment_have_their_page_too(client, house):
    contract, shipment = running_contract(house.customer, by=house.assistant), dispatched_shipment(house)
    for document, words in ((contract, "Running"), (shipment, "On the way")):
        address = reverse("told:state", args=[secret_of(document, by=house.assistant)])
        assert words in client.get(address, headers=ENGLISH).content.decode()


def test_a_link_that_ran_out_was_revoked_or_never_was_leads_nowhere(client, house):
    order = approved_order(house)
    run_out, revoked = secret_of(order, by=house.assistant), secret_of(order, by=house.assistant)
    first, second = PrivateLink.objects.order_by("pk")
    past = timezone.now() - datetime.timedelta(days=40)
    PrivateLink.objects.filter(pk=first.pk).update(made_at=past, expires_at=past + datetime.timedelta(days=30))
    services.revoke_link(second, by=house.assistant)
    pages = [client.get(reverse("told:state", args=[secret])) for secret in (run_out, revoked, "a" * 24)]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content.split(b"<main")[1].split(b"csrf")[0] for page in pages}) == 1, "they look alike"


def test_the_database_holds_no_address_that_opens(house):
    secret = secret_of(approved_order(house), by=house.assistant)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM mailings_privatelink l WHERE l::text LIKE %s", [f"%{secret}%"])
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT count(*) FROM audit_event e WHERE e::text LIKE %s", [f"%{secret}%"])
        assert cursor.fetchone()[0] == 0


def test_visits_are_kept_once_a_minute_and_forever(client, house):
    secret = secret_of(approved_order(house), by=house.assistant)
    for _look in range(3):
        client.get(reverse("told:state", args=[secret]), headers={"User-Agent": "Firefox/1"})
    visit = LinkVisit.objects.get()
    assert (visit.address, visit.agent) == ("127.0.0.1", "Firefox/1")
    with pytest.raises(DatabaseError), transaction.atomic():
        LinkVisit.objects.all().delete()


def test_only_what_is_fixed_and_meant_for_customers_gets_a_link_and_for_a_year_at_most(house):
    order = approved_order(house)
    with pytest.raises(Refused, match="365"):
        services.make_link(Record.objects.get(pk=order.pk), by=house.assistant, days=366)
    from_elsewhere = Record.objects.filter(kind="customer_change").first() or Record(pk=0, kind="claim", number="EX-1")
    with pytest.raises(Refused, match="not shown"):
        services.make_link(from_elsewhere, by=house.assistant)


def test_the_office_makes_shows_and_revokes_links_on_the_page_of_a_document(client, house):
    order = approved_order(house)
    client.force_login(house.assistant)
    about = reverse("mailings:about", args=[order.pk])
    assert about in client.get(order.get_absolute_url()).content.decode()
    shown = client.post(about, {"days": 10, "told": "王芳"}, follow=True).content.decode()
    assert "/public/state/" in shown and "/public/state/" not in client.get(about).content.decode(), "shown once"
    link = PrivateLink.objects.get()
    assert client.post(reverse("mailings:revoke", args=[link.pk])).status_code == 302
    assert not PrivateLink.objects.get().is_alive
    client.force_login(make_person(Role.SALESPERSON))
    assert client.get(about).status_code == 404


def test_a_message_is_written_from_the_customers_page_with_a_template(client, house):
    client.force_login(house.assistant)
    page = reverse("mailings:message-new", args=[house.party.pk])
    assert page in client.get(reverse("pages:panel", args=["told_to_customer", house.party.pk])).content.decode()
    typed = {"channel": "mail", "to": "wang@jia.example.com", "contact": "王芳", "subject": "", "text": "Hello"}
    assert client.post(page, typed).status_code == 422
    assert client.post(page, typed | {"subject": "Samples"}).status_code == 302
    assert "Samples" in client.get(reverse("mailings:messages")).content.decode()


def test_who_takes_no_text_messages_gets_none_by_the_customers_own_telephone_either(house):
    house.party.contacts.update(takes_messages=False)
    type(house.party).objects.filter(pk=house.party.pk).update(phone=MOBILE)
    dispatched_shipment(house)
    assert told() == [("dispatched", "mail")]
