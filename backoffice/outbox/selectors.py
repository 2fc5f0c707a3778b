"""What the frame's bell and the status page ask."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from .models import Message, MessageState, Notification, Preference
from .topics import TOPICS, Topic


@dataclass(frozen=True)
class Bell:
    """How many unread, and the newest few."""

    unread: int
    newest: list[Notification]


def bell(person: Any, *, newest: int = 8) -> Bell:
    """消息: for the frame; two small indexed queries."""
    own = Notification.objects.visible_to(person)
    return Bell(own.unread().count(), list(own.select_related("record")[:newest]))


@dataclass(frozen=True)
class OutboxFigures:
    """The outbox on one line."""

    waiting: int
    dead: int
    oldest_waiting: datetime | None
    sent_today: int

    @property
    def is_stuck(self) -> bool:
        """Something that could go has been waiting for more than ten minutes."""
        return self.oldest_waiting is not None and timezone.now() - self.oldest_waiting > timedelta(minutes=10)


def outbox_figures() -> OutboxFigures:
    """How the outbox stands now."""
    unsent = Message.objects.unsent()
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return OutboxFigures(
        waiting=unsent.count(),
        dead=Message.objects.filter(state=MessageState.DEAD).count(),
        oldest_waiting=unsent.order_by("created_at").values_list("created_at", flat=True).first(),
        sent_today=Message.objects.filter(sent_at__gte=midnight).count(),
    )


def wishes_of(person: Any) -> list[tuple[Topic, str]]:
    """Every topic with the way this person hears of it."""
    chosen = dict(Preference.objects.filter(person=person).values_list("topic", "mail"))
    topics = sorted(TOPICS.values(), key=lambda one: str(one.label))
    return [(one, chosen.get(one.name, one.mail)) for one in topics]


def unread(person: Any) -> QuerySet[Notification]:
    """What the bell counts."""
    return Notification.objects.visible_to(person).unread()
