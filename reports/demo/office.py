"""What the demonstration company does besides its deals: contracts, expense claims, commission, reports as issued."""

import datetime
from decimal import Decimal
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from backoffice.files.models import File
from backoffice.files.services import keep
from backoffice.jobs.calendar import working_days
from backoffice.people.models import Person
from backoffice.periods import Month, add_months
from backoffice.stock.lines import Goods
from contracts import services as agreeing
from contracts.models import Contract
from customers.models import Customer, PaymentTerm
from expenses import services as spending
from expenses.models import Claim, CommissionPlan, ExpenseKind, PlanLine
from reports.demo import names
from reports.demo.company import Company
from reports.services.daily import issue_daily

CONTRACTS = 14
CLAIMS = 10
ISSUED_DAYS = 5
PAPER = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length %d>>stream
%s
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%%%EOF
"""


def paper(words: str) -> bytes:
    """A page that stands for a scan or a receipt."""
    said = f"BT /F 14 Tf 40 520 Td ({words}) Tj ET".encode("ascii")
    return PAPER % (len(said), said)


# ── contracts ──────────────────────────────────────────────────────────────────────────────


def make_contracts(company: Company, rng: Random, *, today: datetime.date) -> None:
    """Yearly contracts with customers on credit: most run, the youngest are on their way through the office."""
    on_credit = [row for row in company.customers if row.term.kind == PaymentTerm.Kind.CREDIT]
    for number, customer in enumerate(on_credit[:CONTRACTS], start=1):
        left = CONTRACTS - number
        day = today - datetime.timedelta(4 * left if left < 4 else 30 * left - rng.randrange(20))
        walk_contract(draft_contract(company, customer, day, rng), company, left, number)


def draft_contract(company: Company, customer: Customer, day: datetime.date, rng: Random) -> Contract:
    writer, _reviewer = company.desk_of(customer)
    lines = [
        Goods(
            product=product, quantity=Decimal(rng.choice((400, 600, 1000))), tax_rate=product.tax_rate,
            unit_price=(product.list_price * Decimal(rng.randrange(88, 97)) / 100).quantize(Decimal("0.01")),
            more={"due_on": day + datetime.timedelta(rng.choice((150, 240, 360, 540)))},
        )
        for product in rng.sample([row for row in company.products if row.list_price < 600], rng.randrange(3, 7))
    ]  # fmt: skip
    header = {
        "party": customer.party, "title": f"{day.year}年度供货合同", "dated_on": day, "starts_on": day, "term": customer.term,
        "ends_on": day + datetime.timedelta(730), "salesperson": customer.party.owner, "clauses": "\n".join(names.CLAUSES),
    }  # fmt: skip
    return agreeing.save_contract(Contract(), by=writer, header=header, lines=lines)


def walk_contract(contract: Contract, company: Company, left: int, number: int) -> None:
    """How far it has come: the last is a draft, the one before waits for review, then one for its signature."""
    if left == 0:
        return
    writer = contract.author
    contract = agreeing.submit_contract(contract, by=writer)
    if left == 1:
        return
    contract = agreeing.approve_contract(contract, by=company.people["manager"])
    if contract.state == "submitted":
        contract = agreeing.approve_contract(contract, by=company.gm)
    if left == 2:
        return
    scan = SimpleUploadedFile(f"HT{number:03}.pdf", paper(f"Signed contract {number:03}"), "application/pdf")
    contract = agreeing.sign_contract(
        contract, by=writer, scan=scan, signed_on=contract.dated_on, archive_place=f"A柜-{number:02}"
    )
    agreeing.start_contract(contract, by=writer)


# ── expenses and commission ────────────────────────────────────────────────────────────────


def make_claims(company: Company, rng: Random, *, today: datetime.date) -> None:
    """What people spent in the last weeks, from written down to paid out."""
    spenders = [company.people[name] for name in ("zhang", "li", "wang", "chen", "assistant")]
    for number in range(CLAIMS):
        claim = draft_claim(spenders[number % len(spenders)], number, rng, today=today)
        for step, by in list(
            zip(
                (spending.submit_claim, spending.check_claim, spending.approve_claim, spending.pay_claim),
                (claim.author, company.finance, company.people["manager"], company.finance2),
                strict=True,
            )
        )[: number % 5 if number < 5 else 4]:
            claim = step(claim, by=by)


def draft_claim(by: Person, number: int, rng: Random, *, today: datetime.date) -> Claim:
    spent = today - datetime.timedelta(3 + 2 * number)
    lines = [
        spending.WantedReceipt(
            kind=ExpenseKind.objects.get(code=kind), spent_on=spent, description=words, amount=Decimal(rng.randrange(low, high))
        )
        for kind, words, low, high in rng.sample(names.SPENT, rng.randrange(1, 4))
    ]  # fmt: skip
    header = {"title": rng.choice(names.TRIPS), "dated_on": spent + datetime.timedelta(1)}
    claim = spending.save_claim(Claim(), by=by, header=header, lines=lines)
    receipts = paper(f"Receipts {number + 1:02}: {claim.amount}")
    keep(f"票据{number + 1:02}.pdf", receipts, "application/pdf", by=by, record=claim, label=File.Label.OTHER)
    return claim


def make_commission(company: Company, *, today: datetime.date) -> None:
    """A plan, and the sheets of three months: one paid, one frozen, the last waiting for somebody to agree."""
    plan = CommissionPlan(name=names.PLAN, basis=CommissionPlan.Basis.COLLECTED)
    line, formula = spending.WantedLine, PlanLine.Formula.GROSS
    new = [line(formula=formula, rate=Decimal("0.012"), grade="A"), line(formula=formula, rate=Decimal("0.015"))]
    spending.save_plan(plan, lines=new, by=company.people["manager"])
    for back in (3, 2, 1):
        sheet = spending.compute_sheet(Month.containing(add_months(today.replace(day=1), -back)), by=company.finance)
        sheet = spending.submit_commission(sheet, by=company.finance)
        if back == 1:
            continue
        sheet = spending.review_commission(sheet, by=company.people["manager"])
        sheet = spending.freeze_commission(sheet, by=company.finance2)
        if back == 3:
            spending.pay_commission(sheet, by=company.hr)


def issue_reports(*, today: datetime.date) -> None:
    """The daily reports of the last working days, as they were mailed."""
    days = working_days(today - datetime.timedelta(14), today - datetime.timedelta(1))
    for day in days[-ISSUED_DAYS:]:
        issue_daily(on=day, at=timezone.now())
