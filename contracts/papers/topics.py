"""What people are told about papers and formalities (K6, K7)."""

from django.utils.translation import gettext_lazy as _

from backoffice.outbox.models import MailWish
from backoffice.outbox.topics import topic

FORMALITY_NEW = topic(
    "formality_new", _("Formalities given to me"), _("For %(number)s of %(party)s you see through: %(names)s")
)
FORMALITY_DUE = topic(
    "formality_due",
    _("Formalities due"),
    _("«%(name)s» for %(number)s of %(party)s is to be done by %(day)s."),
    MailWish.DAILY,
)
FORMALITY_LATE = topic(
    "formality_late", _("Formalities overdue"), _("«%(name)s» for %(number)s of %(party)s is overdue since %(day)s."),
    MailWish.AT_ONCE,
)  # fmt: skip
