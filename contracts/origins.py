"""What a contract can be drafted from: documents of parts, whose kinds tell of themselves with `@begins_contract` (K1).

The contract keeps its origin by the register, so that the ground knows none of its parts.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from backoffice.documents.kinds import label_of
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from backoffice.register.models import Record


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a contract takes over: values of its head by their names, and lines of goods as they stand there."""

    head: Mapping[str, Any]
    lines: Iterable[Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """In which states documents of a kind may begin a contract, which roles see them, and how one is read."""

    states: tuple[str, ...]
    roles: tuple[Role, ...]
    read: Callable[[int], Beginning]


KINDS: dict[str, Kind] = {}
Reader = Callable[[int], Beginning]


def begins_contract(kind: str, *, states: tuple[str, ...], roles: tuple[Role, ...]) -> Callable[[Reader], Reader]:
    """Register a function `(id) -> Beginning` of the documents of a kind."""

    def register(read: Reader) -> Reader:
        KINDS[kind] = Kind(states, roles, read)
        return read

    return register


def kinds_for(person: Person) -> list[str]:
    """The kinds of documents from which this person may begin a contract; whoever only buys has none."""
    return [name for name, kind in KINDS.items() if person.has_role(*kind.roles)]


def origins(person: Person) -> QuerySet[Record]:
    """The documents of these kinds that this person sees, in whatever state."""
    return Record.objects.visible_to(person).filter(kind__in=kinds_for(person), number__isnull=False)


def ready(rows: QuerySet[Record]) -> QuerySet[Record]:
    """Those that may begin a contract now."""
    wanted = Q(pk__in=[])
    for name, kind in KINDS.items():
        wanted |= Q(kind=name, state__in=kind.states)
    return rows.filter(wanted)


def beginning_of(record: Record) -> Beginning:
    return KINDS[record.kind].read(record.pk)


def check_origin(record: Record, *, party_id: int, is_new: bool) -> None:
    """Of the same customer; and where the contract begins from it only now, in a state in which it may."""
    where = {"document": f"{label_of(record.kind)} {record}"}
    if record.party_id != party_id:
        raise Refused(_("%(document)s is another customer's.") % where, field="origin")
    if is_new and not ready(Record.objects.filter(pk=record.pk)).exists():
        raise Refused(_("%(document)s does not hold any more: no contract is drafted from it.") % where, field="origin")
