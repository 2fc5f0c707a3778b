"""What people are told about licences (C2)."""

from django.utils.translation import gettext_lazy as _

from backoffice.outbox.models import MailWish
from backoffice.outbox.topics import topic

LAPSES = topic(
    "licence_lapses", _("Licences about to lapse"),
    _("%(kind)s of %(party)s lapses on %(day)s, in %(left)s days. Ask for the new one."), MailWish.DAILY,
)  # fmt: skip
LAPSED = topic(
    "licence_lapsed", _("Licences lapsed"), _("%(kind)s of %(party)s lapsed on %(day)s. Orders that need it are held."),
    MailWish.AT_ONCE,
)  # fmt: skip
RETURNED = topic("licence_returned", _("Licences returned"), _("%(by)s returned %(kind)s of %(party)s: %(reason)s"))
REVOKED = topic(
    "licence_revoked", _("Licences withdrawn"), _("%(kind)s of %(party)s was withdrawn by its issuer: %(reason)s"),
    MailWish.DAILY,
)  # fmt: skip
