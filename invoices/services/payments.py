"""Money received 回款 (O4, I9): a slip is entered, finance confirm the money, then it is set against what is owed."""

import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.documents.editing import editing
from backoffice.documents.gate import after, lock, performs
from backoffice.ledger.models import Allocation, Entry, Item
from backoffice.ledger.services.allocating import Match, allocate_many, lock_items, unallocate
from backoffice.ledger.services.carrying import carry_over
from backoffice.ledger.services.posting import post, reverse
from backoffice.numbering.services import next_number
from backoffice.outbox.notices import notify
from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from invoices import lifecycle
from invoices.models import Invoice, Payment
from invoices.services.invoicing import settle_invoice, unsettle_invoice

TYPED = ("party", "order", "dated_on", "amount", "method", "bank", "payer", "external_number", "note")


def save_payment(payment: Payment, *, by: Person, version: int | None = None) -> Payment:
    """Enter a slip or correct one that finance have not got yet."""
    if payment.amount <= 0:
        raise Refused(_("The amount must be more than zero."), code="amount", field="amount")
    if payment.order and payment.order.party_id != payment.party_id:
        raise Refused(_("That order is another customer's."), code="party", field="order")
    typed = {name: getattr(payment, name) for name in TYPED}
    with editing(payment, by=by, version=version) as writing:
        for name, value in typed.items():
            setattr(writing, name, value)
        writing.salesperson = writing.order.salesperson if writing.order else writing.party.owner
        writing.dossier = writing.order.dossier if writing.order else None
    return writing


@performs(lifecycle.SUBMIT_SLIP)
def submit_slip(payment: Payment, *, by: Person) -> None:
    """To finance, who look whether the money has come. O4"""
    if payment.order:
        payment.dossier = payment.order.dossier
    notify(Role.FINANCE, "payment_waiting", payment, by=by)


@performs(lifecycle.CONFIRM_PAYMENT)
def confirm_payment(payment: Payment, *, by: Person, confirmed_on: datetime.date | None = None) -> None:
    """The money is on the account: from now on it is the customer's advance. O4, I8, I9"""
    payment.confirmed_on = confirmed_on or payment.dated_on
    payment.number = next_number("payment", on=payment.confirmed_on)
    post(
        "money_confirmed", on=payment.confirmed_on, by=by, party=payment.party_id, person=payment.salesperson_id, dossier=payment.dossier_id,
        record=payment.pk, number=payment.number, amounts={"amount": payment.amount},
    )  # fmt: skip
    notify([person for person in (payment.author, payment.salesperson) if person], "money_confirmed", payment, by=by)


@performs(lifecycle.REFUSE_PAYMENT)
def refuse_payment(payment: Payment, *, by: Person, note: str) -> None:
    """No such money came."""
    notify([payment.author], "payment_refused", payment, by=by, note=note)


@performs(lifecycle.USE_UP)
def use_up_payment(payment: Payment, *, by: Person) -> None:
    """All of it is set against charges."""


@performs(lifecycle.GIVE_BACK)
def free_payment(payment: Payment, *, by: Person) -> None:
    """Some of it is free again."""


@performs(lifecycle.CANCEL_SLIP)
def cancel_slip(payment: Payment, *, by: Person) -> None:
    """Withdrawn before finance confirmed it."""


@performs(lifecycle.REVERSE_PAYMENT)
def reverse_payment(payment: Payment, *, by: Person, note: str, on: datetime.date | None = None) -> None:
    """A cheque bounced, a transfer was called back: the posting is reversed, what it had settled is open again."""
    day = max(on or payment.confirmed_on, payment.confirmed_on)
    touched = invoices_of(Item.objects.filter(settled_by__credit__record_id=payment.pk))
    for entry in Entry.objects.filter(record_id=payment.pk, event="money_confirmed", reversed_by=None):
        reverse(entry, on=day, by=by, memo=note)
    follow(touched, by=by)


