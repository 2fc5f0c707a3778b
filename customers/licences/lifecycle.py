"""States and steps of a licence (C2): the page to read first."""

from django.utils.translation import gettext_lazy as _

from backoffice.documents.lifecycle import Lifecycle, State, Step
from backoffice.people.models import Role

DRAFT = State("draft", _("Draft"), editable=True, initial=True)
SUBMITTED = State("submitted", _("Submitted"), tone="waiting")
VERIFIED = State("verified", _("Verified"), tone="good")
REPLACED = State("replaced", _("Replaced by a newer one"), tone="done", final=True)
REVOKED = State("revoked", _("Withdrawn by its issuer"), tone="bad", final=True)
CANCELLED = State("cancelled", _("Cancelled"), tone="done", final=True)

OFFICE = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER, Role.FINANCE)
VERIFIES = (Role.ASSISTANT, Role.MANAGER, Role.FINANCE)

SUBMIT = Step("submit_licence", _("Submit"), (DRAFT,), SUBMITTED, OFFICE, submits=True, tone="primary", key="F9")
VERIFY = Step(
    "verify_licence", _("Verify"), (SUBMITTED,), VERIFIED, VERIFIES, reviewed=True, tone="primary",
    does=_("You have compared the scan with what is written here. From now on it counts, and the one before it does not."),
)  # fmt: skip
RETURN = Step("return_licence", _("Return"), (SUBMITTED,), DRAFT, VERIFIES, needs_note=True)
REPLACE = Step("replace_licence", _("Replaced by a newer one"), (VERIFIED,), REPLACED, (), automatic=True)
REVOKE = Step(
    "revoke_licence", _("Withdrawn"), (VERIFIED,), REVOKED, VERIFIES, needs_note=True, tone="danger",
    does=_("It counts no longer from now on; orders that need it are held."),
)  # fmt: skip
CANCEL = Step("cancel_licence", _("Discard"), (DRAFT, SUBMITTED), CANCELLED, OFFICE, tone="danger")

LICENCE = Lifecycle(
    "licence", _("Licence"), "LC", (DRAFT, SUBMITTED, VERIFIED, REPLACED, REVOKED, CANCELLED),
    (SUBMIT, VERIFY, RETURN, REPLACE, REVOKE, CANCEL),
)  # fmt: skip
