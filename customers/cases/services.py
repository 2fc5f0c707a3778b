"""The only functions that write cases: registering, working on them, solving them in time, and telling who must know (C4, C12)."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.audit.changes import check_unchanged
from backoffice.documents.editing import editing
from backoffice.documents.gate import lock, performs
from backoffice.documents.lifecycle import State
from backoffice.files.models import File
from backoffice.files.services import keep_upload
from backoffice.numbering.services import next_number
from backoffice.outbox.notices import notify
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.register.models import Record
from customers.cases import lifecycle
from customers.cases.models import Case, CaseEntry, Category, Nature
from customers.cases.selectors import ABOUT, deadline
from customers.cases.telling import CASE_HANDED_ON
from customers.handing import goes_along
from customers.models import HandOver

FIELDS = (
    "party", "category", "owner", "dated_on", "channel", "contact", "phone", "subject", "text", "about", "product", "quantity",
    "carrier", "amount", "lost_number", "note",
)  # fmt: skip


def save_case(case: Case, *, by: Person, given: Mapping[str, Any], version: int | None = None) -> Case:
    """Write down what is reported, or correct it while the case is not solved (C4). `given` holds names of FIELDS."""
    if unknown := set(given) - set(FIELDS):
        raise ValueError(f"not part of a case: {sorted(unknown)}")
    for name, value in given.items():
        setattr(case, name, value)
    case.amount = case.amount or Decimal("0.00")
    if case.owner_id is None:
        case.owner = by
    check_report(case, by=by)
    typed = {name: getattr(case, name) for name in FIELDS}
    with editing(case, by=by, version=version) as writing:
        if writing.number and writing.nature != case.category.nature:
            raise Refused(_("A registered case keeps its kind: withdraw it and register another."), field="category")
        before = writing.category_id, writing.dated_on
        for name, value in typed.items():
            setattr(writing, name, value)
        writing.nature = writing.category.nature
        writing.salesperson = writing.party.owner
        if writing.number and before != (writing.category_id, writing.dated_on):
            writing.due_on = due_of(writing)
    return writing


def check_report(case: Case, *, by: Person) -> None:
    """What belongs together: customer and document, loss and number, a day that has been, somebody who sees the customer."""
    if case.dated_on > timezone.localdate():
        raise Refused(_("It cannot have been reported on a day to come."), field="dated_on")
    if case.about_id and not Record.objects.filter(pk=case.about_id, party=case.party_id, kind__in=ABOUT).exists():
        raise Refused(_("This document is not one of this customer's."), field="about")
    if case.category.nature == Nature.LOSS and not case.lost_number.strip():
        raise Refused(_("Say which number was lost, so that it can be barred."), field="lost_number")
    check_owner(case.party, case.owner, field="owner")
    if case.carrier_id and not case.carrier.is_carrier:
        raise Refused(_("%(party)s is no carrier.") % {"party": case.carrier}, field="carrier")


def check_owner(party: Party, owner: Person, *, field: str) -> None:
    """Who answers for a case sees its customer and may take its steps."""
    if not owner.is_active or not owner.has_role(*lifecycle.WORKS):
        raise Refused(_("%(person)s does not work on cases.") % {"person": owner}, code="owner", field=field)
    if not Party.objects.visible_to(owner).filter(pk=party.pk).exists():
        raise Refused(_("%(person)s does not see this customer.") % {"person": owner}, code="owner", field=field)


def due_of(case: Case) -> datetime.date:
    """The deadline from the category's working days."""
    return deadline(case.dated_on, case.category.days)


# ── the way of every case ───────────────────────────────────────────────────────────────────
@performs(lifecycle.OPEN_CASE)
def open_case(case: Case, *, by: Person) -> State:
    """Number the case and set its deadline; a loss goes its own way. C4 C12"""
    check_report(case, by=by)
    case.due_on = due_of(case)
    if case.about_id:  # the deal it belongs to shows it in its chain
        case.dossier_id = case.about.dossier_id
    case.number = next_number(case.kind, on=case.dated_on)
    notify(case.owner, CASE_HANDED_ON, case, by=by, subject=case.subject, due=case.due_on)
    return lifecycle.REPORTED if case.nature == Nature.LOSS else lifecycle.OPEN


@performs(lifecycle.TAKE)
def take_case(case: Case, *, by: Person) -> None:
    """Whoever takes it in hand answers for it. C4"""
    case.owner = by


@performs(lifecycle.HAND_ON)
def hand_on_case(case: Case, *, by: Person, owner: Person) -> State:
    """Somebody else answers for it and is told. C4"""
    check_owner(case.party, owner, field="owner")
    if owner.pk == case.owner_id:
        raise Refused(_("%(person)s has it already.") % {"person": owner}, field="owner")
    case.owner, case.next_on = owner, None
    notify(owner, CASE_HANDED_ON, case, by=by, subject=case.subject, due=case.due_on)
    return lifecycle.REPORTED if case.nature == Nature.LOSS else lifecycle.OPEN


@goes_along
def hand_cases_on(row: HandOver) -> None:
    """Open cases that the former salesperson answers for go with their customer, whom they would not see any more. C1 C4"""
    if not row.taker.is_active or not row.taker.has_role(*lifecycle.WORKS):
        return
    system, note = Person.objects.system(), row.note or _("The customer was handed over.")
    for case in Case.objects.in_state(*lifecycle.HAND_ON.sources).filter(party=row.party_id, owner=row.giver_id):
        hand_on_case(case, by=system, note=note, owner=row.taker)


