"""Writing papers that go along, their kinds, and the rules that ask for them (K6)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.audit.changes import check_unchanged
from backoffice.documents.editing import editing
from backoffice.documents.gate import performs
from backoffice.files.models import File
from backoffice.files.services import keep_upload
from backoffice.numbering.services import next_number
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from backoffice.register.models import Record
from contracts.papers import lifecycle
from contracts.papers.models import Paper, PaperItem, PaperKind, PaperRule
from contracts.papers.selectors import goods_with, wanted_of

HEADER = (
    "party", "paper_kind", "goes_with", "product", "batch", "quantity", "produced_on", "tested_on", "valid_until",
    "conclusion", "note",
)  # fmt: skip
KEEPS = (Role.ASSISTANT, Role.MANAGER, Role.GM, Role.ADMINISTRATOR)  # who says what goes along
FIELD = re.compile(r"\{(\w+)\}")
Test = tuple[str, str, str]  # what is tested, what is required, what was found


def save_paper(
    paper: Paper, *, by: Person, header: Mapping[str, Any], tests: Sequence[Test] = (), scan: UploadedFile | None = None,
    version: int | None = None,
) -> Paper:  # fmt: skip
    """Write a new or an editable paper, its tests or its file. `header` holds names of HEADER; others are refused. K6"""
    if unknown := set(header) - set(HEADER):
        raise ValueError(f"not part of a paper: {sorted(unknown)}")
    for name, value in header.items():
        setattr(paper, name, value)
    if paper.goes_with is not None:
        paper.party = paper.goes_with.party
    if paper.pk is None:
        paper.dated_on = timezone.localdate()
    typed = {name: getattr(paper, name) for name in HEADER}
    with editing(paper, by=by, version=version) as draft:
        for name, value in typed.items():
            setattr(draft, name, value)
        draft.salesperson = draft.party.owner if draft.party else None
        draft.dossier = draft.goes_with.dossier if draft.goes_with else None
        draft.lines.all().delete()
        PaperItem.objects.bulk_create(
            PaperItem(paper=draft, position=position, what=what, required=required, found=found)
            for position, (what, required, found) in enumerate(tests, start=1)
        )
        if scan is not None:
            keep_upload(scan, by=by, record=draft, label=File.Label.CERTIFICATE)
    return draft


@performs(lifecycle.ISSUE)
def issue_paper(paper: Paper, *, by: Person) -> None:
    """Fix what it says and number it; from now on goods may leave with it. K6"""
    kind = paper.paper_kind
    if kind.is_per_product and paper.product is None:
        raise Refused(_("Say for which product."), field="product")
    if kind.made == PaperKind.Made.UPLOADED and not File.objects.of(paper).exists():
        raise Refused(_("The file itself is missing."), field="scan")
    if kind.made == PaperKind.Made.REPORT:
        check_tests(paper)
    say_names(paper)
    paper.number = next_number(paper.kind, on=timezone.localdate())


def check_tests(paper: Paper) -> None:
    tests = list(paper.lines.all())
    if not tests or any(not test.found for test in tests):
        raise Refused(_("A report says of each test what was found."), code="tests")
    if not paper.conclusion:
        raise Refused(_("A report ends with a conclusion."), field="conclusion")


def say_names(paper: Paper) -> None:
    """Copy what is printed: names as they are now, and the wording with this paper's values."""
    if paper.product is not None:
        paper.product_name, paper.spec, paper.unit = paper.product.name, paper.product.spec, paper.product.unit.name
    paper.party_name = paper.party.name if paper.party else ""
    paper.wording = filled(paper.paper_kind.text, paper)


def filled(text: str, paper: Paper) -> str:
    """The wording of the kind with this paper's values in its places; a place it does not know stays as it is."""
    quantity = f"{paper.quantity.normalize():f} {paper.unit}".strip() if paper.quantity else "—"
    values = {
        "product": paper.product_name, "specification": paper.spec, "batch": paper.batch, "quantity": quantity,
        "customer": paper.party_name, "day": timezone.localdate().isoformat(),
        "produced": paper.produced_on.isoformat() if paper.produced_on else "",
    }  # fmt: skip
    return FIELD.sub(lambda place: (values.get(place[1]) or "—") if place[1] in values else place[0], text)


@performs(lifecycle.VOIDING)
def void_paper(paper: Paper, *, by: Person) -> None:
    """It does not hold any more; goods that need it wait for another one. K6"""


@performs(lifecycle.CANCEL)
def cancel_paper(paper: Paper, *, by: Person) -> None:
    """Discarded before it was issued. K6"""


@transaction.atomic
def make_certificates(record: Record, *, by: Person) -> list[Paper]:
    """Issue at once all certificates that are missing with this document and need nothing typed. K6"""
    seen = Record.objects.visible_to(by).select_related("party").get(pk=record.pk)
    leaving = goods_with(seen.kind, seen.pk)
    if leaving is None:
        raise Refused(_("No goods leave with this document."), code="goods")
    today = timezone.localdate()
    made = []
    for wanted in wanted_of([leaving], on=today)[seen.pk]:
        if wanted.is_missing and wanted.draft is None and wanted.kind.made == PaperKind.Made.CERTIFICATE:
            goods = wanted.product
            header = {
                "paper_kind": wanted.kind,
                "goes_with": seen,
                "quantity": goods.quantity if goods else None,
                "tested_on": today,
            }
            paper = Paper(product_id=goods.product_id if goods else None)
            made.append(issue_paper(save_paper(paper, by=by, header=header), by=by))
    return made


# ── kinds and rules ────────────────────────────────────────────────────────────────────────
def save_kind(kind: PaperKind, *, by: Person, version: int | None = None) -> PaperKind:
    """A new or changed kind of paper; what was issued keeps its wording."""
    check_keeper(by)
    try:
        with transaction.atomic(), acting(by, step="save_paper_kind"):
            if kind.pk:
                check_unchanged(PaperKind.objects.select_for_update().get(pk=kind.pk), version)
            kind.save()
    except IntegrityError as error:
        if "code" in str(error):
            raise Refused(_("There is one with this code already."), code="taken", field="code") from error
        raise
    return kind


def save_rule(rule: PaperRule, *, by: Person, version: int | None = None) -> PaperRule:
    """What must go along from now on, with which goods; deliveries that are on their way meet it too."""
    check_keeper(by)
    if rule.contract_id:
        rule.party = None  # a contract has one customer
    try:
        with transaction.atomic(), acting(by, step="save_paper_rule"):
            if rule.pk:
                check_unchanged(
                    PaperRule.objects.visible_to(by).select_for_update(of=("self",)).get(pk=rule.pk), version
                )
            rule.save()
    except IntegrityError as error:
        if "paper_rule_once" in str(error):
            raise Refused(_("There is this very rule already."), code="taken") from error
        raise
    return rule


def remove_rule(rule: PaperRule, *, by: Person) -> None:
    """It is not asked for any more; the history keeps that it was."""
    check_keeper(by)
    with transaction.atomic(), acting(by, step="remove_paper_rule"):
        PaperRule.objects.visible_to(by).select_for_update(of=("self",)).get(pk=rule.pk).delete()


def check_keeper(by: Person) -> None:
    if not by.has_role(*KEEPS):
        raise Refused(_("Your role may not say what goes along."), code="role")
