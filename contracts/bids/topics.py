"""What people are told about bids."""

from django.utils.translation import gettext_lazy as _

from backoffice.outbox.models import MailWish
from backoffice.outbox.topics import topic

DECIDED = topic("bid_decided", _("Bids to decide, and decided"), _("%(number)s %(party)s: %(what)s"))
DEPOSIT = topic(
    "bid_deposit",
    _("Deposits of bids"),
    _("%(number)s of %(party)s needs its deposit of %(amount)s by %(day)s"),
    mail=MailWish.AT_ONCE,
)
DEADLINE = topic(
    "bid_deadline",
    _("Deadlines of bids"),
    _("%(title)s for %(party)s: %(days)s days left, %(missing)s documents missing"),
    mail=MailWish.AT_ONCE,
)
PAPER = topic(
    "bid_paper",
    _("Documents of bids that are due"),
    _("%(title)s for %(party)s: «%(name)s» is to be ready by %(day)s"),
    mail=MailWish.DAILY,
)
OPENING = topic(
    "bid_opening",
    _("Openings of bids"),
    _("%(title)s for %(party)s is opened on %(at)s"),
    mail=MailWish.AT_ONCE,
)
RESULT = topic("bid_result", _("Results of bids"), _("%(number)s %(party)s: %(result)s, %(price)s"))
DEPOSIT_BACK = topic(
    "bid_deposit_back",
    _("Deposits that should be back"),
    _("%(number)s: %(amount)s still lies with %(party)s"),
    mail=MailWish.DAILY,
)