@performs(lifecycle.SOLVE)
def solve_case(
    case: Case, *, by: Person, solution: str, solved_on: datetime.date | None = None, cause: str = "",
    cost: Decimal | None = None, proof: UploadedFile | None = None,
) -> None:  # fmt: skip
    """What was done about it, on which day, and what it cost; a loss ends with the receipt for the replacement. C4 C12"""
    if not solution.strip():
        raise Refused(_("Say what the solution is."), field="solution")
    case.solved_on = check_day(solved_on, case.replaced_on or case.dated_on, field="solved_on")
    if case.nature == Nature.LOSS:
        keep_proof(case, proof, by=by, needed=2)
    case.solution, case.cause, case.cost = solution.strip(), cause.strip(), cost or Decimal("0.00")
    case.next_on = None


@performs(lifecycle.CLOSE)
def close_case(case: Case, *, by: Person, satisfaction: int | None = None, satisfaction_note: str = "") -> None:
    """The customer was asked, and nothing is left to do. C4"""
    case.satisfaction, case.satisfaction_note = satisfaction or None, satisfaction_note.strip()
    case.closed_on = timezone.localdate()


@performs(lifecycle.REOPEN)
def reopen_case(case: Case, *, by: Person) -> State:
    """It was no solution: the clock begins again, and so does what is told when it runs out. C4"""
    case.due_on = deadline(timezone.localdate(), case.category.days)
    case.solved_on, case.escalation = None, 0
    return lifecycle.REPLACED if case.nature == Nature.LOSS else lifecycle.WORKING


@performs(lifecycle.CANCEL)
def cancel_case(case: Case, *, by: Person) -> None:
    """Reported by mistake or taken back by the customer; the reason stays. C4"""
    case.next_on = None


# ── the way of a loss ───────────────────────────────────────────────────────────────────────
@performs(lifecycle.BAR)
def bar_lost_paper(
    case: Case, *, by: Person, barred_on: datetime.date | None = None, proof: UploadedFile | None = None
) -> None:
    """What was lost is void from now on; the customer's signed report is on file. C12"""
    case.barred_on = check_day(barred_on, case.dated_on, field="barred_on")
    keep_proof(case, proof, by=by)


@performs(lifecycle.REPLACE)
def replace_lost_paper(
    case: Case, *, by: Person, replacement_number: str, replaced_on: datetime.date | None = None
) -> None:
    """A new one under a number of its own, never the old one. C12"""
    number = replacement_number.strip()
    if not number or number.casefold() == case.lost_number.strip().casefold():
        raise Refused(_("The replacement has a number of its own."), field="replacement_number")
    case.replacement_number = number
    case.replaced_on = check_day(replaced_on, case.barred_on, field="replaced_on")


def check_day(day: datetime.date | None, earliest: datetime.date, *, field: str) -> datetime.date:
    """The day something was done: today unless said otherwise, never to come, never before what it follows."""
    day = day or timezone.localdate()
    if not earliest <= day <= timezone.localdate():
        raise Refused(_("This is a day between %(first)s and today.") % {"first": earliest}, field=field)
    return day


def keep_proof(case: Case, proof: UploadedFile | None, *, by: Person, needed: int = 1) -> None:
    """Put the proof on file; without as many as there must be by now (the report, then the receipt) the step is refused."""
    if proof is not None:
        keep_upload(proof, by=by, record=case, label=File.Label.PROOF)
    if File.objects.of(case).filter(label=File.Label.PROOF).count() < needed:
        raise Refused(_("The signed paper belongs on file: add its scan."), code="proof", field="proof")


# ── what happens in between ─────────────────────────────────────────────────────────────────
def write_entry(
    case: Case, *, by: Person, text: str, happened_on: datetime.date | None = None, next_on: datetime.date | None = None
) -> CaseEntry:
    """Keep what was done about a case; `next_on` brings it back to the workbench of who answers for it."""
    if not text.strip():
        raise Refused(_("Please write what was done."), code="empty", field="text")
    with transaction.atomic(), acting(by, step="write_case_entry"):
        locked = lock(case, by=by)
        if locked.get_state().final or locked.state == str(lifecycle.DRAFT):
            raise Refused(
                _("«%(state)s»: nothing is written about it any more, or not yet.")
                % {"state": locked.get_state_display()},
                code="state",
            )
        day = check_day(happened_on, locked.dated_on, field="happened_on")
        if next_on != locked.next_on:
            locked.next_on = next_on
            locked.save(update_fields=["next_on"])
        return CaseEntry.objects.create(case=locked, happened_on=day, text=text.strip(), written_by=by)


def save_category(category: Category, *, by: Person, version: int | None = None) -> Category:
    """A category and the working days it may take; cases that run keep the deadline they were given."""
    with transaction.atomic(), acting(by, step="save_case_category"):
        before = Category.objects.select_for_update().get(pk=category.pk) if category.pk else category
        if category.pk:
            check_unchanged(before, version)
        same = Category.objects.filter(nature=category.nature, name=category.name).exclude(pk=category.pk)
        if same.exists():
            raise Refused(_("There is a category of this name already."), code="taken", field="name")
        if before.nature != category.nature:
            raise Refused(_("A category keeps its kind; make another."), code="nature", field="nature")
        category.save()
    return category
