"""Puts the rules of documents on every document's table: lifecycle, frozen content, register row, history."""

from django.apps import apps

from backoffice.audit.tracking import BOOKKEEPING
from backoffice.database import Trigger, defaults
from backoffice.database.declare import triggers_from
from backoffice.documents.lines import DocumentLine
from backoffice.documents.models import Document, KnownState, Transition
from backoffice.numbering.models import Series
from backoffice.review.models import Policy


def documents() -> list[type[Document]]:
    """Every kind of document there is."""
    return [model for model in apps.get_models() if issubclass(model, Document)]


@triggers_from
def document_triggers() -> list[Trigger]:
    made = []
    for model in documents():
        table, kind = model._meta.db_table, model.lifecycle.kind
        skip = ",".join((*BOOKKEEPING, "fingerprint"))
        made += [
            Trigger(
                table,
                "guard",
                "BEFORE INSERT OR UPDATE OR DELETE",
                "guard_document",
                (kind, ",".join(model.movable), ",".join(model.party_columns())),
            ),
            Trigger(table, "a_register", "AFTER INSERT OR UPDATE OR DELETE", "register_document", (kind,)),
            Trigger(table, "audit", "AFTER INSERT OR UPDATE OR DELETE", "audit_row", ("id", "party_id", skip)),
        ]
    return made


@triggers_from
def line_triggers() -> list[Trigger]:
    made = []
    for model in apps.get_models():
        if issubclass(model, DocumentLine):
            table, column = model._meta.db_table, model._meta.get_field(model.document_field).column
            counters = ",".join(model.COUNTERS)
            made += [
                Trigger(table, "freeze", "BEFORE INSERT OR UPDATE OR DELETE", "freeze_line", (column, counters)),
                Trigger(table, "audit", "AFTER UPDATE OR DELETE", "audit_row", (column, "", ",".join(model.UNTOLD))),
            ]
    return made


@defaults
def lay_down_lifecycles() -> None:
    """The lifecycles as rows, for the triggers; number series and review policies where there are none yet."""
    Transition.objects.all().delete()
    KnownState.objects.all().delete()
    for model in documents():
        cycle = model.lifecycle
        KnownState.objects.bulk_create(
            KnownState(kind=cycle.kind, state=s.name, is_editable=s.editable, is_initial=s.initial)
            for s in cycle.states
        )
        Transition.objects.bulk_create(
            Transition(
                kind=cycle.kind, step=step.name, source=source.name, target=target.name, is_reviewed=step.reviewed
            )
            for step in cycle.steps
            for source in step.sources
            for target in step.targets
            if source != target
        )
        Series.objects.get_or_create(kind=cycle.kind, defaults={"prefix": cycle.prefix})
        for step in cycle.reviewed():
            if not Policy.objects.filter(step=step.name).exists():
                Policy.objects.bulk_create(
                    Policy(step=step.name, amount_from=start, needed=needed, roles=list(step.by))
                    for start, needed in step.policy
                )
