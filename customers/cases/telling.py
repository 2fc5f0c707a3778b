"""Telling who must know of a case: its new owner, and at the deadline the manager, by mail (C4)."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.audit import acting
from backoffice.outbox.models import MailWish
from backoffice.outbox.notices import notify
from backoffice.outbox.services import queue_mail
from backoffice.outbox.topics import topic
from backoffice.people.models import Person, Role
from customers.cases.models import Case
from customers.cases.selectors import working_days_late

TO_MANAGER, TO_GM = 1, 2
GM_AFTER = 3  # working days past the deadline

CASE_HANDED_ON = topic(
    "case_handed_on", gettext_lazy("Cases handed to me"),
    gettext_lazy("%(number)s %(party)s: «%(subject)s» is yours, to be solved by %(due)s."), mail=MailWish.DAILY,
)  # fmt: skip
CASE_DUE = topic(
    "case_due", gettext_lazy("My cases at their deadline"), gettext_lazy("%(number)s %(party)s: «%(subject)s» was to be solved by %(due)s."),
)  # fmt: skip


@transaction.atomic
def escalate_cases(*, on: datetime.date) -> int:
    """On the deadline the managers who see the customer are told by mail, three working days later the general manager too.

    Each of them gets one mail with all that is new; a case is escalated once to each. How many were.
    """
    reached: dict[int, list[Case]] = defaultdict(list)
    people: dict[int, Person] = {}
    rows = Case.objects.unsolved().filter(due_on__lte=on, escalation__lt=TO_GM).order_by("due_on", "pk")
    with acting(Person.objects.system(), step="escalate_case"):
        for case in rows.select_related("party", "owner", "category").select_for_update(of=("self",)):
            due_on = case.due_on or on
            level = TO_GM if working_days_late(due_on, on) >= GM_AFTER else TO_MANAGER
            if level <= case.escalation:
                continue
            for person in told_of(case, level):
                people[person.pk] = person
                reached[person.pk].append(case)
            if case.escalation < TO_MANAGER:
                notify(case.owner, CASE_DUE, case, subject=case.subject, due=case.due_on)
            case.escalation = level
            case.save(update_fields=["escalation"])
    for pk, cases in reached.items():
        mail_escalation(people[pk], cases, on=on)
    return len({case.pk for cases in reached.values() for case in cases})


def told_of(case: Case, level: int) -> list[Person]:
    """The managers who see the customer, where there is none the general managers; at the second level these."""
    asked = Person.objects.with_role(Role.MANAGER).order_by("pk")
    managers = [person for person in asked if Case.objects.visible_to(person).filter(pk=case.pk).exists()]
    if level == TO_MANAGER and managers:
        return managers
    bosses = list(Person.objects.with_role(Role.GM).order_by("pk"))
    return bosses if case.escalation >= TO_MANAGER else [*managers, *bosses]


def mail_escalation(person: Person, cases: Iterable[Case], *, on: datetime.date) -> None:
    """One mail with every case that has come to its deadline, the longest late first."""
    cases = list(cases)
    only = cases[0] if len(cases) == 1 else None
    rows = [{"case": case, "late": (on - (case.due_on or on)).days} for case in cases]
    with translation.override(person.language):
        subject = _("%(count)s cases have come to their deadline unsolved") % {"count": len(rows)}
    queue_mail(
        "cases_escalated", on.isoformat(), to=person, template="cases_escalated", subject=subject,
        context={"rows": rows, "on": on}, record=only,
    )  # fmt: skip
