"""What goes along with the demonstration company's goods, and the formalities of its contracts (K6, K7)."""

import datetime
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from backoffice.register.models import Record
from backoffice.stock.models import Category
from contracts.models import Contract
from contracts.papers import services
from contracts.papers.models import Formality, FormalityStep, Paper, PaperKind, PaperRule
from reports.demo.company import Company
from reports.demo.office import paper as a_page
from shipments.lifecycle import REVIEWED
from shipments.models import UNDERWAY, Shipment
from shipments.selectors.papers import papers_missing
from shipments.services import release_papers

CERTIFIED = 4  # customers who want a certificate with everything
REGISTERED = 6  # products whose registration is on file
# kind of contract, what, how it is done, who, days
CHECKLIST = (
    ("sales", "印花税申报", "按合同金额万分之三申报，回执留存。", "finance", 15),
    ("sales", "合同备案登记", "在合同登记平台备案，编号写入备案回执。", "assistant", 7),
    ("framework", "年度授信手续", "与财务核对授信资料，办理授信审批。", "finance", 20),
    ("distribution", "经销授权书", "盖章授权书一式两份，寄出一份。", "assistant2", 10),
    ("purchase", "进口关税缴纳", "凭报关单缴纳关税，税单归档。", "finance2", 30),
)


def is_there() -> bool:
    return PaperRule.objects.exists()


def fill(company: Company, rng: Random, *, today: datetime.date) -> None:
    make_papers(company, rng, today=today)
    make_formalities(company, today=today)


def make_papers(company: Company, rng: Random, *, today: datetime.date) -> None:
    """Certificates for some customers, registrations of instruments, quality reports for one contract; a few deliveries wait."""
    kinds, keeper = {kind.code: kind for kind in PaperKind.objects.all()}, company.assistant
    instruments = Category.objects.get(code="L3")
    for product in [row for row in company.products if row.category_id == instruments.pk][:REGISTERED]:
        scan = SimpleUploadedFile(f"{product.code}.pdf", a_page(f"Registration {product.code}"), "application/pdf")
        ends = today + datetime.timedelta(rng.choice((400, 900, 1300)))
        header = {"paper_kind": kinds["REGISTER"], "product": product, "valid_until": ends}
        services.issue_paper(services.save_paper(Paper(), by=keeper, header=header, scan=scan), by=keeper)
    services.save_rule(PaperRule(paper_kind=kinds["REGISTER"], category=instruments), by=keeper)
    under_way = list(Shipment.objects.filter(state__in=UNDERWAY).select_related("party").order_by("pk"))
    for party in {row.party_id: row.party for row in under_way[:CERTIFIED]}.values():
        services.save_rule(PaperRule(paper_kind=kinds["CERT"], party=party), by=keeper)
    if contract := next(iter(company.contracts.values()), None):
        services.save_rule(PaperRule(paper_kind=kinds["QUALITY"], contract=contract), by=keeper)
    for shipment in under_way[::2]:
        services.make_certificates(Record.objects.get(pk=shipment.pk), by=company.people["warehouse"])
    a_release(company, under_way, today=today)
    a_report(company, kinds["QUALITY"], rng, today=today)


def a_release(company: Company, under_way: list[Shipment], *, today: datetime.date) -> None:
    """A customer who cannot wait for the certificates: they follow by mail."""
    reviewed = (row for row in under_way if row.get_state() == REVIEWED and papers_missing(row, on=today))
    if shipment := next(reviewed, None):
        release_papers(shipment, by=company.gm, note="客户急用，合格证随后邮寄。")


def a_report(company: Company, kind: PaperKind, rng: Random, *, today: datetime.date) -> None:
    """A quality report for the last delivery that left."""
    shipment = Shipment.objects.gone().order_by("pk").last()
    line = shipment.lines.select_related("product").first() if shipment else None
    if line is None:
        return
    header = {
        "paper_kind": kind, "goes_with": Record.objects.get(pk=shipment.pk), "product": line.product, "quantity": line.quantity,
        "batch": f"{today:%y%m}{rng.randrange(100, 999)}", "produced_on": today - datetime.timedelta(40), "tested_on": today, "conclusion": "合格",
    }  # fmt: skip
    tests = [(what, required, "符合") for what, required in kind.tests]
    by = company.warehouse2
    services.issue_paper(services.save_paper(Paper(), by=by, header=header, tests=tests), by=by)


def make_formalities(company: Company, *, today: datetime.date) -> None:
    """The checklists; what the running contracts asked for is done, but for the youngest."""
    for place, (category, name, hint, owner, days) in enumerate(CHECKLIST):
        step = FormalityStep(
            category=category, name=name, hint=hint, owner=company.people[owner], days=days, position=10 * (place + 1)
        )
        services.save_step(step, by=company.finance)
    running = Contract.objects.in_state("running").select_related("author").order_by("dated_on", "pk")
    for contract in running:
        services.start_formalities(
            contract, after="sign_contract", by=contract.author, on=contract.signed_on or contract.dated_on
        )
    open_ones = Formality.objects.open().filter(due_on__lt=today).select_related("owner").order_by("due_on", "pk")
    for row in list(open_ones)[:-2]:
        proof = SimpleUploadedFile(f"proof-{row.pk}.pdf", a_page(f"Proof {row.pk}"), "application/pdf")
        services.finish_formality(row, by=row.owner, outcome="已办结，回执归档。", proof=proof)