@transaction.atomic
def allocate_payment(
    payment: Payment, shares: dict[int, Decimal], *, on: datetime.date, by: Person
) -> list[Allocation]:
    """Set confirmed money against charges: `shares` maps open items to amounts. Never more than is open, on either side. I9"""
    check_finance(by)
    with acting(by, step="allocate_payment"):
        locked = lock(payment, by=by)
        if locked.state != lifecycle.CONFIRMED.name:
            raise Refused(_("Only confirmed money that is not used up can be allocated."), code="state")
        credits = list(
            lock_items(Item.objects.credits().filter(record_id=locked.pk).values_list("pk", flat=True)).values()
        )
        matches, left = [], {credit.pk: credit.open_amount for credit in credits}
        for charge, wanted in shares.items():
            for credit in credits:
                share = min(wanted, left[credit.pk])
                if share > 0:
                    matches.append(Match(credit.pk, charge, share, on))
                    left[credit.pk] -= share
                    wanted -= share
            if wanted > 0:
                raise Refused(_("That is more than is left of the money."), code="over_allocated")
        made = allocate_many(matches, by=by)
        follow(invoices_of(Item.objects.filter(pk__in=shares)), by=by, payment=locked)
        return made


@transaction.atomic
def undo_allocation(allocation: Allocation, *, on: datetime.date, note: str, by: Person) -> Allocation:
    """Undo one by a counter-row with date and reason; nothing is deleted. I9"""
    check_finance(by)
    if not note.strip():
        raise Refused(_("Please give a reason."), code="note", field="note")
    with acting(by, step="undo_allocation", note=note):
        payment = Payment.objects.filter(pk=allocation.credit.record_id).first()
        if payment is not None:
            payment = lock(payment, by=by)
        undone = unallocate(allocation, on=on, by=by, note=note)
        carry_over(Party.objects.filter(pk=allocation.charge.party_id, merged_into__isnull=False), on=on, by=by)
        follow(invoices_of(Item.objects.filter(pk=allocation.charge_id)), by=by, payment=payment)
        return undone


@after(lifecycle.REVERSE_INVOICE.name)
def give_back_what_was_paid(invoice: Invoice, *, by: Person) -> None:
    """Money that had settled an invoice which is no more can be allocated again."""
    used_up = Payment.objects.in_state(lifecycle.ALLOCATED).filter(party=invoice.party_id)
    with_rest = Item.objects.open().credits().filter(party=invoice.party_id).values("record_id")
    for payment in used_up.filter(pk__in=with_rest).order_by("pk"):
        free_payment(payment, by=by)


def check_finance(person: Person) -> None:
    if not person.has_role(Role.FINANCE) and not person.is_system:
        raise Refused(_("Only finance allocate money."), code="role")


def invoices_of(items: object) -> list[Invoice]:
    ids = list(items.filter(record__kind="invoice").values_list("record_id", flat=True).distinct())  # type: ignore[attr-defined]
    return list(Invoice.objects.filter(pk__in=ids))


def follow(invoices: list[Invoice], *, by: Person, payment: Payment | None = None) -> None:
    """Bring the derived states after the figures: an invoice with nothing open is settled, a slip with nothing left used up."""
    for invoice in invoices:
        is_open = Item.objects.open().charges().filter(record_id=invoice.pk).exists()
        if not is_open and invoice.state == lifecycle.ISSUED.name:
            settle_invoice(invoice, by=by)
        elif is_open and invoice.state == lifecycle.SETTLED.name:
            unsettle_invoice(invoice, by=by)
    if payment is not None:
        has_rest = Item.objects.open().credits().filter(record_id=payment.pk).exists()
        if not has_rest and payment.state == lifecycle.CONFIRMED.name:
            use_up_payment(payment, by=by)
        elif has_rest and payment.state == lifecycle.ALLOCATED.name:
            free_payment(payment, by=by)
