"""Market notes: short, once in a brief each, and together a table of prices with their trend (C7)."""

import datetime
import random
from collections import defaultdict
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import JOBS
from backoffice.jobs.runs import run_due
from backoffice.money import amount
from backoffice.outbox.models import Message
from backoffice.people.models import Person, Region, Role
from backoffice.periods import Month
from backoffice.refusals import Refused
from customers.market.models import Brief, Competitor, MarketNote
from customers.market.selectors import monthly, price_table
from customers.market.services import save_competitor, save_market_note, send_brief
from tests.making import ProductFactory
from tests.making_customers import make_customer
from tests.making_market import make_competitor, market_note, price_note
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("C7")]
DAY = datetime.timedelta(days=1)


def today() -> datetime.date:
    return timezone.localdate()


@pytest.fixture
def rival(assistant) -> Competitor:
    return make_competitor(assistant)


def brief_of_today(is_late: bool = False) -> Brief:
    return send_brief(on=today(), at=timezone.now(), by=Person.objects.system(), is_late=is_late)


def test_a_note_is_short_but_says_something(assistant, rival):
    note = price_note(assistant, ProductFactory(list_price=Decimal(100)), 95, competitor=rival)
    assert note.against_ours == Decimal("-0.05")
    with pytest.raises(Refused, match="product and its amount"):
        market_note(assistant, kind="price", text="")
    with pytest.raises(Refused, match="what was heard"):
        market_note(assistant, text=" ")
    with pytest.raises(IntegrityError), transaction.atomic():
        MarketNote.objects.filter(pk=note.pk).update(price=None)
    with pytest.raises(Refused, match="here already"):
        save_competitor(
            Competitor(), by=assistant, given={"name": rival.name, "brands": "", "note": "", "is_active": True}
        )


def test_what_was_heard_at_a_customer_s_is_for_who_knows_them_and_has_their_region(assistant, salesperson):
    assistant.serves.add(salesperson)
    customer = make_customer(salesperson, region=Region.objects.create(code="HZ", name="杭州"))
    note = market_note(assistant, party=customer.party)
    assert note.region.name == "杭州"
    stranger = make_person(Role.ASSISTANT)
    assert list(MarketNote.objects.visible_to(salesperson)) == [note]
    assert not MarketNote.objects.visible_to(stranger).exists()
    with pytest.raises(Refused, match="do not know"):
        market_note(stranger, party=customer.party)


def test_one_s_own_note_is_corrected_until_it_went_out(assistant, manager):
    note = market_note(assistant)
    given = {
        name: getattr(note, name)
        for name in ("kind", "noted_on", "product", "region", "competitor", "their_product", "price", "source", "party")
    }
    assert save_market_note(note, by=assistant, given=given | {"text": "在华南"}).text == "在华南"
    with pytest.raises(Refused, match="stays"):
        save_market_note(note, by=make_person(Role.ASSISTANT), given=given | {"text": "x"})
    brief_of_today()
    with pytest.raises(Refused, match="stays"):
        save_market_note(note, by=assistant, given=given | {"text": "x"})


def test_the_brief_goes_to_each_manager_once_with_what_they_may_know(assistant, salesperson, manager, rival):
    assistant.serves.add(salesperson)
    salesperson.department = None
    salesperson.save()
    manager.language = "zh-hans"
    manager.save()
    product = ProductFactory(name="复印纸")
    price_note(assistant, product, 100, competitor=rival, noted_on=today() - DAY)
    MarketNote.objects.update(brief=Brief.objects.create(day=today() - DAY, watermark=timezone.now()))
    price_note(assistant, product, 90, competitor=rival)
    market_note(assistant, party=make_customer(salesperson).party, text="不归他管的客户说的")
    brief = brief_of_today()
    assert brief.notes.count() == 2 and brief.mails == 1
    [mail] = Message.objects.filter(topic="market_brief")
    assert mail.person == manager and "1" in mail.subject
    assert "▼" in mail.html and "10.0%" in mail.html and "复印纸" in mail.html
    assert "不归他管" not in mail.html
    brief_of_today()
    assert Message.objects.filter(topic="market_brief").count() == 1


