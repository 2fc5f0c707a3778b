"""What happens when work by itself goes wrong or is over: the foundation's siblings are tied together here, above them."""

from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.jobs.hooks import HOOKS
from backoffice.jobs.models import Work, WorkState
from backoffice.outbox import sending
from backoffice.outbox.models import Message
from backoffice.outbox.notices import notify
from backoffice.outbox.services import queue_mail
from backoffice.outbox.topics import topic
from backoffice.people.models import Person, Role

ALARM = topic("alarm", gettext_lazy("Something needs the administrator"), gettext_lazy("%(subject)s"))
WORK_OVER = topic("work_over", gettext_lazy("Work in the background is over"), gettext_lazy("%(title)s: %(outcome)s"))
TELL_AFTER_SECONDS = 5  # whoever waits in front of it sees it on the page


def register() -> None:
    """Once, when the program is loaded."""
    HOOKS.on_tick.append(sending.wake_if_waiting)
    HOOKS.on_alarm.append(tell_administrators)
    HOOKS.on_work_over.append(tell_owner)
    sending.ON_GIVEN_UP.append(tell_of_dead_mail)


def tell_administrators(key: str, subject: str | Promise, words: str) -> None:
    """In the program and by mail, once for each key."""
    people = Person.objects.with_role(Role.ADMINISTRATOR)
    notify(people, ALARM, url="/status/", subject=subject)
    for person in people:
        queue_mail(ALARM.name, key, to=person, template="alarm", subject=subject, context={"words": words})


def tell_of_dead_mail(message: Message) -> None:
    """In the program; by mail only if it was not itself an alarm, else alarms would breed alarms."""
    words = gettext_lazy("Mail given up: {subject} → {recipient}")
    subject = format_lazy(words, subject=message.subject, recipient=message.recipient)
    if message.topic == ALARM.name:
        notify(Person.objects.with_role(Role.ADMINISTRATOR), ALARM, url="/outbox/", subject=subject)
    else:
        tell_administrators(f"mail:{message.pk}:{message.attempts}", subject, message.error)


def tell_owner(work: Work) -> None:
    """«Your import is done», unless it took only a moment or they stopped it themselves."""
    began = work.started_at or work.created_at
    if work.state == WorkState.CANCELLED or (timezone.now() - began).total_seconds() < TELL_AFTER_SECONDS:
        return
    with translation.override(work.by.language):
        outcome = (work.message or _("done")) if work.state == WorkState.DONE else work.error
    notify(work.by, WORK_OVER, url=f"/works/{work.pk}/", title=work.title, outcome=outcome)
