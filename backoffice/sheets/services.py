"""Bringing workbooks in: upload, map, check, apply. Nothing is written before everything of an upload is right."""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit.acting import acting
from backoffice.files.models import File
from backoffice.files.screening import XLSX, clean_name
from backoffice.files.services import keep
from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.register.models import Opening
from backoffice.sheets.declared import REGISTRY, Run, Sheet, known_to
from backoffice.sheets.models import APPLIERS, Batch, Remembered, State
from backoffice.sheets.passing import Tell, pass_over
from backoffice.sheets.reading import Table, read_tables
from backoffice.sheets.recognising import Guess, Mapping, guess_for, heading_key, recognise
from backoffice.sheets.safety import MOST_BYTES
from backoffice.sheets.words import remember, with_words

MOST_FILES = 20
MOST_UPLOAD = MOST_BYTES
MOST_KEPT_PROBLEMS = 20_000


class TakeBack(Exception):
    """Ends a trial: everything written since is undone."""


@dataclass(slots=True)
class Uploaded:
    """What became of the files: batches to go on with, sheets nobody knows, files that are here already, hidden sheets."""

    group: uuid.UUID
    batches: list[Batch] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    repeated: list[Batch] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


# ── upload ─────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def upload(files: Iterable[tuple[str, bytes]], *, by: Person, kind: str = "") -> Uploaded:
    """Take files in, find out what each sheet is, map its columns. A file that was applied before changes nothing."""
    done = Uploaded(uuid.uuid4())
    kinds = [sheet for sheet in known_to(by) if not kind or sheet.name == kind]
    if not kinds:
        raise Refused(_("You may not import this."))
    with acting(by, step="upload_workbook"):
        for name, content in list(files)[:MOST_FILES]:
            take_in(done, clean_name(name), content, kinds, by)
    return done


def take_in(done: Uploaded, name: str, content: bytes, kinds: Sequence[type[Sheet]], by: Person) -> None:
    tables = read_tables(name, content)
    done.hidden += [f"{name} · {table.name}" for table in tables if table.is_hidden]
    tables = [table for table in tables if not table.is_hidden]
    sha256 = hashlib.sha256(content).hexdigest()
    kept: File | None = None
    found = [(table, remembered_or_guessed(table, kinds) or told(table, kinds)) for table in tables]
    done.unknown += [f"{name} · {table.name}" for table, guess in found if guess is None]
    for table, guess in found:
        if guess is None:
            continue
        before = Batch.objects.filter(
            kind=guess.sheet.name, sha256=sha256, table=table.name, state=State.APPLIED
        ).first()
        if before:
            done.repeated.append(before)
            continue
        content_type = XLSX if name.casefold().endswith("xlsx") else "text/csv"
        kept = kept or keep(name, content, content_type, by=by, label=File.Label.WORKBOOK)
        done.batches.append(
            Batch.objects.create(
                group=done.group, kind=guess.sheet.name, file=kept, table=table.name, sha256=sha256, heading_at=guess.heading_at,
                mapping=with_words(guess.sheet.name, guess.mapping), uploaded_by=by, rows=max(0, table.height - guess.heading_at - 1),
            )
        )  # fmt: skip


def told(table: Table, kinds: Sequence[type[Sheet]]) -> Guess | None:
    """The person has said what it is, though no heading shows it: they will name the columns too."""
    at = next((at for at in range(len(table.top)) if len([text for text in table.heading(at) if text]) > 1), None)
    return Guess(kinds[0], at, {}, 0) if len(kinds) == 1 and at is not None else None


def remembered_or_guessed(table: Table, kinds: Sequence[type[Sheet]]) -> Guess | None:
    guess = recognise(table, kinds)
    if guess is None:
        return None
    heading = table.heading(guess.heading_at)
    kept = Remembered.objects.filter(kind=guess.sheet.name, heading=heading_key(heading)).first()
    return Guess(guess.sheet, guess.heading_at, kept.mapping, guess.score) if kept else guess


# ── mapping ────────────────────────────────────────────────────────────────────────────────


def change_mapping(batch: Batch, mapping: Mapping, *, by: Person, kind: str = "", table: Table | None = None) -> None:
    """Correct which column feeds which field, and what the words in it mean; remembered for the next sheet."""
    with transaction.atomic(), acting(by, step="map_import"):
        batch = locked(batch)
        if kind and kind != batch.kind and table is not None:
            guess = guess_for(table, REGISTRY[kind])
            batch.kind, mapping = kind, guess.mapping if guess else {}
            batch.heading_at = guess.heading_at if guess else batch.heading_at
        known = {field.name for field in batch.sheet.fields}
        batch.mapping = with_words(batch.kind, {name: to for name, to in mapping.items() if name in known})
        batch.state, batch.errors, batch.wrong_rows, batch.leave_out = State.UPLOADED, [], 0, False
        batch.save()
        if table is not None:
            Remembered.objects.update_or_create(
                kind=batch.kind, heading=heading_key(table.heading(batch.heading_at)),
                defaults={"mapping": batch.mapping, "changed_at": timezone.now()},
            )  # fmt: skip
            remember(batch.kind, batch.mapping)


def unmapped(batch: Batch) -> list[Any]:
    """Required fields that nothing feeds yet."""
    return [f for f in batch.sheet.fields if f.required and not any(batch.mapping.get(f.name, {}).values())]


def locked(batch: Batch) -> Batch:
    """The batch as it is now, while it may still be changed."""
    row = Batch.objects.select_for_update().get(pk=batch.pk)
    if row.state in (State.APPLIED, State.UNDONE):
        raise Refused(_("This import is «%(state)s» already.") % {"state": row.get_state_display()})
    return row


