"""Calls and visits of the demonstration company, its telephone-sales plan, and the guests it received."""

import datetime
from decimal import Decimal
from random import Random

from backoffice.jobs.calendar import is_working_day
from backoffice.people.models import Person
from backoffice.periods import add_months
from backoffice.register.models import Record
from customers.models import Customer
from customers.visits import services
from customers.visits.models import CallPlan, Reception, Visit
from customers.visits.selectors import rhythm_of
from customers.visits.services import Result, WantedItem
from expenses.models import Claim
from reports.demo.company import Company

MONTHS = 4
SAID = (
    ("门诊量平稳，下月照常补货。", "steady", "enough", "敷料照上月量", "月底确认数量"),
    ("新开一个科室，耗材用量上升。", "growing", "low", "一次性注射器 30 箱", "报价并寄样"),
    ("库存只够一周，催促发货。", "growing", "out", "外科口罩 50 箱", "跟进发货"),
    ("回款慢，近期控制采购。", "shrinking", "full", "", "下月再联系"),
    ("对新品感兴趣，想看样品。", "steady", "enough", "雾化器样机 1 台", "寄样品并约拜访"),
    ("同类产品有更低报价，要求比价。", "at_risk", "enough", "留置针重新报价", "请经理定价"),
    ("使用反馈良好，愿意介绍同行。", "growing", "enough", "", "节前拜访"),
)
PLAN = "冬季备货电话销售（示例）"
SCRIPT = "一、先问库存和近期用量；\n二、介绍备货优惠：满 3 万元免运费；\n三、约定下单日期，当场登记需求。"
GUESTS = (
    ("签订年度供货合同", "张主任 采购科\n李会计 财务科", 2, (("meal", "楼外楼", 680), ("room", "示例宾馆", 560))),
    (
        "参观仓库、看样品",
        "王经理\n赵工 设备科\n孙护士长",
        3,
        (("tour", "公司仓库", 0), ("meal", "公司食堂小包间", 320)),
    ),
    ("新品推介会后会餐", "周主任 等", 6, (("meal", "知味馆", 1280), ("gift", "样品套装", 600))),
    ("商谈明年返利政策", "吴总 总经理", 1, (("meal", "外婆家", 360),)),
    ("客户质量部来访审核", "郑部长\n冯工", 2, (("meal", "公司食堂", 180), ("journey", "车站接送", 120))),
)


def is_there() -> bool:
    return Visit.objects.exists()


def fill(company: Company, rng: Random, *, today: datetime.date) -> None:
    """Four months of calls by the rhythm, a plan that is half worked through, and five receptions on their way."""
    for customer in company.customers:
        call_on(company, customer, rng, today=today)
    services.plan_rhythms(on=today, by=Person.objects.system())
    sell_by_telephone(company, rng, today=today)
    for number, (purpose, guests, count, lines) in enumerate(GUESTS):
        customer = company.customers[7 * number + 1]
        receive(company, customer, number, purpose, guests, count, lines, today=today)


def call_on(company: Company, customer: Customer, rng: Random, *, today: datetime.date) -> None:
    """Called whenever the rhythm fell due; lately somebody did not get round to some of them."""
    caller, _colleague = company.desk_of(customer)
    turn = rhythm_of(customer, "call")
    day = add_months(today, -MONTHS) + datetime.timedelta(days=rng.randrange(14))
    until = today - datetime.timedelta(days=rng.choice((0, 10)))
    while turn and day < until:
        if not is_working_day(day):
            day += datetime.timedelta(days=1)
            continue
        talk = services.record_talk(customer.party, by=caller, way="call", result=heard(customer, rng), on=day)
        following = Visit.objects.planned().get(party=customer.pk, way="call")
        day = max(following.due_on, talk.held_on) + datetime.timedelta(days=rng.randrange(3))


def heard(customer: Customer, rng: Random) -> Result:
    if rng.random() < 0.15:
        return Result(outcome="no_answer")
    said, business, stock, demand, next_step = rng.choice(SAID)
    outcome = "ordered" if stock in ("low", "out") and rng.random() < 0.4 else "reached"
    return Result(
        outcome=outcome, said=said, business=business, stock=stock, demand=demand, next_step=next_step, contact=customer.party.contact
    )  # fmt: skip


def sell_by_telephone(company: Company, rng: Random, *, today: datetime.date) -> None:
    given = {
        "name": PLAN, "starts_on": today - datetime.timedelta(days=9), "ends_on": today + datetime.timedelta(days=20), "product": company.products[0],
        "script": SCRIPT, "goal": Decimal(80000),
    }  # fmt: skip
    plan = services.save_plan(CallPlan(), by=company.people["manager"], given=given)
    services.add_to_plan(plan, company.customers[:30], by=company.people["manager"])
    calls = list(Visit.objects.filter(plan=plan).select_related("person", "party__customer").order_by("pk"))
    for call in calls[::2]:
        services.make_visit(call, by=call.person, result=heard(call.party.customer, rng), on=today)


def receive(
    company: Company, customer: Customer, number: int, purpose: str, guests: str, count: int, lines: tuple, *, today: datetime.date
) -> None:  # fmt: skip
    """The first is settled, the next took place, then one is agreed to, one waits, the last is a draft."""
    writer, _colleague = company.desk_of(customer)
    day = today + datetime.timedelta(days=(-18, -3, 2, 6, 12)[number])
    items = [
        WantedItem(kind=kind, on=day, place=place, people=count + 2, budget=Decimal(cost))
        for kind, place, cost in lines
    ]
    header = {
        "party": customer.party, "purpose": purpose, "dated_on": day, "arrives_at": datetime.time(10, 30), "place": "公司会议室", "guests": guests,
        "guest_count": count, "companion_count": 2, "companions": str(customer.party.owner), "host": customer.party.owner,
    }  # fmt: skip
    reception = services.save_reception(Reception(), by=writer, header=header, lines=items)
    if number < 4:
        reception = services.submit_reception(reception, by=writer)
    if number < 3:
        reception = services.approve_reception(reception, by=company.people["manager"])
    if number < 2:
        costs = {line.pk: (line.budget * Decimal("0.95")).quantize(Decimal("0.01")) for line in reception.lines.all()}
        reception = services.host_reception(reception, by=writer, costs=costs, outcome="达成初步意向，两周内回访。")
    claim = Claim.objects.filter(author=customer.party.owner).exclude(state__in=("draft", "cancelled")).first()
    if number == 0 and claim is not None:
        services.settle_reception(reception, by=company.finance, claim=Record.objects.get(pk=claim.pk))
