"""The rhythm of calls 回访计划 (C3): set by the manager, overruled by customers, and turned into due calls every night."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.audit.changes import check_unchanged
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.refusals import Refused
from customers.models import Customer
from customers.visits.lifecycle import CALLS, LEADS
from customers.visits.models import Rhythm, Visit, Way, Wish
from customers.visits.selectors.callers import Callers
from customers.visits.selectors.figures import last_talks
from customers.visits.selectors.rhythms import Rhythms, Turn, WorkingDays

BATCH = 1000
SPREAD = 5  # what is long overdue when it is first planned is spread over so many working days
ONE_DAY = datetime.timedelta(days=1)


def save_rhythms(wanted: Mapping[tuple[str, str], tuple[int | None, str]], *, by: Person) -> int:
    """Set days and doer of (grade, way); from the next night on the plan follows. How many differ."""
    if not by.has_role(*LEADS):
        raise Refused(_("Only a manager sets how often customers are called."), code="role")
    changed = 0
    with transaction.atomic(), acting(by, step="save_rhythms"):
        for row in Rhythm.objects.select_for_update().order_by("pk"):
            days, doer = wanted.get((row.grade, row.way), (row.days, row.by))
            if (row.days, row.by) != (days, doer):
                row.days, row.by, changed = days, doer, changed + 1
                row.save(update_fields=["days", "by"])
    return changed


def save_wish(
    party: Party, *, by: Person, way: str, days: int | None, best_time: str = "", reason: str = "", version: int | None = None
) -> Wish:  # fmt: skip
    """What this customer agreed with us; without days they are not called by themselves, with the reason why."""
    if not by.has_role(*CALLS):
        raise Refused(_("Your role does not call customers."), code="role")
    if days is None and not reason.strip():
        raise Refused(_("Say why this customer is not to be called."), code="reason", field="reason")
    with transaction.atomic(), acting(by, step="save_wish"):
        seen = Party.objects.visible_to(by).select_for_update(of=("self",)).get(pk=party.pk)
        wish = Wish.objects.filter(party=seen, way=way).first()
        if wish is not None:
            check_unchanged(wish, version)
        wish = wish or Wish(party=seen, way=way)
        wish.days, wish.best_time, wish.reason = days, best_time.strip(), reason.strip()
        wish.save()
        customers = list(Customer.objects.filter(party=seen).select_related("party"))
        Planner(customers).plan()
    return wish


# ── every night ────────────────────────────────────────────────────────────────────────────
@dataclass(slots=True)
class Planned:
    """What a night changed."""

    made: int = 0
    moved: int = 0
    dropped: int = 0
    handed: int = 0


def plan_rhythms(*, on: datetime.date, by: Person) -> Planned:
    """Every active customer has the next call and visit of their rhythm; what nobody can make any more goes to who can.

    Running it again changes nothing. Customers nobody ever called are spread over their rhythm, so that a new archive
    is no flood of calls.
    """
    with transaction.atomic(), acting(by, step="plan_rhythms"):
        customers = Customer.objects.filter(party__is_active=True).select_related("party").order_by("pk")
        planner = Planner(list(customers), on=on)
        planner.plan()
        planner.done.handed = hand_on(planner.callers)
        planner.done.dropped += let_go_inactive()
    return planner.done


@dataclass
class Planner:
    """The open visits of some customers brought into line with their rhythms."""

    customers: list[Customer]
    on: datetime.date = field(default_factory=timezone.localdate)
    done: Planned = field(default_factory=Planned)
    callers: Callers = field(default_factory=Callers)
    days: WorkingDays = field(init=False)

    def __post_init__(self) -> None:
        self.days = WorkingDays(self.on)

    def plan(self) -> None:
        keys = [customer.pk for customer in self.customers]
        rhythms, last = Rhythms(keys), last_talks(keys)
        rows = Visit.objects.planned().filter(party__in=keys, plan=None).select_for_update()
        open_now = {(row.party_id, row.way): row for row in rows.order_by("pk")}
        new: list[Visit] = []
        moved: list[Visit] = []
        dropped: list[Visit] = []
        for customer in self.customers:
            for way in Way:
                turn, visit = rhythms.of(customer, way), open_now.get((customer.pk, way))
                if visit is None and turn:
                    new += self.first_of(customer, way, turn, last.get((customer.pk, way)))
                elif visit and visit.source == Visit.Source.RHYTHM and not turn:
                    dropped.append(visit)
                elif visit and visit.source == Visit.Source.RHYTHM and visit.every != turn.days:
                    moved.append(self.moved(visit, turn))
        self.write(new, moved, dropped)

    def first_of(self, customer: Customer, way: str, turn: Turn, last: datetime.date | None) -> Iterable[Visit]:
        """The next visit: so many days after the last talk; where there was none, somewhere within the first turn."""
        person = self.callers.of(customer, turn.by)
        if person is None:
            return
        spread = datetime.timedelta(days=customer.pk % (turn.days if last is None else SPREAD))
        counted_from = last or self.on
        due = last + datetime.timedelta(days=turn.days) if last else self.on + ONE_DAY + spread
        due = due if due > self.on else self.on + spread
        yield Visit(
            party=customer.party, way=way, source=Visit.Source.RHYTHM, person=person, due_on=self.days.at_or_after(due),
            counted_from=counted_from, every=turn.days,
        )  # fmt: skip

    def moved(self, visit: Visit, turn: Turn) -> Visit:
        counted_from = visit.counted_from or self.on
        due = max(counted_from + datetime.timedelta(days=turn.days), self.on)
        visit.due_on, visit.every = self.days.at_or_after(due), turn.days
        return visit

    def write(self, new: list[Visit], moved: list[Visit], dropped: list[Visit]) -> None:
        Visit.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
        Visit.objects.bulk_update(moved, ["due_on", "every"], batch_size=BATCH)
        for visit in dropped:
            visit.state, visit.reason = Visit.State.DROPPED, _("The rhythm has no such call any more.")
        Visit.objects.bulk_update(dropped, ["state", "reason"], batch_size=BATCH)
        self.done.made, self.done.moved, self.done.dropped = len(new), len(moved), len(dropped)


def hand_on(callers: Callers) -> int:
    """Planned visits of who left, or may no longer see the customer, go to who serves them now. How many."""
    handed = []
    for person in Person.objects.filter(visits__state=Visit.State.PLANNED).distinct():
        mine = Visit.objects.planned().filter(person=person).select_related("party__customer")
        if person.is_active:
            mine = mine.exclude(party__in=Party.objects.visible_to(person))
        for visit in mine.select_for_update(of=("self",)).order_by("pk"):
            by = Rhythm.By.ASSISTANT if visit.way == Way.CALL else Rhythm.By.SALESPERSON
            successor = callers.of(visit.party.customer, by)
            if successor is not None and successor != person:
                visit.person = successor
                handed.append(visit)
    Visit.objects.bulk_update(handed, ["person"], batch_size=BATCH)
    return len(handed)


def let_go_inactive() -> int:
    """Nobody calls a customer who is no longer active."""
    idle = Visit.objects.planned().filter(party__is_active=False)
    return idle.update(state=Visit.State.DROPPED, reason=_("The customer is no longer active."))
