"""The other kinds of contracts of the demonstration company, and contracts that were amended (K1, K2)."""

import datetime
from decimal import Decimal
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from backoffice.audit import acting
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.stock.lines import Goods
from contracts import services as agreeing
from contracts.content import Content
from contracts.models import Amendment, Contract, ContractTemplate
from customers.models import Customer, PaymentTerm
from orders.models import Order
from orders.services import Wanted, approve_order, save_order, submit_order
from reports.demo.company import Company
from reports.demo.office import paper

PLACES = {
    "{验收天数}": "三",
    "{管辖法院所在地}": "需方所在地",
    "{调价幅度}": "五",
    "{交货天数}": "七",
    "{整改天数}": "三十",
}


def make_contracts(company: Company, rng: Random, *, today: datetime.date) -> None:
    """A framework contract with call-offs, a distribution agreement, a purchase contract, two amendments."""
    days = datetime.timedelta
    dealers = [
        row for row in company.customers if row.party.kind == Party.Kind.DEALER and row.pk not in company.contracts
    ]
    framework, distribution = dealers[0], dealers[1]
    contract = sell(
        company, framework, "年度供货框架协议", goods_for(company, rng, 5), starts_on=today - days(250), ends_on=today + days(20), ceiling=Decimal(800_000),
        is_binding=False,
    )  # fmt: skip
    for back in (70, 35, 8):
        call_off(company, framework, contract, rng, day=today - days(back))
    sell(
        company, distribution, "区域经销协议", [], starts_on=today - days(120), ends_on=today + days(245), ceiling=Decimal(1_200_000),
        territory=f"{distribution.party.state}{distribution.party.city}",
    )  # fmt: skip
    buy(company, rng, today=today)
    running = [row for row in company.contracts.values() if row.amount][:2]
    amend(company, running[0], "需方追加数量，交货期顺延", in_force=True, today=today)
    amend(company, running[1], "需方二期项目追加采购", in_force=False, today=today)


def goods_for(company: Company, rng: Random, count: int, share: Decimal = Decimal("0.9")) -> list[Goods]:
    cheap = [row for row in company.products if row.list_price < 600]
    return [
        Goods(product=row, quantity=Decimal(rng.choice((200, 300, 500))), tax_rate=row.tax_rate, unit_price=(row.list_price * share).quantize(Decimal("0.01")))
        for row in rng.sample(cheap, count)
    ]  # fmt: skip


def clauses_of(name: str) -> str:
    """The template's clauses with its open places written over."""
    text = ContractTemplate.objects.get(name=name).clauses
    for place, words in PLACES.items():
        text = text.replace(place, words)
    return text


def drafted(
    party: Party, template: str, term: PaymentTerm, goods: list[Goods], *, by: Person, **header: object
) -> Contract:
    row = ContractTemplate.objects.get(name=template)
    starts_on = header["starts_on"]
    given = {
        "party": party, "template": row, "category": row.category, "title": row.title.replace("{年}", f"{starts_on:%Y}"), "term": term,
        "dated_on": starts_on, "clauses": clauses_of(template), **header,
    }  # fmt: skip
    return agreeing.save_contract(Contract(), by=by, header=given, lines=goods, payment_plan=row.payment_plan)


def sell(company: Company, customer: Customer, template: str, goods: list[Goods], **header: object) -> Contract:
    writer, _reviewer = company.desk_of(customer)
    contract = drafted(
        customer.party, template, customer.term, goods, by=writer, salesperson=customer.party.owner, **header
    )
    return to_running(company, contract, by=writer)


def to_running(company: Company, contract: Contract, *, by: Person) -> Contract:
    contract = agreeing.submit_contract(contract, by=by)
    for reviewer in (company.gm, company.people["manager"]):
        if contract.state == "submitted":
            contract = agreeing.approve_contract(contract, by=reviewer)
    scan = SimpleUploadedFile(f"{contract.number}.pdf", paper(f"Signed {contract.number}"), "application/pdf")
    contract = agreeing.sign_contract(
        contract, by=by, scan=scan, signed_on=contract.dated_on, archive_place=f"B柜-{contract.pk % 40:02}"
    )
    return agreeing.start_contract(contract, by=by)


