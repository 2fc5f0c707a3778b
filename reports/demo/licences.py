"""The licences of the demonstration company's customers: most are valid, some lapse soon, one has lapsed and holds an order (C2)."""

import datetime
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from customers.licences import services
from customers.licences.models import Licence, LicenceKind
from customers.models import Customer
from orders.services import submit_order
from reports.demo.company import Company
from reports.demo.office import paper
from reports.demo.trade import Trade

CUSTOMERS = 24
ENDS = (900, 700, 55, 1200, 26, 480, 6, 1500)  # days from today on which one lapses, in turn
ISSUERS = {"BUSINESS": "{city}市场监督管理局", "DEVICE": "{city}药品监督管理局", "BILLING": ""}


def is_there() -> bool:
    return Licence.objects.exists()


def fill(company: Company, rng: Random, *, today: datetime.date) -> None:
    """Business licences and billing data of the first customers, licences for devices of the hospitals and dealers among them."""
    kinds = {kind.code: kind for kind in LicenceKind.objects.all()}
    for number, customer in enumerate(company.customers[:CUSTOMERS]):
        ends = today + datetime.timedelta(ENDS[number % len(ENDS)])
        verify(company, register(company, customer, kinds["BUSINESS"], f"913{rng.randrange(10**14, 10**15)}", ends))
        if number % 2 == 0:
            verify(company, register(company, customer, kinds["BILLING"], "", None))
        if customer.party.kind != "company":
            device = f"{customer.party.city[:1]}药监械经营许{rng.randrange(20190000, 20259999)}号"
            licence = register(company, customer, kinds["DEVICE"], device, ends + datetime.timedelta(30))
            if number % 8:
                verify(company, licence)
    lapse(company, company.customers[CUSTOMERS], kinds["DEVICE"], rng, today=today)


def register(
    company: Company, customer: Customer, kind: LicenceKind, number: str, ends: datetime.date | None
) -> Licence:
    writer, _reviewer = company.desk_of(customer)
    header = {
        "party": customer.party, "licence_kind": kind, "external_number": number, "valid_until": ends,
        "issuer": ISSUERS[kind.code].format(city=customer.party.city),
        "valid_from": ends - datetime.timedelta(5 * 365) if ends else None,
    }  # fmt: skip
    scan = SimpleUploadedFile(
        f"{kind.code.lower()}.pdf", paper(f"{kind.code} {customer.party.code}"), "application/pdf"
    )
    return services.submit_licence(services.save_licence(Licence(), by=writer, header=header, scan=scan), by=writer)


def verify(company: Company, licence: Licence) -> Licence:
    _writer, reviewer = company.desk_of(licence.party.customer)
    return services.verify_licence(licence, by=reviewer)


def lapse(company: Company, customer: Customer, kind: LicenceKind, rng: Random, *, today: datetime.date) -> None:
    """One has lapsed the day before yesterday; the order that came today is held."""
    verify(company, register(company, customer, kind, "示药监械经营许20200117号", today - datetime.timedelta(2)))
    writer, _reviewer = company.desk_of(customer)
    submit_order(Trade(company, rng, today=today).order(customer, today, writer), by=writer)
    services.warn_of_lapses(on=today)
