"""Whom an order's steps tell at once (O2)."""

from django.utils.translation import gettext_lazy as _

from backoffice.documents.gate import after
from backoffice.outbox.models import MailWish
from backoffice.outbox.notices import notify
from backoffice.outbox.topics import topic
from backoffice.people.models import Person, Role
from orders.lifecycle import APPROVE, APPROVED, HELD, RECHECK, RETURN, SUBMIT
from orders.models import Order

ORDER_APPROVED = topic(
    "order_approved", _("Orders approved"), _("Order %(number)s of %(party)s is approved: %(amount)s."), MailWish.DAILY
)
ORDER_HELD = topic(
    "order_held", _("Orders held"), _("An order of %(party)s over %(amount)s is held: %(reason)s"), MailWish.DAILY
)
ORDER_LET_GO = topic(
    "order_let_go",
    _("Held orders that go on"),
    _("Nothing holds the order of %(party)s over %(amount)s any more; it goes on."),
)
ORDER_RETURNED = topic(
    "order_returned", _("Orders returned"), _("%(by)s returned an order of %(party)s over %(amount)s.")
)


@after(APPROVE.name)
def tell_finance(order: Order, *, by: Person) -> None:
    """Finance hears of an approved order in the same moment, so that money and invoice can be prepared. O2"""
    if order.get_state() == APPROVED:
        notify(Role.FINANCE, ORDER_APPROVED, order, by=by, amount=f"{order.amount:,.2f}")


@after(SUBMIT.name, APPROVE.name)
def tell_managers(order: Order, *, by: Person) -> None:
    """Those who may release hear that something waits for them. C11"""
    if order.get_state() == HELD:
        notify(
            [Role.MANAGER, Role.GM], ORDER_HELD, order, by=by, amount=f"{order.amount:,.2f}", reason=order.hold_reason
        )


@after(RECHECK.name)
def tell_who_waits(order: Order, *, by: Person) -> None:
    """Who wrote and who submitted it hear that it goes on. C2"""
    if order.get_state() != HELD:
        notify([order.author, order.submitted_by], ORDER_LET_GO, order, by=by, amount=f"{order.amount:,.2f}")


@after(RETURN.name)
def tell_author(order: Order, *, by: Person) -> None:
    notify(order.author, ORDER_RETURNED, order, by=by, amount=f"{order.amount:,.2f}")
