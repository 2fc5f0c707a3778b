"""Where the books stand in the navigation."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.ledger.models import AccountingPeriod
from backoffice.ledger.tables import READERS
from backoffice.pages.registry import Section, nav
from backoffice.people.models import Person

State = AccountingPeriod.State


def months_waiting(person: Person) -> QuerySet[AccountingPeriod]:
    """Months somebody else asks to close or to open again."""
    asked = AccountingPeriod.objects.filter(state__in=(State.CLOSING, State.REOPENING))
    return asked.exclude(requested_by=person)


nav(Section.MONEY, _("Trial balance"), "ledger:trial", roles=READERS, icon="scale", order=70)
nav(Section.MONEY, _("Journal"), "ledger:entries", roles=READERS, icon="book", order=72)
nav(Section.MONEY, _("Ledger lines"), "ledger:lines", roles=READERS, icon="list", order=74)
nav(
    Section.MONEY,
    _("Accounting months"),
    "ledger:months",
    roles=READERS,
    icon="calendar",
    order=76,
    waits=months_waiting,
)
nav(Section.MONEY, _("Chart of accounts"), "ledger:accounts", roles=READERS, icon="columns", order=78)
