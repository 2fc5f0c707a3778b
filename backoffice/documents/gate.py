"""The one gate for steps. Page, bulk action, import, job and shell all come through here.

restrict rows → lock and re-read → version, state, role, note → lock what else the step touches → business guards → authorship → record the
review → when enough have agreed: effect, new state, handlers, history, all in one transaction.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.audit.models import Event
from backoffice.documents.fingerprints import fingerprint as fingerprint_of
from backoffice.documents.lifecycle import State, Step
from backoffice.documents.models import Document
from backoffice.people.models import Person
from backoffice.refusals import Refused, Stale
from backoffice.review import services as review

D = TypeVar("D", bound=Document)
Effect = Callable[..., Any]
Guard = Callable[..., None]
Locks = Callable[[Any], None]

GATES: dict[str, Effect] = {}
GUARDS: dict[str, list[Guard]] = defaultdict(list)
HANDLERS: dict[str, list[Effect]] = defaultdict(list)


def performs(step: Step, *, locks: Locks | None = None) -> Callable[[Effect], Effect]:
    """Make a function the effect of a step, and put the gate before it.

    `locks` locks what else the step reads to decide or writes, so that the guards judge what stays as it is. The effect gets the locked document and does what the step means; it may return another of the step's
    states. What it raises undoes everything. The gate's own arguments: `by` (who), `note`, `version` and
    `fingerprint` (what they saw); others go to the effect. Returns the document as it now stands.
    """

    def decorate(effect: Effect) -> Effect:
        @wraps(effect)
        def gate(document: D, *, by: Person, note: str = "", version: int | None = None,
                 fingerprint: str | None = None, **wanted: Any) -> D:  # fmt: skip
            with transaction.atomic(), acting(by, step=step.name, note=note):
                locked = lock(document, by=by)
                check_seen(locked, version=version, fingerprint=fingerprint)
                check_allowed(step, locked, by=by, note=note)
                if locks:
                    locks(locked)
                check_guards(step, locked, by=by)
                if step.reviewed and not review.agree(
                    locked, step.name, by=by, note=note, content=fingerprint_of(locked)
                ):
                    return locked
                take_effect(step, effect, locked, by=by, note=note, **wanted)
                return locked

        GATES[step.name] = gate
        return gate

    return decorate


def lock(document: D, *, by: Person) -> D:
    """The row as it is now, locked, with its party and salesperson; not visible is not found."""
    document.lock_before()
    rows = type(document)._default_manager.visible_to(by).select_related("party", "salesperson")
    rows = rows.select_for_update(of=("self",))
    return cast(D, rows.get(pk=document.pk))


def check_seen(document: Document, *, version: int | None, fingerprint: str | None) -> None:
    """Refuse who acts on something older than what stands here now."""
    if (version is not None and version != document.version) or (fingerprint and fingerprint != document.fingerprint):
        changes = Event.objects.filter(record_id=document.pk).select_related("person")[:8]
        raise Stale(
            _("This document was changed after you opened it. Look at what changed, then decide again."),
            changes=changes,
        )


def check_allowed(step: Step, document: Document, *, by: Person, note: str) -> None:
    if document.get_state() not in step.sources:
        raise Refused(
            _("«%(step)s» is not possible: the document is «%(state)s».")
            % {"step": step.label, "state": document.get_state_display()},
            code="state",
        )
    if not by.has_role(*step.by) and not ((step.automatic or step.unattended) and by.is_system):
        raise Refused(_("Your role may not do this: «%(step)s».") % {"step": step.label}, code="role")
    if step.needs_note and not note.strip():
        raise Refused(_("Please give a reason."), code="note", field="note")


def check_guards(step: Step, document: Document, *, by: Person) -> None:
    for guard in GUARDS[step.name]:
        guard(document, by=by)


def take_effect(step: Step, effect: Effect, document: Document, *, by: Person, note: str, **wanted: Any) -> None:
    chosen = effect(document, by=by, **({"note": note} if "note" in effect.__code__.co_varnames else {}), **wanted)
    target = chosen if isinstance(chosen, State) else step.target
    if target not in step.targets:
        raise ValueError(f"{step.name} cannot lead to {target}")
    if step.submits:
        review.submit(document, by=by, steps=[s.name for s in document.lifecycle.reviewed()])
        document.submitted_by, document.submitted_at = by, timezone.now()
    if target.editable and not document.get_state().editable:
        document.round += 1
        document.fingerprint = ""
    document.state = target.name
    document.version += 1
    document.changed_at = timezone.now()
    if step.submits:  # what now stands here is what reviews will belong to
        document.fingerprint = fingerprint_of(document)
    document.save()
    for handle in HANDLERS[step.name]:
        handle(document, by=by)


def freeze(document: Document) -> None:
    """Take the fingerprint of a content that is fixed without being handed in; reviews belong to it."""
    document.fingerprint = fingerprint_of(document)
    type(document)._default_manager.filter(pk=document.pk).update(fingerprint=document.fingerprint)


def guards(*steps: str) -> Callable[[Guard], Guard]:
    """A business gate before steps: a function `(document, *, by)` that raises `Refused` and writes nothing."""

    def decorate(guard: Guard) -> Guard:
        for step in steps:
            GUARDS[step].append(guard)
        return guard

    return decorate


def after(*steps: str) -> Callable[[Effect], Effect]:
    """What a higher app does after a lower app's step, in the same transaction: a function `(document, *, by)`."""

    def decorate(handler: Effect) -> Effect:
        for step in steps:
            HANDLERS[step].append(handler)
        return handler

    return decorate
