"""What stands in the archive of the demonstration company besides its customers: contacts, places, twins, hand-overs."""

import datetime
from random import Random

from backoffice.parties.models import Party
from customers.changes import request_change, submit_customer_change
from customers.duplicates import find_duplicates
from customers.handing import hand_over
from customers.merging import merge_customers, request_merge, submit_customer_merge
from customers.models import Address, Contact, Customer, PaymentTerm
from customers.services import save_address, save_contact, save_customer, take_over_customers
from reports.demo import names
from reports.demo.company import Company

TAGS = ("连锁", "集采", "重点客户", "季节性", "展会认识")
TITLES = ("采购主任", "财务", "仓库主管", "科室主任")
TWINS = (
    (7, "医药有限责任公司（示例）"),
    (18, "（示例）有限公司"),
)  # of which customer, and how it was written the second time


def keep_archive(company: Company, rng: Random, *, today: datetime.date) -> None:
    """People and places, two customers entered twice, one change on its way, and two hand-overs."""
    for number, customer in enumerate(company.customers):
        if number % 3 == 0:
            people_and_places(company, customer, number, rng, today=today)
    twins = [twin_of(company, company.customers[at], written) for at, written in TWINS]
    merge(company, company.customers[TWINS[0][0]], twins[0])
    find_duplicates(on=today)
    change = request_change(
        company.customers[4], by=company.assistant, wanted={"term": PaymentTerm.objects.get(code="N60")},
        reason="季度采购量翻倍，客户申请账期延长到60天",
    )  # fmt: skip
    submit_customer_change(change, by=company.assistant)
    hand_over([company.customers[20]], to=company.chen, by=company.manager, note="客户迁入西南区")
    later = today + datetime.timedelta(days=9)
    hand_over(company.customers[30:32], to=company.li, by=company.manager, note="区域调整", on=later)


def people_and_places(company: Company, customer: Customer, number: int, rng: Random, *, today: datetime.date) -> None:
    writer, _reviewer = company.desk_of(customer)
    soon = today + datetime.timedelta(days=rng.randrange(0, 90))
    contact = Contact(
        party=customer.party, name=f"{rng.choice(names.SURNAMES)}女士", title=rng.choice(TITLES), phone=f"138{rng.randrange(10**7, 10**8)}",
        email=f"desk{number}@example.com", birthday=soon.replace(year=1985, day=min(soon.day, 28)), takes_mailings=number % 4 > 0,
    )  # fmt: skip
    save_contact(contact, by=writer)
    store = f"{customer.party.state}{customer.party.city}示例物流园{rng.randrange(1, 30)}号库"
    save_address(Address(party=customer.party, text=store, contact=contact.name, phone=contact.phone), by=writer)
    save_customer(customer, by=writer, given={"tags": "、".join(rng.sample(TAGS, 2))})


def twin_of(company: Company, customer: Customer, written: str) -> Customer:
    """The same customer entered once more, a little otherwise."""
    party = customer.party
    given = {
        "name": f"{party.short_name}{written}", "short_name": party.short_name, "owner": party.owner, "region": party.region, "city": party.city,
        "state": party.state, "phone": party.phone, "contact": party.contact, "kind": Party.Kind.COMPANY,
    }  # fmt: skip
    return take_over_customers([given], by=company.manager)[0]


def merge(company: Company, kept: Customer, twin: Customer) -> None:
    """Found by an assistant, agreed to by finance."""
    writer, _reviewer = company.desk_of(kept)
    draft = request_merge(kept, twin, by=writer, picks={}, reason="同一家客户，前台重复建档，电话一致")
    merge_customers(submit_customer_merge(draft, by=writer), by=company.finance)
