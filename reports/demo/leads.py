"""Offers and leads of the demonstration company: from the first answer to a customer (C6)."""

import datetime
from random import Random

from backoffice.people.models import Person
from customers.leads import services as attracting
from customers.leads.answering import take_answer
from customers.leads.models import Lead, Offer
from customers.leads.stages import UNDERWAY
from reports.demo import names
from reports.demo.company import Company

LEADS = 26
OFFERS = (
    ("east-dealers", "华东区医用敷料经销商招募", "独家区域、首批铺货、全程培训。", "华东六省一市", "zhang"),
    ("south-devices", "华南区家用医疗器械合作", "社区药房渠道，样机免费试用。", "广东、福建、广西", "li"),
)
TEXT = "我们是一家医用耗材与家用器械供应商，诚邀有渠道的伙伴共同开拓市场。\n\n提供：区域保护、首批铺货支持、陈列与培训、季度返利。"
CONDITIONS = "持有医疗器械经营备案或许可；有稳定的医院或药房渠道；认同价格体系。"
SAID = (
    "电话介绍政策，对方要产品目录。",
    "拜访，看了仓库与团队，意向较强。",
    "询问首批起订量，已报方案。",
    "对方正在比较两家供应商，月底答复。",
)
ASKED = ("想了解首批条件和返利。", "我们有二十家药房，想代理家用器械。", "请问是否有区域保护？", "希望先拿样品。")
LOST = ("价格不合适", "已与同行签约", "资质不全", "联系不上")


def make_leads(company: Company, rng: Random, *, today: datetime.date) -> None:
    """Two offers, and the leads of half a year at every stage."""
    offers = [make_offer(company, given) for given in OFFERS]
    for number in range(LEADS):
        came = today - datetime.timedelta((0, 1, 3)[number] if number < 3 else number * 6 + rng.randrange(5))
        seller = company.people[("zhang", "li", "wang", "chen")[number % 4]]
        lead = public_answer(offers[number % 2], number) if number < 3 else found(seller, offers, rng, number, came)
        if number > 1:
            follow(lead, seller, rng, number, today=today)


def make_offer(company: Company, given: tuple[str, ...]) -> Offer:
    code, title, summary, area, owner = given
    offer = Offer(
        code=code, title=title, summary=summary, area=area, text=TEXT, conditions=CONDITIONS, contact="招商部", phone="400-800-0000",
        owner=company.people[owner],
    )  # fmt: skip
    return attracting.publish_offer(attracting.save_offer(offer, by=company.assistant), by=company.people["manager"])


def public_answer(offer: Offer, number: int) -> Lead:
    """An answer of today on the public page."""
    given = {
        "name": f"{names.SHORT[number]}健康商贸（示例）", "contact": f"{names.SURNAMES[number]}经理", "phone": f"1390000{1000 + number}", "city": "宁波",
        "business": "社区药房连锁", "message": ASKED[number],
    }  # fmt: skip
    return take_answer(offer, given=given, address=f"192.0.2.{number + 1}", consent="同意保存资料并来电")


def found(seller: Person, offers: list[Offer], rng: Random, number: int, came: datetime.date) -> Lead:
    province, city = rng.choice(names.CITIES[seller.region.code])
    given = {
        "name": f"{city}{names.SHORT[number % len(names.SHORT)]}{rng.choice(('药房', '器械', '商贸'))}（示例）", "contact": f"{rng.choice(names.SURNAMES)}总",
        "phone": f"138{rng.randrange(10**7, 10**8)}", "city": city, "region": seller.region, "business": f"{province}渠道经销",
        "source": rng.choice(("fair", "fair", "referral", "call", "advert", "search")), "offer": rng.choice([*offers, None]), "owner": seller,
        "came_on": came, "message": rng.choice(ASKED),
    }  # fmt: skip
    return attracting.save_lead(Lead(), by=seller, given=given, is_new=True)  # names of chance may meet


def follow(lead: Lead, seller: Person, rng: Random, number: int, *, today: datetime.date) -> None:
    """Calls, then the stage it has come to by now."""
    by = lead.owner or seller
    for call in range(1 + number % 3):
        day = min(today, lead.came_on + datetime.timedelta(1 + call * 4))
        following = today + datetime.timedelta(rng.randrange(-2, 6))
        attracting.log_call(
            lead,
            by=by,
            text=SAID[(number + call) % len(SAID)],
            kind=("call", "visit")[call % 2],
            happened_on=day,
            next_on=following,
        )
    if number % 6 == 5:
        attracting.give_up_lead(lead, by=by, note=rng.choice(LOST))
    elif number % 8 == 7:
        attracting.win_lead(lead, by=by, is_new=True)
    else:
        attracting.move_lead(lead, by=by, stage=UNDERWAY[1 + number % 3])