def test_a_note_after_a_brief_is_in_the_next_and_an_empty_day_is_told_too(assistant, manager):
    brief_of_today()
    assert "Nothing was noted" in Message.objects.get().html
    note = market_note(assistant)
    tomorrow = send_brief(on=today() + DAY, at=timezone.now(), by=Person.objects.system(), is_late=True)
    note.refresh_from_db()
    assert note.brief == tomorrow and "This brief is late" in Message.objects.latest("pk").html


def test_the_brief_is_a_due_run_at_its_hour(assistant, manager):
    market_note(assistant)
    job = JOBS["market_brief"]
    assert f"{job.at:%H:%M}" == "17:30" and job.catch_up == "latest"
    run = DueRun.objects.create(job=job.name, period=str(today()), due_at=timezone.now(), watermark=timezone.now())
    run_due(run.job, run.period)
    assert DueRun.objects.get(job=job.name).result.startswith("1 ")


def test_the_table_of_prices_is_what_a_slow_count_finds(assistant, rival):
    reader, dice, month = make_person(Role.GM), random.Random(7), Month.containing(today()).previous()
    products = [ProductFactory() for _n in range(3)]
    regions = [None, *(Region.objects.create(code=f"R{n}", name=f"地区{n}") for n in range(2))]
    for _number in range(60):
        day = month.previous().first + dice.randrange(58) * DAY
        price_note(assistant, dice.choice(products), dice.randrange(50, 150), region=dice.choice(regions), noted_on=day)
    table = price_table(month, by="region", visible_to=reader, given={})
    groups = defaultdict(list)
    for note in MarketNote.objects.all():
        when = "now" if note.noted_on in month else "before" if note.noted_on in month.previous() else ""
        for key in ((note.product_id, "all"), (note.product_id, note.region_id)):
            groups[(*key, when)].append(note.price)

    def mean(prices):
        return amount(sum(prices, Decimal(0)) / len(prices)) if prices else None

    assert len(table.rows) == len(
        {note.product_id for note in MarketNote.objects.filter(noted_on__range=(month.first, month.last))}
    )
    for row in table.rows:
        cells = [("all", row.all), *((key, cell) for (key, _name), cell in zip(table.columns, row.cells, strict=True))]
        for key, cell in cells:
            now, before = groups[row.product.pk, key, "now"], groups[row.product.pk, key, "before"]
            assert (cell is None) == (not now)
            if cell:
                assert (cell.average, cell.low, cell.high, cell.notes, cell.before) == (
                    mean(now),
                    min(now),
                    max(now),
                    len(now),
                    mean(before),
                )


def test_twelve_months_of_one_product(assistant):
    product = ProductFactory()
    price_note(assistant, product, 100, noted_on=Month.containing(today()).first)
    price_note(assistant, product, 110, noted_on=Month.containing(today()).previous().last)
    months = monthly(product, until=today(), visible_to=make_person(Role.GM), given={})
    assert len(months) == 12 and [value for _month, value in months[-2:]] == [Decimal(110), Decimal(100)]
    assert months[0][1] is None


def test_quick_entry_carries_product_and_place_to_the_next_note(client, assistant, rival):
    product = ProductFactory()
    client.force_login(assistant)
    sent = {
        "kind": "price",
        "noted_on": "today",
        "product": product.pk,
        "competitor": rival.pk,
        "price": "88",
        "source": "web",
        "next": "1",
    }
    answer = client.post(reverse("market:note-new"), sent)
    assert (
        f"product={product.pk}" in answer.url and f"competitor={rival.pk}" in answer.url and "source=web" in answer.url
    )
    page = client.get(answer.url)
    assert f'value="{product.pk}"' in page.content.decode()
    client.force_login(make_person(Role.GM))
    for name in ("market:prices", "market:list", "market:brief-list", "market:competitor-list"):
        assert client.get(reverse(name)).status_code == 200, name
    table = client.get(reverse("market:prices"), {"product": product.pk, "by": "competitor"})
    assert rival.name in table.content.decode()
