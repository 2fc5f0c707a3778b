"""Whom contracts tell of what: of their way through the office, of their end, of what is due (K1, K2)."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from backoffice.documents.gate import after
from backoffice.outbox.models import MailWish
from backoffice.outbox.notices import notify
from backoffice.outbox.topics import topic
from backoffice.people.models import Person, Role
from contracts.lifecycle import APPROVE, APPROVE_AMENDMENT, RETURN, RETURN_AMENDMENT, RUNNING, SIGNED
from contracts.models import Amendment, Contract, ContractQuerySet
from contracts.selectors import bought_in_force, deliveries_due, in_force, payments_due

APPROVED = topic(
    "contract_approved", _("My contract was approved"), _("%(number)s with %(party)s is approved and can be signed.")
)
RETURNED = topic("contract_returned", _("My contract was returned"), _("%(by)s returned «%(what)s» with %(party)s."))
RUNS_OUT = topic(
    "contract_runs_out", _("Contracts that run out"), _("%(number)s with %(party)s runs out on %(day)s, in %(days)s days."), MailWish.DAILY
)  # fmt: skip
DUE = topic(
    "contract_obligation", _("Obligations of contracts"), _("%(number)s with %(party)s, due on %(day)s: %(what)s, %(amount)s"), MailWish.DAILY
)  # fmt: skip
WARNED = (60, 30, 7)  # days before the end
DUE_SOON, OVERDUE = 7, -1


def keepers(document: Contract | Amendment) -> list[Person]:
    """Who drafted it, and whose customer it is today; what we buy at is no business of sales (X24)."""
    contract = document.contract if isinstance(document, Amendment) else document
    keeper = None if contract.is_purchase else contract.party.owner or document.salesperson
    return [person for person in {document.author, keeper} if person is not None]


def concerned(contract: Contract) -> list[Person | str]:
    """Its keepers; of what we buy, purchasing too."""
    return [*keepers(contract), *([Role.PURCHASING] if contract.is_purchase else [])]


@after(APPROVE.name, APPROVE_AMENDMENT.name)
def tell_of_approval(document: Contract | Amendment, *, by: Person) -> None:
    notify(keepers(document), APPROVED, document, by=by)


@after(RETURN.name, RETURN_AMENDMENT.name)
def tell_of_return(document: Contract | Amendment, *, by: Person) -> None:
    what = document.title if isinstance(document, Contract) else str(document.contract)
    notify(document.author, RETURNED, document, by=by, what=what)


def warn_of_ends(*, on: date) -> int:
    """Contracts that end in 60, 30 and 7 days, each warned of on that very day; how many."""
    told = 0
    for days in WARNED:
        ending = Contract.objects.in_state(SIGNED, RUNNING).filter(ends_on=on + timedelta(days))
        for contract in ending.select_related("party__owner", "author", "salesperson"):
            notify(concerned(contract), RUNS_OUT, contract, day=contract.ends_on, days=days)
            told += 1
    return told


def warn_of_obligations(*, on: date) -> int:
    """What is due in a week, and of what we sell also what was due yesterday and is not done; how many."""
    soon, missed = on + timedelta(DUE_SOON), on + timedelta(OVERDUE)
    return _tell(bought_in_force(), soon, on=on) + sum(_tell(in_force(), day, on=on) for day in (soon, missed))


def _tell(contracts: ContractQuerySet, day: date, *, on: date) -> int:
    rows = deliveries_due(contracts.filter(lines__due_on=day).distinct(), since=day, until=day)
    rows += payments_due(contracts, since=day, until=day, on=on)
    for each in rows:
        notify(
            concerned(each.contract), DUE, each.contract, day=each.due_on, what=each.what, amount=f"{each.amount:,.2f}"
        )
    return len(rows)
