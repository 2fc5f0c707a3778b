"""States and steps of a paper that goes along with goods (K6)."""

from django.utils.translation import gettext_lazy as _

from backoffice.documents.lifecycle import Lifecycle, State, Step
from backoffice.people.models import Role

DRAFT = State("draft", _("Draft"), editable=True, initial=True)
ISSUED = State("issued", _("Issued"), tone="good")
VOID = State("void", _("Void"), tone="bad", final=True)
CANCELLED = State("cancelled", _("Cancelled"), tone="done", final=True)

MAKES = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER, Role.WAREHOUSE, Role.PURCHASING)
VOIDS = (Role.ASSISTANT, Role.MANAGER, Role.WAREHOUSE)

ISSUE = Step(
    "issue_paper", _("Issue"), (DRAFT,), ISSUED, MAKES, tone="primary", key="F9",
    does=_("It gets its number and does not change any more; goods that wait for it may leave."),
)  # fmt: skip
VOIDING = Step(
    "void_paper", _("Declare void"), (ISSUED,), VOID, VOIDS, needs_note=True, tone="danger",
    does=_("It keeps its number and counts no longer; goods that need it wait for another one."),
)  # fmt: skip
CANCEL = Step("cancel_paper", _("Discard"), (DRAFT,), CANCELLED, MAKES, tone="danger")

PAPER = Lifecycle("paper", _("Paper to go along"), "PA", (DRAFT, ISSUED, VOID, CANCELLED), (ISSUE, VOIDING, CANCEL))
