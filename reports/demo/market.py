"""What the demonstration company hears of its market: competitors, prices over a year, and briefs of the last days."""

import datetime
from decimal import Decimal
from random import Random

from django.utils import timezone

from backoffice.jobs.calendar import working_days
from backoffice.people.models import Person, Region
from customers.market.models import Competitor, MarketNote
from customers.market.services import save_competitor, save_market_note, send_brief
from reports.demo.company import Company

RIVALS = (
    ("康达器械（示例）", "康达"),
    ("华北卫材（示例）", "华卫"),
    ("益民医疗（示例）", "益民、安捷"),
    ("远洋耗材（示例）", "OceanMed"),
)
NEWS = (
    ("move", "康达在华东招二级代理，返点比我们高两个点。", 0), ("promotion", "华卫冬季买十赠一，限一次性耗材。", 1),
    ("product", "益民推出带蓝牙的血压计，年底上市。", 2), ("demand", "多家医院增开发热门诊，口罩和手消需求上升。", None),
    ("policy", "省级集采目录新增留置针，预计明年一季度执行。", None), ("move", "远洋更换了华南区负责人，价格政策收紧。", 3),
)  # fmt: skip
WATCHED, PRICES, RECENT = 6, 72, 3


def is_there() -> bool:
    return MarketNote.objects.exists()


def fill(company: Company, rng: Random, *, today: datetime.date) -> None:
    """A year of prices of six products, news of the last weeks, and the briefs of the last working days."""
    rivals = [
        save_competitor(Competitor(), by=company.assistant, given={"name": name, "brands": brands, "note": "", "is_active": True}) for name, brands in RIVALS
    ]  # fmt: skip
    days = [day for day in working_days(today - datetime.timedelta(days=14), today) if day < today][-RECENT:]
    writers = [company.people[name] for name in ("zhang", "li", "wang", "chen", "assistant")]
    told: dict[datetime.date, list[dict]] = {day: [] for day in [*days, today]}
    regions = list(Region.objects.order_by("pk")[:4])
    for number in range(PRICES):
        back = rng.randrange(16, 360) if number < PRICES - 8 else None
        day = rng.choice([*days, today]) if back is None else today - datetime.timedelta(days=back)
        told.setdefault(day if back is None else days[0], []).append(price(company, rivals, regions, rng, day, today))
    for number, (kind, text, rival) in enumerate(NEWS):
        day = [*days, today][number % (RECENT + 1)]
        told[day].append(
            usual(kind=kind, text=text, noted_on=day, competitor=None if rival is None else rivals[rival], region=rng.choice(regions))
        )  # fmt: skip
    for day, notes in told.items():
        for given in notes:
            save_market_note(MarketNote(), by=rng.choice(writers), given=given)
        if day != today:
            send_brief(on=day, at=timezone.now(), by=Person.objects.system())


def usual(**given: object) -> dict:
    empty = {
        "text": "",
        "product": None,
        "region": None,
        "competitor": None,
        "their_product": "",
        "price": None,
        "source": "customer",
        "party": None,
    }
    return empty | given


def price(
    company: Company, rivals: list[Competitor], regions: list[Region], rng: Random, day: datetime.date, today: datetime.date
) -> dict:  # fmt: skip
    """What a competitor asks for one of ours: a little less than a year ago, different from region to region."""
    product, place = company.products[2 * rng.randrange(WATCHED)], rng.randrange(len(regions))
    share = Decimal(rng.randrange(90, 106)) / 100 - Decimal(360 - (today - day).days) / 6000 + Decimal(place) / 100
    return usual(
        kind="price", noted_on=day, product=product, region=regions[place], competitor=rng.choice(rivals),
        price=(product.list_price * share).quantize(Decimal("0.1")), source=rng.choice(("customer", "dealer", "web")),
    )  # fmt: skip
