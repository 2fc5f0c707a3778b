"""Papers that go along, and the rules that ask for them, as people make them."""

from typing import Any

from backoffice.people.models import Person
from backoffice.register.models import Record
from contracts.papers.models import Paper, PaperKind, PaperRule
from contracts.papers.services import cancel_paper, issue_paper, save_paper, save_rule, void_paper
from shipments.models import Shipment
from tests.making_licences import a_scan
from tests.making_shipments import House


def paper_kind(code: str = "CERT") -> PaperKind:
    return PaperKind.objects.get(code=code)


def ask_for(code: str, *, by: Person, **of: Any) -> PaperRule:
    """A rule: the contract, customer (`party`), product or product line (`category`) it is for; nothing is all goods."""
    return save_rule(PaperRule(paper_kind=paper_kind(code), **of), by=by)


def draft_paper(
    code: str, *, by: Person, shipment: Shipment | None = None, with_scan: bool = True, **more: Any
) -> Paper:
    kind = paper_kind(code)
    tests = [(what, required, "合格") for what, required in kind.tests]
    header = {
        "paper_kind": kind,
        "goes_with": Record.objects.get(pk=shipment.pk) if shipment else None,
        "batch": "B2026-1",
    } | more
    if tests:
        header.setdefault("conclusion", "合格")
    scan = a_scan("paper.pdf") if with_scan and kind.made == PaperKind.Made.UPLOADED else None
    return save_paper(Paper(), by=by, header=header, tests=tests, scan=scan)


def issued_paper(code: str, *, by: Person, **more: Any) -> Paper:
    return issue_paper(draft_paper(code, by=by, **more), by=by)


def void_one(house: House, code: str = "CERT", **more: Any) -> Paper:
    return void_paper(issued_paper(code, by=house.warehouse, **more), by=house.warehouse, note="wrong batch")


def cancelled_paper(house: House, code: str = "CERT", **more: Any) -> Paper:
    return cancel_paper(draft_paper(code, by=house.warehouse, **more), by=house.warehouse)
