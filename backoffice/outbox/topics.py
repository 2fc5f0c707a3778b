"""What people can be told about: each topic declared once, in words, with the way it is told by default."""

from dataclasses import dataclass

from django.utils.functional import Promise

from .models import MailWish

Words = str | Promise


@dataclass(frozen=True)
class Topic:
    """`label` names it on the page of preferences; `line` is what is said, with %(number)s, %(party)s, %(by)s and what is given."""

    name: str
    label: Words
    line: Words
    mail: str = MailWish.NEVER


TOPICS: dict[str, Topic] = {}


def topic(name: str, label: Words, line: Words, mail: str = MailWish.NEVER) -> Topic:
    """Declare a topic (in the module of the services that tell of it)."""
    TOPICS[name] = Topic(name, label, line, mail)
    return TOPICS[name]
