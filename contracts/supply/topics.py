"""What people are told about supply (K8)."""

from django.utils.translation import gettext_lazy as _

from backoffice.outbox.models import MailWish
from backoffice.outbox.topics import topic

ASKED = topic(
    "supply_asked", _("Supply asked for"), _("%(by)s asks for supply: %(number)s for %(party)s."), MailWish.DAILY
)
PROMISED = topic("supply_promised", _("Supply promised in time"), _("%(number)s for %(party)s is promised in time."))
LATE = topic(
    "supply_late",
    _("Supply promised later or less than wanted"),
    _("%(number)s for %(party)s is promised later, or less of it, than you asked for."),
    MailWish.DAILY,
)
SUPPLIED = topic("supply_supplied", _("Goods asked for are there"), _("Goods of %(number)s for %(party)s are there."))
ASKED_BACK = topic("supply_asked_back", _("Supply request asked back"), _("%(by)s asks about %(number)s: %(note)s"))
REFUSED = topic(
    "supply_refused", _("Supply refused"), _("%(number)s for %(party)s is refused: %(note)s"), MailWish.DAILY
)
GIVEN_UP = topic("supply_given_up", _("Supply not wanted any more"), _("%(number)s for %(party)s is given up."))
