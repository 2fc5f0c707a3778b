"""Cases of the demonstration company: complaints, enquiries and losses of the last months, some of them still open (C4, C12)."""

import datetime
from decimal import Decimal
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from backoffice.audit import acting
from backoffice.jobs.calendar import next_working_day
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.register.models import Record
from customers.cases import services as caring
from customers.cases.models import Case, Category, Nature
from customers.models import Customer
from reports.demo.company import Company
from reports.demo.office import paper

CASES = 42
CARRIERS = (("T001", "顺达物流（示例）"), ("T002", "安捷快运（示例）"))
TOLD: dict[str, tuple[tuple[str, str, str], ...]] = {
    "质量问题": (("留置针漏液", "同批次三支漏液，要求更换并给出说明。", "更换同批次十支，附质检报告。"), ("血压计显示异常", "开机后数值跳动。", "寄回检测，更换主板。")),
    "数量短少": (("到货少一箱", "送货单十箱，实收九箱。", "核对出库录像后补发一箱。"),),
    "运输破损": (("外箱压坏两箱", "外包装受潮变形，内盒破损。", "补发两箱，费用向承运商追偿。"), ("玻璃瓶破碎", "整箱过氧化氢破碎。", "退货并重新发货。")),
    "延误到货": (("比约定晚三天", "手术室急用，要求说明原因。", "致歉并改用加急线路。"),),
    "发票差错": (("抬头有误", "发票抬头少写“集团”二字。", "红冲重开，当日寄出。"),),
    "服务态度": (("电话无人接听", "两天打不通业务员电话。", "更换对接人，并建立值班表。"),),
    "产品咨询": (("询问轮椅承重", "客户问加强型承重与保修期。", "书面回复参数，附产品册。"),),
    "发货查询": (("货到哪里了", "客户催问上周订单。", "告知运单号与预计到货日。"),),
    "意见建议": (("希望每月对账一次", "财务希望固定每月五日对账。", "已列入对账计划。"),),
    "经销商卡遗失": (("经销商卡遗失", "出差途中遗失，申请挂失补办。", "新卡当面交付，旧卡作废。"),),
    "发票遗失": (("发票联遗失", "财务搬迁时遗失发票联。", "提供记账联复印件并盖章。"),),
}  # fmt: skip
DONE = (
    "电话核实情况，请客户补充说明。",
    "已转相关部门，要求当日答复。",
    "与客户约定答复时间。",
    "已报经理，等待答复。",
)


def make_cases(company: Company, rng: Random, *, today: datetime.date) -> None:
    """Mostly solved in time, some late, a few still open, one past its deadline; carriers and goods as they come."""
    carriers = make_carriers(company.people["manager"])
    categories = list(Category.objects.filter(name__in=TOLD))
    for number in range(CASES):
        customer = company.customers[number * 7 % len(company.customers)]
        age = number * 3 + rng.randrange(3) if number > 5 else (0, 1, 1, 2, 4, 12)[number]
        category = (
            next((c for c in categories if c.nature == Nature.LOSS), categories[0])
            if number % 10 == 9
            else rng.choice(categories)
        )
        case = report(company, customer, category, carriers, rng, on=today - datetime.timedelta(age))
        walk(case, company, rng, today=today, is_young=number <= 5)


def make_carriers(by: Person) -> list[Party]:
    """Two carriers, so that the figures by carrier say something."""
    with acting(by, step="save_party"):
        return [carrier(code, name) for code, name in CARRIERS]


def carrier(code: str, name: str) -> Party:
    found = Party.objects.filter(code=code).first() or Party(code=code, name=name, short_name=name, is_carrier=True)
    if found.pk is None:
        found.fill_search()
        found.save()
    return found


def report(
    company: Company, customer: Customer, category: Category, carriers: list[Party], rng: Random, *, on: datetime.date
) -> Case:
    writer, _reviewer = company.desk_of(customer)
    subject, text, _solution = rng.choice(TOLD[category.name])
    concerned = Record.objects.filter(
        party=customer.party_id, kind__in=("order", "shipment"), dated_on__lte=on
    ).exclude(number=None)
    is_goods = category.nature == Nature.COMPLAINT and category.name not in ("发票差错", "服务态度")
    given = {
        "party": customer.party, "category": category, "subject": subject, "text": text, "dated_on": on, "owner": writer,
        "channel": rng.choice(Case.Channel.values), "contact": customer.party.contact, "phone": customer.party.phone,
        "about": concerned.order_by("-dated_on", "-pk").first() if is_goods else None,
        "product": rng.choice(company.products[:24]) if is_goods else None, "quantity": Decimal(rng.randrange(1, 6)) if is_goods else None,
        "carrier": rng.choice(carriers) if category.name in ("运输破损", "延误到货") else None,
        "amount": Decimal(rng.randrange(1, 30) * 40) if is_goods and rng.random() < 0.5 else None,
        "lost_number": f"KA-{rng.randrange(1000, 9999)}" if category.nature == Nature.LOSS else "",
    }  # fmt: skip
    return caring.open_case(caring.save_case(Case(), by=writer, given=given), by=writer)


def walk(case: Case, company: Company, rng: Random, *, today: datetime.date, is_young: bool) -> None:
    """How far it has come by today."""
    by = case.owner
    if is_young and rng.random() < 0.4:
        return
    caring.write_entry(case, by=by, text=rng.choice(DONE), happened_on=case.dated_on)
    if case.nature == Nature.LOSS:
        case = caring.bar_lost_paper(case, by=by, barred_on=case.dated_on, proof=signed("report"))
        number = f"KB-{rng.randrange(1000, 9999)}"
        case = caring.replace_lost_paper(case, by=by, replaced_on=case.dated_on, replacement_number=number)
    else:
        case = caring.take_case(case, by=by)
    if is_young:
        return
    day = case.due_on if rng.random() < 0.9 else next_working_day(case.due_on)
    day = min(
        today,
        day - datetime.timedelta(rng.randrange(0, (case.due_on - case.dated_on).days)) if day == case.due_on else day,
    )
    solution = next((said for subject, _text, said in TOLD[case.category.name] if subject == case.subject), "已处理。")
    proof = signed("receipt") if case.nature == Nature.LOSS else None
    cost = Decimal(rng.randrange(0, 8) * 30)
    case = caring.solve_case(case, by=by, solution=solution, solved_on=day, cost=cost, proof=proof, cause="")
    if rng.random() < 0.8:
        caring.close_case(case, by=by, satisfaction=rng.choice((5, 5, 4, 4, 4, 3, 2)))


def signed(words: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{words}.pdf", paper(f"Signed {words}"), "application/pdf")
