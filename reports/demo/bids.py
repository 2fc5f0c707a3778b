"""Tenders that the demonstration company answers, from the notice to the contract."""

import datetime
from decimal import Decimal
from random import Random

from django.utils import timezone

from backoffice.people.models import Person
from contracts.bids import services as bidding
from contracts.bids.entry import USUAL
from contracts.bids.models import Bid, Competitor
from customers.models import Customer
from reports.demo.company import Company

# project, days until (or since) the deadline, our price, how it stands
PROJECTS = (
    ("医用耗材年度采购", -150, 486000, "won"), ("实验室试剂供应", -120, 268000, "lost"), ("门诊楼设备配套", -75, 812000, "lost"), ("基层卫生院耗材包", -40, 356000, "won"),
    ("低值耗材框架采购", -6, 428000, "handed_in"), ("检验科配套采购", 3, 195000, "preparing"), ("新院区开办物资", 9, 960000, "preparing"), ("年度办公耗材", 16, 88000, "submitted"),
)  # fmt: skip
TRAINING = "现场培训（含教材）"
RIVALS = ("东方器械（示例）", "华康供应链（示例）", "中信医贸（示例）")


def is_there() -> bool:
    return Bid.objects.exists()


def fill(company: Company, rng: Random, *, today: datetime.date) -> None:
    """Each as far as its day says; deposits through the ledger."""
    buyers = [row for row in company.customers if row.party.kind in ("hospital", "company")]
    for number, (title, days, price, state) in enumerate(PROJECTS):
        walk(company, buyers[number * 3 % len(buyers)], title, days, Decimal(price), state, rng)


def walk(company: Company, customer: Customer, title: str, days: int, price: Decimal, state: str, rng: Random) -> None:
    writer, _reviewer = company.desk_of(customer)
    bid = found(customer, title, price, by=writer, ahead=max(days, 1), writers=(writer, customer.party.owner))
    bid = bidding.change_goods(bid, goods_for(company, price), by=writer)
    bid = bidding.submit_bid(bid, by=writer)
    if state == "submitted":
        return
    bid = bidding.approve_bid(bid, by=company.people["manager"])
    bidding.pay_deposit(bid, by=company.finance, amount=bid.deposit, on=timezone.localdate())
    papers = list(bid.papers.all())
    for paper in papers if state != "preparing" else papers[:4]:
        bidding.tick_paper(paper, by=writer)
    if state == "preparing":
        return
    for rank, name in enumerate(RIVALS, start=1):
        offered = (price * Decimal(rng.randrange(93, 108)) / 100).quantize(Decimal("0.01"))
        bidding.save_competitor(Competitor(bid=bid, name=name, price=offered, rank=rank), by=writer)
    bid = bidding.hand_in_bid(bid, by=writer)
    if state == "won":
        bid = bidding.win_bid(bid, by=writer)
        bidding.settle_deposit(bid, by=company.finance, amount=bid.deposit, on=timezone.localdate())
    elif state == "lost":
        cheapest = min(bid.competitors.all(), key=lambda one: one.price)
        bidding.lose_bid(bid, by=writer, note="价格偏高", winner=cheapest.name, winning_price=cheapest.price)


def goods_for(company: Company, price: Decimal) -> list[bidding.Offered]:
    """Three products, a little below their list price, and the training in words; together about the price."""
    cheap = [row for row in company.products if row.list_price < 600]
    start = int(price) // 1000 % (len(cheap) - 3)
    goods = [bidding.Offered(TRAINING, Decimal(2), price / 200, unit="天")]
    for product in cheap[start : start + 3]:
        offer = (product.list_price * Decimal("0.94")).quantize(Decimal("0.01"))
        quantity = (price * Decimal("0.33") / offer).quantize(Decimal(1))
        goods.insert(0, bidding.Offered(product.name, quantity, offer, product=product, unit=product.unit.name))
    return goods


def found(
    customer: Customer, title: str, price: Decimal, *, by: Person, ahead: int, writers: tuple[Person, Person]
) -> Bid:
    closes = timezone.localtime().replace(hour=9, minute=30, second=0, microsecond=0) + datetime.timedelta(ahead)
    header = {
        "party": customer.party, "title": f"{customer.party.short_name}{title}", "external_number": f"ZB-{closes:%Y%m}-{ahead:03}", "source": "公共资源交易平台（示例）",
        "published_on": timezone.localdate() - datetime.timedelta(12), "closes_at": closes, "opens_at": closes + datetime.timedelta(hours=1), "place": "公共资源交易中心 3 号开标室",
        "ceiling": (price * Decimal("1.1")).quantize(Decimal(1)), "amount": price, "deposit_way": "money", "deposit": (price / 50).quantize(Decimal(100)),
        "deposit_by": closes.date() - datetime.timedelta(2), "note": "",
    }  # fmt: skip
    papers = [
        bidding.WantedPaper(name, owner=writers[number % 2], due_on=closes.date() - datetime.timedelta(2))
        for number, name in enumerate(USUAL)
    ]
    return bidding.save_bid(Bid(), by=by, header=header, papers=papers)
