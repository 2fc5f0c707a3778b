"""States and steps of a mailing (C9). Messages about one document (C10) have no steps: they are told once, and that is that."""

from django.utils.translation import gettext_lazy as _

from backoffice.documents.lifecycle import Lifecycle, State, Step
from backoffice.people.models import Role

OFFICE = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER)

DRAFT = State("draft", _("Draft"), editable=True, initial=True)
SENDING = State("sending", _("Being sent"), tone="waiting")
SENT = State("sent", _("Sent"), tone="good", final=True)
CANCELLED = State("cancelled", _("Cancelled"), tone="done", final=True)

SEND = Step(
    "send_mailing", _("Send"), (DRAFT,), SENDING, OFFICE, or_to=(SENT,), tone="primary", key="F9",
    does=_("Everybody whom the filter finds now gets the letter, but those who want none. It cannot be called back."),
)  # fmt: skip
FINISH = Step("finish_mailing", _("All handed over"), (SENDING,), SENT, OFFICE, automatic=True)
CANCEL = Step("cancel_mailing", _("Discard"), (DRAFT,), CANCELLED, OFFICE, tone="danger")

MAILING = Lifecycle(
    "mailing", _("Mailing"), "ML", (DRAFT, SENDING, SENT, CANCELLED), (SEND, FINISH, CANCEL)
)  # fmt: skip
