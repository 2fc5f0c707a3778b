"""Two customers become one 客户合并 (C1, X26): both shown, field by field picked, agreed to by a second person, nothing lost."""

import datetime
from collections.abc import Mapping

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.documents.editing import editing
from backoffice.documents.gate import guards, performs
from backoffice.ledger.services.carrying import carry_over
from backoffice.numbering.services import next_number
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.refusals import Refused
from customers import lifecycle
from customers.comparing import picked, sides
from customers.models import Customer, CustomerChange, CustomerMerge, Duplicate, HandOver
from customers.moving import move_rows


def request_merge(
    kept: Customer, merged: Customer, *, by: Person, picks: Mapping[str, str], reason: str, merge: CustomerMerge | None = None,
    version: int | None = None,
) -> CustomerMerge:  # fmt: skip
    """Write down that `merged` is to go into `kept`, and which fields it gives, as a draft that is then submitted."""
    check_mergeable(kept, merged, by=by)
    kept, merged = as_they_stand(kept.pk, merged.pk)
    document = merge or CustomerMerge(party=kept.party, merged=merged.party, dated_on=timezone.localdate())
    try:
        with transaction.atomic(), editing(document, by=by, version=version) as writing:
            writing.salesperson, writing.reason = kept.party.owner, reason
            writing.changes = picked(picks, sides(kept, merged))
    except IntegrityError as error:
        raise Refused(_("These customers are being merged already."), code="open") from error
    return writing


def check_mergeable(kept: Customer, merged: Customer, *, by: Person) -> None:
    """Why these two cannot become one, in words."""
    parties = Party.objects.visible_to(by).filter(pk__in=[kept.pk, merged.pk])
    if kept.pk == merged.pk or len(parties) != 2:
        raise Refused(_("Choose two different customers, both of whom you may see."), code="two")
    if kept.party.merged_into_id or merged.party.merged_into_id:
        raise Refused(_("One of them was merged into another already."), code="merged")
    if merged.party.is_supplier or merged.party.is_carrier:
        words = _("%(name)s is a supplier or carrier too: merge the other way round, so that it stays.")
        raise Refused(words % {"name": merged.party}, code="roles")
    if CustomerChange.objects.in_state("draft", "submitted").filter(party__in=[kept.pk, merged.pk]).exists():
        raise Refused(_("A change of billing data or credit waits for one of them: decide it first."), code="change")


@guards(lifecycle.SUBMIT_MERGE.name, lifecycle.MERGE.name)
def may_still_merge(merge: CustomerMerge, *, by: Person) -> None:
    """Both are as they were shown, and nothing stands in the way."""
    kept, merged = as_they_stand(merge.party_id, merge.merged_id)
    check_mergeable(kept, merged, by=by)
    now = {side.key: side.kept for side in sides(kept, merged)}
    labels = {side.key: side.label for side in sides(kept, merged)}
    moved = [labels[key] for key, (before, _after) in merge.changes.items() if (now[key] or "") != (before or "")]
    if moved:
        raise Refused(
            _("Changed meanwhile: %(fields)s. Open the request again.") % {"fields": ", ".join(moved)}, code="moved"
        )


def as_they_stand(*ids: int) -> list[Customer]:
    """Customers with what is compared of them, in this order."""
    rows = Customer.objects.select_related("party__owner", "party__region", "term").in_bulk(ids)
    return [rows[pk] for pk in ids]


@performs(lifecycle.SUBMIT_MERGE)
def submit_customer_merge(merge: CustomerMerge, *, by: Person) -> None:
    """Hand it to somebody who may agree."""


@performs(lifecycle.MERGE)
def merge_customers(merge: CustomerMerge, *, by: Person) -> None:
    """The one takes what was picked, then everything of the other goes over: documents, notes, files, what is open in the books. C1"""
    ids = [merge.party_id, merge.merged_id]
    parties = {
        party.pk: party for party in Party.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
    }
    customers = {
        one.pk: one for one in Customer.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
    }
    kept, merged, today = parties[merge.party_id], parties[merge.merged_id], timezone.localdate()
    take_fields(merge, kept, customers[kept.pk], merged)
    close_file(merged, kept, today)
    moved = move_rows(merged, kept)
    carried = carry_over([merged], on=today, by=by, record=merge.pk)
    merge.moved = moved.counts | ({"ledger.item": len(carried)} if carried else {})
    merge.collisions = moved.collisions
    merge.number = next_number(merge.kind, on=today)


def take_fields(merge: CustomerMerge, party: Party, customer: Customer, merged: Party) -> None:
    """Put the picked values into the archive; who looked for the other finds this one."""
    for key, (_before, after) in merge.changes.items():
        part, _dot, attname = key.partition(".")
        row: models.Model = party if part == "party" else customer
        column = next(field for field in row._meta.concrete_fields if field.attname == attname)
        target = column.target_field if column.is_relation else column  # type: ignore[attr-defined]
        setattr(row, attname, "" if after is None and not column.null else target.to_python(after))
    known = (party.formerly, merged.code, merged.name, merged.short_name, merged.formerly)
    party.formerly = " ".join(dict.fromkeys(text for text in known if text))[:600]
    party.fill_search()
    party.version += 1
    party.save()
    customer.save()


def close_file(merged: Party, kept: Party, today: datetime.date) -> None:
    """The other is used no more and leads to the one; whoever may see the one may see what stays written of the other."""
    merged.merged_into, merged.is_active = kept, False
    merged.owner_id, merged.region_id = kept.owner_id, kept.region_id
    merged.version += 1
    merged.save()
    HandOver.objects.filter(party=merged).waiting().update(cancelled_at=timezone.now())


@performs(lifecycle.RETURN_MERGE)
def return_customer_merge(merge: CustomerMerge, *, by: Person) -> None:
    """Back to its author, with a reason."""


@performs(lifecycle.CANCEL_MERGE)
def cancel_customer_merge(merge: CustomerMerge, *, by: Person) -> None:
    """Withdrawn: both stay."""


def dismiss_duplicate(pair: Duplicate, *, by: Person, note: str = "") -> Duplicate:
    """They are two; the pair is not shown again."""
    with transaction.atomic(), acting(by, step="dismiss_duplicate", note=note):
        locked = Duplicate.objects.visible_to(by).select_for_update(of=("self",)).get(pk=pair.pk)
        if locked.dismissed_at is None:
            locked.dismissed_at, locked.dismissed_by, locked.note = timezone.now(), by, note[:300]
            locked.save(update_fields=["dismissed_at", "dismissed_by", "note"])
        return locked
