"""Seeing formalities through: begun from the checklist, done with proof, waived with a reason, alarmed of (K7)."""

import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.audit.changes import check_unchanged
from backoffice.files.models import File
from backoffice.files.services import keep_upload
from backoffice.outbox.notices import notify, told_already
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from contracts.models import Contract
from contracts.papers.models import Formality, FormalityStep
from contracts.papers.models.formalities import ALARM_BEFORE
from contracts.papers.topics import FORMALITY_DUE, FORMALITY_LATE, FORMALITY_NEW

ARRANGES = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER, Role.FINANCE, Role.PURCHASING)
WAIVES = (Role.MANAGER, Role.FINANCE, Role.GM)
KEEPS_STEPS = (Role.MANAGER, Role.FINANCE, Role.GM, Role.ADMINISTRATOR)
LATE_AFTER = (0, 7, 30)  # days past due: the owner hears at once, the manager with them from a week on


def start_formalities(contract: Contract, *, after: str, by: Person, on: datetime.date) -> list[Formality]:
    """Begin what contracts of this kind ask for after this step; what was begun before is not begun again. K7"""
    steps = FormalityStep.objects.filter(is_active=True, after=after, category__in=["", contract.category])
    begun = set(Formality.objects.filter(contract=contract).values_list("step", flat=True))
    rows = [
        Formality(
            contract=contract, step=step, name=step.name, hint=step.hint, owner=step.owner or contract.author,
            due_on=on + datetime.timedelta(step.days), needs_proof=step.needs_proof, position=step.position,
        )
        for step in steps.select_related("owner") if step.pk not in begun
    ]  # fmt: skip
    with transaction.atomic(), acting(by, step="start_formalities"):
        made = Formality.objects.bulk_create(rows)
    for owner in {row.owner for row in made}:
        mine = [row.name for row in made if row.owner_id == owner.pk]
        notify(owner, FORMALITY_NEW, contract, by=by, names="、".join(mine))
    return made


def add_formality(formality: Formality, *, by: Person) -> Formality:
    """Something that only this contract asks for. K7"""
    check_role(by, ARRANGES)
    with transaction.atomic(), acting(by, step="add_formality"):
        Contract.objects.visible_to(by).get(pk=formality.contract_id)
        formality.save(force_insert=True)
        notify(formality.owner, FORMALITY_NEW, formality.contract, by=by, names=formality.name)
    return formality


def change_formality(
    formality: Formality, *, by: Person, given: dict[str, Any], version: int | None = None
) -> Formality:
    """Another owner, another day; what is done stays as it is. K7"""
    check_role(by, ARRANGES)
    with transaction.atomic(), acting(by, step="change_formality"):
        locked = lock(formality, by=by)
        check_unchanged(locked, version)
        owner = locked.owner_id
        for name, value in given.items():
            setattr(locked, name, value)
        locked.save()
        if locked.owner_id != owner:
            notify(locked.owner, FORMALITY_NEW, locked.contract, by=by, names=locked.name)
    return locked


def finish_formality(
    formality: Formality, *, by: Person, outcome: str = "", proof: UploadedFile | None = None
) -> Formality:
    """It is done; its proof is filed with the contract. K7"""
    with transaction.atomic(), acting(by, step="finish_formality", note=outcome):
        locked = lock(formality, by=by)
        if locked.owner_id != by.pk:
            check_role(by, ARRANGES)
        if proof is not None:
            locked.proof = keep_upload(proof, by=by, record=locked.contract, label=File.Label.RECEIPT)
        if locked.needs_proof and locked.proof is None:
            raise Refused(_("This one needs its proof: a receipt, a stamped form, a picture."), field="proof")
        locked.done_at, locked.done_by, locked.outcome = timezone.now(), by, outcome.strip()
        locked.save()
    return locked


def waive_formality(formality: Formality, *, by: Person, outcome: str) -> Formality:
    """It is not needed for this contract, and why. K7"""
    check_role(by, WAIVES)
    if not outcome.strip():
        raise Refused(_("Please give a reason."), code="note", field="outcome")
    with transaction.atomic(), acting(by, step="waive_formality", note=outcome):
        locked = lock(formality, by=by)
        locked.done_at, locked.done_by, locked.outcome, locked.is_waived = timezone.now(), by, outcome.strip(), True
        locked.save()
    return locked


def lock(formality: Formality, *, by: Person) -> Formality:
    rows = Formality.objects.visible_to(by).select_for_update(of=("self",)).select_related("contract", "owner")
    locked = rows.get(pk=formality.pk)
    if not locked.is_open:
        raise Refused(_("This was settled already by %(person)s.") % {"person": locked.done_by}, code="state")
    return locked


def check_role(by: Person, roles: tuple[str, ...]) -> None:
    if not by.has_role(*roles):
        raise Refused(_("Your role may not do this."), code="role")


def alarm_formalities(*, on: datetime.date) -> int:
    """Tell whoever sees it through three days before and once it is late; from a week on the managers too. Each once. How many. K7"""
    waiting = {}
    rows = Formality.objects.due(on + ALARM_BEFORE).select_related("contract__party", "owner")
    for row in rows.order_by("due_on", "pk"):
        late = -row.days_left(on)
        level = "soon" if late <= 0 else f"late{max(days for days in LATE_AFTER if late > days or days == 0)}"
        waiting[f"{row.pk}:{row.due_on}:{level}"] = (row, late)
    told = told_already((FORMALITY_DUE, FORMALITY_LATE), waiting)
    new = {key: pair for key, pair in waiting.items() if key not in told}
    for key, (row, late) in new.items():
        to = [row.owner, *([Role.MANAGER] if late > LATE_AFTER[1] else [])]
        topic = FORMALITY_LATE if late > 0 else FORMALITY_DUE
        notify(to, topic, row.contract, key=key, url=row.get_absolute_url(), name=row.name, day=row.due_on, late=late)
    return len(new)


def save_step(step: FormalityStep, *, by: Person, version: int | None = None) -> FormalityStep:
    """A line of the checklist for contracts to come."""
    check_role(by, KEEPS_STEPS)
    with transaction.atomic(), acting(by, step="save_formality_step"):
        if step.pk:
            check_unchanged(FormalityStep.objects.select_for_update(of=("self",)).get(pk=step.pk), version)
        step.save()
    return step