def call_off(company: Company, customer: Customer, contract: Contract, rng: Random, *, day: datetime.date) -> None:
    writer, reviewer = company.desk_of(customer)
    lines = [
        Wanted(product=line.product, quantity=Decimal(rng.choice((20, 40, 60))))
        for line in contract.lines.select_related("product")[:3]
    ]
    header = {
        "party": customer.party, "contract": contract, "dated_on": day, "required_on": day + datetime.timedelta(10), "term": customer.term,
        "salesperson": customer.party.owner, "warehouse": company.warehouse,
    }  # fmt: skip
    order = submit_order(save_order(Order(), by=writer, header=header, lines=lines), by=writer)
    if order.state == "submitted":
        approve_order(order, by=reviewer)


def buy(company: Company, rng: Random, *, today: datetime.date) -> None:
    """Goods bought from a maker: drafted by purchasing, approved by the general manager."""
    buyer = company.people["purchasing"]
    maker = Party(
        code="S00001",
        name="江南医疗器械厂（示例）",
        short_name="江南器械",
        is_supplier=True,
        state="江苏省",
        city="常州市",
        address="示例工业园 8 号",
    )
    maker.fill_search()
    with acting(buyer, step="make_supplier"):
        maker.save()
    term = PaymentTerm.objects.get(code="N30")
    goods = [
        Goods(product=each.product, quantity=Decimal(50), unit_price=each.unit_price, tax_rate=each.tax_rate) for each in goods_for(company, rng, 3, Decimal("0.5"))
    ]  # fmt: skip
    contract = drafted(
        maker,
        "采购合同",
        term,
        goods,
        by=buyer,
        starts_on=today - datetime.timedelta(30),
        ends_on=today + datetime.timedelta(150),
    )
    contract = agreeing.approve_contract(agreeing.submit_contract(contract, by=buyer), by=company.gm)
    if contract.number:
        scan = SimpleUploadedFile("CG.pdf", paper(f"Signed {contract.number}"), "application/pdf")
        agreeing.sign_contract(contract, by=buyer, scan=scan, signed_on=contract.dated_on, archive_place="C柜-01")


def amend(company: Company, contract: Contract, reason: str, *, in_force: bool, today: datetime.date) -> None:
    """Half as much again of the first line; in force, or handed in and waiting."""
    content, writer = Content.of(contract), contract.author
    products = {line.pk: line.product for line in contract.lines.select_related("product")}
    lines = [
        Goods(
            product=products[line.key or 0], quantity=line.quantity * (Decimal("1.5") if place == 0 else 1), unit_price=line.unit_price,
            tax_rate=line.tax_rate, discount=line.discount, more={"due_on": line.due_on, "key": line.key},
        )
        for place, line in enumerate(content.lines)
    ]  # fmt: skip
    amendment = agreeing.save_amendment(
        Amendment(contract=contract), by=writer, header={"clauses": content.clauses.replace("七日内", "十日内")}, lines=lines,
        payment_plan=content.plan_text, reason=reason, dated_on=today - datetime.timedelta(5),
    )  # fmt: skip
    amendment = agreeing.submit_amendment(amendment, by=writer)
    if not in_force:
        return
    for reviewer in (company.gm, company.people["manager"]):
        if amendment.state == "submitted":
            amendment = agreeing.approve_amendment(amendment, by=reviewer)
    scan = SimpleUploadedFile("BG.pdf", paper(f"Signed {amendment.number}"), "application/pdf")
    agreeing.sign_amendment(
        amendment, by=writer, scan=scan, signed_on=today - datetime.timedelta(3), archive_place="A柜"
    )
