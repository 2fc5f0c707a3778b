"""One act on many rows: each through the same gate as a single one, each in its own transaction, each with its answer. X16"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.documents.gate import GATES
from backoffice.lists.declared import List
from backoffice.refusals import Refused

MOST = 500


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to each chosen row: a step of its lifecycle, or `run(row, by=…, note=…)` of the app's own."""

    name: str
    label: Any
    by: tuple[str, ...]
    run: Callable[..., Any]
    needs_note: bool = False
    tone: str = "quiet"


@dataclass(frozen=True, slots=True)
class Outcome:
    label: str
    href: str
    done: bool
    reason: str


def acts(shown: List) -> list[Act]:
    """The acts of this list that the person's role admits."""
    found = (act if isinstance(act, Act) else of_step(shown, act) for act in shown.bulk)
    return [act for act in found if shown.may(act.by)]


def of_step(shown: List, name: str) -> Act:
    step = shown.model.lifecycle.by_name[name]  # type: ignore[union-attr]
    return Act(step.name, step.label, tuple(step.by), GATES[name], step.needs_note, step.tone)


def chosen(shown: List, ids: Sequence[str], *, everything: bool, most: int = MOST) -> list[Any]:
    """The rows meant: those ticked, or all of the filter as it stands now; never one the person may not see."""
    rows = shown.ordered
    if not everything:
        if not all(pk.isascii() and pk.isdigit() and len(pk) < 19 for pk in ids):
            raise Refused(_("These rows cannot be found any more."))
        rows = rows.filter(pk__in=[int(pk) for pk in ids])
    found = list(rows[: most + 1])
    if len(found) > most:
        raise Refused(gettext("At most %(most)d rows at once: narrow the filter first.") % {"most": most})
    if not found:
        raise Refused(_("Choose at least one row."))
    return found


def run(act: Act, shown: List, rows: Sequence[Any], *, note: str = "") -> list[Outcome]:
    """Take the act row by row; what one row refuses does not undo the others."""
    if act.needs_note and not note.strip():
        raise Refused(_("Please give a reason."), field="note")
    return [one(act, shown, row, note) for row in rows]


def one(act: Act, shown: List, row: Any, note: str) -> Outcome:
    label, href = str(row), shown.href(row)
    try:
        with transaction.atomic():
            act.run(row, by=shown.person, note=note)
    except Refused as refusal:
        return Outcome(label, href, False, str(refusal))
    except ObjectDoesNotExist:
        return Outcome(label, href, False, gettext("It is not there any more, or not yours to see."))
    return Outcome(label, href, True, gettext("done"))