def withdraw(group: uuid.UUID, *, by: Person) -> None:
    """Throw an upload away before it is applied."""
    with transaction.atomic(), acting(by, step="withdraw_import"):
        for batch in Batch.objects.open().filter(group=group):
            row = locked(batch)
            row.state = State.UNDONE
            row.save()


def leave_wrong_rows_out(group: uuid.UUID, *, by: Person, leave_out: bool) -> None:
    """Go on without the rows in which something is wrong; they can be mended and brought in later."""
    with transaction.atomic(), acting(by, step="leave_out_rows"):
        for batch in Batch.objects.open().filter(group=group):
            row = locked(batch)
            row.leave_out = leave_out and bool(row.errors)
            row.save()


# ── check and apply ────────────────────────────────────────────────────────────────────────


def in_order(group: uuid.UUID) -> list[Batch]:
    batches = Batch.objects.open().filter(group=group).select_related("file", "uploaded_by")
    return sorted(batches, key=lambda batch: (batch.sheet.order, batch.sheet.rank(batch.mapping), batch.pk))


def silent(at: int, total: int) -> None:
    """Nobody watches."""


def check_group(group: uuid.UUID, *, tell: Tell = silent, begin: Any = None) -> list[Batch]:
    """Try everything in one transaction that is taken back; write down what was found. Nothing else is written."""
    batches = in_order(group)
    ready = [batch for batch in batches if not unmapped(batch)]
    found: dict[int, tuple[Run, bool]] = {}
    try:
        with transaction.atomic():
            for batch in ready:
                if begin:
                    begin(batch)
                by = batch.uploaded_by
                opening = trial_opening(batch) if batch.sheet.is_opening else None
                with acting(by, step=f"import_{batch.kind}"):
                    found[batch.pk] = pass_over(
                        batch, by=opening.applied_by if opening else by, opening=opening, is_trial=True, tell=tell
                    )
            raise TakeBack
    except TakeBack:
        pass
    with transaction.atomic():
        for batch in ready:
            note_findings(batch, *found[batch.pk])
    return batches


def trial_opening(batch: Batch) -> Opening:
    """A take-over for the length of a trial, as if the next best person applied it."""
    others = Person.objects.with_role(*APPLIERS).exclude(pk=batch.uploaded_by_id).order_by("pk")
    second = others.first() or Person.objects.system()
    return Opening.objects.create(
        uploaded_by=batch.uploaded_by, applied_by=second, source=str(batch)[:300], sha256=batch.sha256
    )


def note_findings(batch: Batch, run: Run, opens: bool) -> None:
    wrong = {problem.row for problem in run.problems}
    usable = not run.problems or (batch.leave_out and 0 not in wrong)
    Batch.objects.filter(pk=batch.pk).exclude(state__in=(State.APPLIED, State.UNDONE)).update(
        state=State.CHECKED if usable else State.FAILED,
        errors=[list(asdict(problem).values()) for problem in run.problems[:MOST_KEPT_PROBLEMS]],
        wrong_rows=len(wrong - {0}), rows=run.total, counts=dict(run.counts), is_opening=opens, checked_at=timezone.now(),
    )  # fmt: skip


class Mend(Exception):
    """What was right on trial is wrong now: everything is taken back."""

    def __init__(self, batch: Batch, run: Run, opens: bool) -> None:
        super().__init__(str(batch))
        self.found = batch, run, opens


def apply_group(group: uuid.UUID, *, by: Person, tell: Tell = silent, begin: Any = None) -> list[Batch]:
    """Write all sheets of an upload, all or nothing; a second time it changes nothing."""
    try:
        with transaction.atomic():
            batches = in_order(group)
            for batch in batches:
                if begin:
                    begin(batch)
                apply_one(locked(batch), by=by, tell=tell)
            return batches
    except Mend as mend:
        note_findings(*mend.found)
        raise Refused(
            _("Something has changed since the check. Nothing was applied; look at the rows to mend.")
        ) from mend
    except IntegrityError as error:
        if "batch_file_once" in str(error):
            raise Refused(_("This very file has been applied already. Nothing was changed.")) from error
        raise


def apply_one(batch: Batch, *, by: Person, tell: Tell) -> None:
    may_apply(batch, by)
    opening = None
    if batch.is_opening:
        opening = Opening.objects.create(
            uploaded_by=batch.uploaded_by, applied_by=by, source=str(batch)[:300], sha256=batch.sha256
        )
    with acting(by, step=f"import_{batch.kind}", note=str(batch)):
        run, opens = pass_over(batch, by=by, opening=opening, is_trial=False, tell=tell)
        if opens != batch.is_opening or (run.problems and not (batch.leave_out and all(p.row for p in run.problems))):
            raise Mend(batch, run, opens)
        batch.state, batch.applied_by, batch.applied_at = State.APPLIED, by, timezone.now()
        batch.counts = dict(run.counts)
        batch.save()


def may_apply(batch: Batch, by: Person) -> None:
    """Refuse who may not: what was not checked, another kind's people, and past documents by who uploaded them."""
    if not batch.can_apply:
        raise Refused(_("«%(batch)s» is not checked, or something in it is wrong.") % {"batch": batch})
    if not by.has_role(*batch.sheet.by, *APPLIERS):
        raise Refused(_("Your role may not import «%(kind)s».") % {"kind": batch.title})
    if batch.is_opening and by.pk == batch.uploaded_by_id:
        raise Refused(
            _(
                "Past documents in their final state have no reviews of their own: somebody else must apply what you uploaded."
            )
        )
    if batch.is_opening and not by.has_role(*APPLIERS):
        raise Refused(_("Past documents are applied by finance, a manager or an administrator."))
    if by.pk != batch.uploaded_by_id and not by.has_role(*APPLIERS):
        raise Refused(_("Another's upload is applied by finance, a manager or an administrator."))
