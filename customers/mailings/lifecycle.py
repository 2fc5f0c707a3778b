"""States and steps of a mailing (C9). Messages about one document (C10) have no steps: they are told once, and that is that."""

from django.utils.translation import gettext_lazy as _

from backoffice.documents.lifecycle import Lifecycle, State, Step
from backoffice.people.models import Role

OFFICE = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER)

DRAFT = State("draft", _("Draft"), editable=True, initial=True)
PLANNED = State("planned", _("Leaves at its hour"), tone="waiting", editable=True)
SENDING = State("sending", _("Being sent"), tone="waiting")
SENT = State("sent", _("Sent"), tone="good", final=True)
CANCELLED = State("cancelled", _("Cancelled"), tone="done", final=True)

SEND = Step(
    "send_mailing", _("Send"), (DRAFT, PLANNED), SENDING, OFFICE, or_to=(SENT,), tone="primary", key="F9",
    does=_("Everybody whom the filter finds now gets the letter, but those who want none. It cannot be called back."),
)  # fmt: skip
PLAN = Step(
    "plan_mailing", _("Send later"), (DRAFT,), PLANNED, OFFICE,
    does=_("It leaves by itself at the hour you set, to whom the filter finds then; until then it can be changed and called back."),
)  # fmt: skip
RECALL = Step(
    "recall_mailing", _("Call back"), (PLANNED,), DRAFT, OFFICE, unattended=True,
    does=_("It is a draft again and does not leave by itself."),
)  # fmt: skip
FINISH = Step("finish_mailing", _("All handed over"), (SENDING,), SENT, OFFICE, automatic=True)
CANCEL = Step("cancel_mailing", _("Discard"), (DRAFT, PLANNED), CANCELLED, OFFICE, tone="danger")

MAILING = Lifecycle(
    "mailing", _("Mailing"), "ML", (DRAFT, PLANNED, SENDING, SENT, CANCELLED), (SEND, PLAN, RECALL, FINISH, CANCEL)
)  # fmt: skip
