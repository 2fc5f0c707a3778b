"""Telling people inside the program, and by mail as each of them wishes."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from backoffice.people.models import Person
from backoffice.register.models import Record

from .models import MailWish, Notification, Preference
from .services import queue_mail
from .topics import TOPICS, Topic


def notify(
    to: Any,
    topic: "str | Topic",
    record: Any = None,
    *,
    by: "Person | None" = None,
    url: str = "",
    key: str = "",
    **context: Any,
) -> int:
    """Tell `to` (a person, a role, or several of either) one line about `record` (or any document); how many were told.

    Whoever acted is not told of their own act, and whoever may not see the document is not told of it. With a `key` nobody
    is told the same twice: «this licence, 30 days before».
    """
    told = TOPICS[topic] if isinstance(topic, str) else topic
    people = [person for person in people_of(to) if by is None or person.pk != by.pk]
    if key:
        knows = set(Notification.objects.filter(topic=told.name, key=key).values_list("person", flat=True))
        people = [person for person in people if person.pk not in knows]
    row, people = _who_may_know(record, people)
    wishes = dict(Preference.objects.filter(person__in=people, topic=told.name).values_list("person_id", "mail"))
    words = _words(record, row) | {"by": by or "", **context}
    notices = [
        Notification(
            person=person, topic=told.name, key=key, text=_line(told, person, words), record=row,
            url=url, mail=wishes.get(person.pk, told.mail),
        )
        for person in people
    ]  # fmt: skip
    Notification.objects.bulk_create(notices)
    for notice in notices:
        if notice.mail == MailWish.AT_ONCE:
            _mail([notice])
    return len(notices)


def told_already(topics: Iterable[Topic], keys: Iterable[str]) -> set[str]:
    """Which of these keys somebody was told of: what a daily warning passes over."""
    rows = Notification.objects.filter(topic__in=[topic.name for topic in topics], key__in=list(keys))
    return set(rows.values_list("key", flat=True))


def people_of(to: Any) -> list[Person]:
    """The active people meant, each once, in a fixed order."""
    wanted: dict[int, Person] = {}
    meant = list(_flat(to))
    for one in meant:
        if isinstance(one, Person):
            wanted[one.pk] = one
    if roles := [str(one) for one in meant if not isinstance(one, Person)]:
        wanted.update({person.pk: person for person in Person.objects.filter(roles__overlap=roles)})
    return [wanted[pk] for pk in sorted(wanted) if wanted[pk].is_active]


def mark_read(person: Person, *, only: "Iterable[Any] | None" = None) -> int:
    """Read, all or those of the given ids."""
    unread = Notification.objects.visible_to(person).unread()
    return (unread if only is None else unread.filter(pk__in=only)).update(read_at=timezone.now())


def choose_mail(person: Person, wishes: Mapping[str, str]) -> None:
    """How this person wants to hear of each topic; unknown topics are left out."""
    for name, wish in wishes.items():
        if name in TOPICS:
            Preference.objects.update_or_create(person=person, topic=name, defaults={"mail": wish})


def mail_digests(up_to: datetime) -> int:
    """One mail a day to everybody who wishes so, with what they have not read in the program; how many mails."""
    waiting = Notification.objects.filter(mail=MailWish.DAILY, mailed_at__isnull=True, created_at__lte=up_to)
    by_person: dict[int, list[Notification]] = {}
    for notice in waiting.unread().select_related("person").order_by("created_at"):
        by_person.setdefault(notice.person_id, []).append(notice)
    for notices in by_person.values():
        _mail(notices)
    waiting.update(mailed_at=up_to)
    return len(by_person)


def _mail(notices: list[Notification]) -> None:
    first = notices[0]
    one = len(notices) == 1
    queue_mail(
        "notice", str(first.pk), to=first.person, template="notice", record=first.record_id if one else None,
        subject=first.text if one else _("%(count)s messages for you") % {"count": len(notices)},
        context={"notices": notices},
    )  # fmt: skip
    Notification.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=timezone.now())


def _flat(to: Any) -> Iterable[Any]:
    if isinstance(to, Person | str):
        return [to]
    return list(to)


def _who_may_know(record: Any, people: list[Person]) -> "tuple[Record | None, list[Person]]":
    """The register row of what is told, and of these people those who see it: one statement for all of them."""
    if record is None or not people:
        return None, people
    asked = [person for person in people if not person.sees_everything]
    itself = Record.objects.filter(pk=OuterRef("pk"))
    sees = {f"known_to_{person.pk}": Exists(itself.visible_to(person)) for person in asked}
    row = Record.objects.filter(pk=record.pk).annotate(**sees).first()
    if row is None:
        return None, people
    return row, [person for person in people if getattr(row, f"known_to_{person.pk}", True)]


def _words(record: Any, row: "Record | None") -> dict[str, Any]:
    """Number and party: of the document as it is in hand, whose row is written only when its step is through."""
    return {name: getattr(record, name, None) or getattr(row, name, None) or "" for name in ("number", "party")}


def _line(told: Topic, person: Person, words: dict[str, Any]) -> str:
    with translation.override(person.language):
        return (str(told.line) % {name: str(value) for name, value in words.items()})[:300]


def tidy_notices(kept: timedelta = timedelta(days=180)) -> None:
    """What was read long ago is thrown away."""
    Notification.objects.filter(read_at__lt=timezone.now() - kept).delete()
