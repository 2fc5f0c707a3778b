"""How far a lead has come (C6): pure data."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.people.models import Role


class Stage(models.TextChoices):
    NEW = "new", pgettext_lazy("lead", "New")
    CONTACTED = "contacted", _("Contacted")
    INTERESTED = "interested", _("Interested")
    NEGOTIATING = "negotiating", _("Negotiating")
    WON = "won", pgettext_lazy("lead", "Won")
    LOST = "lost", pgettext_lazy("lead", "Given up")


UNDERWAY = (Stage.NEW, Stage.CONTACTED, Stage.INTERESTED, Stage.NEGOTIATING)
WORKS = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER)
SEES = (*WORKS, Role.GM)
PUBLISHES = (Role.MANAGER, Role.GM)


def after(stage: str) -> Stage | None:
    """The next stage on the way; nothing after the last."""
    place = UNDERWAY.index(Stage(stage)) if stage in UNDERWAY else len(UNDERWAY)
    return UNDERWAY[place + 1] if place + 1 < len(UNDERWAY) else None
