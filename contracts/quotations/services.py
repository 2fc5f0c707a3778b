"""The only functions that write quotations (O7)."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.documents.editing import editing
from backoffice.documents.gate import guards, performs
from backoffice.money import total_of
from backoffice.numbering.services import next_number
from backoffice.outbox.notices import notify
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from backoffice.register.models import Record
from backoffice.stock.lines import Goods, write_lines
from contracts.models import Contract
from contracts.quotations import topics
from contracts.quotations.lifecycle import (
    APPROVE,
    CANCEL,
    CANCELLED,
    EXPIRE,
    LOSE,
    RENEWED,
    REOPEN,
    REPLACE,
    REPLACED,
    RETURN,
    SEND,
    SUBMIT,
    WIN,
)
from contracts.quotations.models import Quotation
from contracts.quotations.selectors import least_price, low_lines, versions
from customers.models import Customer

HEADER = (
    "party", "salesperson", "asked", "asked_on", "answer_by", "contact", "phone", "valid_until", "term", "includes_tax", "terms",
    "external_number", "note",
)  # fmt: skip
HOLDS_FOR = datetime.timedelta(days=30)  # where nobody named a day
WARNED_BEFORE = datetime.timedelta(days=3)
SIGNED = ("signed", "running", "fulfilled", "closed")  # states of a contract that both sides agreed to


def save_quotation(
    quotation: Quotation, *, by: Person, header: Mapping[str, Any], lines: Sequence[Goods], version: int | None = None
) -> Quotation:
    """Write down an enquiry, or work on its answer: header and lines together; lines may come later (O7)."""
    if unknown := set(header) - set(HEADER):
        raise ValueError(f"not part of a quotation's header: {sorted(unknown)}")
    for name, value in header.items():
        setattr(quotation, name, value)
    fill_header(quotation)
    check_header(quotation)
    typed = {name: getattr(quotation, name) for name in (*HEADER, "dated_on")}

    def fill(draft: Quotation) -> None:
        if draft.pk is None and draft.previous_id is not None:
            check_renewable(lock_quotation(draft.previous_id))
        for name, value in typed.items():
            setattr(draft, name, value)
        draft.party_name = draft.party.name
        draft.amount = total_of(goods.amounts(includes_tax=draft.includes_tax) for goods in lines).gross

    with editing(quotation, by=by, version=version, fill=fill) as draft:
        write_lines(draft, lines, includes_tax=draft.includes_tax)
    return draft


def fill_header(quotation: Quotation) -> None:
    """What the customer's file says where nothing was typed."""
    if quotation.previous is not None:  # another answer to the same enquiry
        quotation.asked_on = quotation.previous.asked_on
    quotation.asked_on = quotation.asked_on or timezone.localdate()
    quotation.dated_on = quotation.dated_on or (timezone.localdate() if quotation.previous_id else quotation.asked_on)
    quotation.salesperson = quotation.salesperson or quotation.party.owner
    if quotation.term_id is None:
        customer = Customer.objects.filter(party=quotation.party).select_related("term").first()
        if customer is None:
            raise Refused(_("%(party)s is no active customer.") % {"party": quotation.party}, field="party")
        quotation.term = customer.term


def check_header(quotation: Quotation) -> None:
    """What only a look at several fields can tell; each refusal stands beside its field."""
    if not (quotation.party.is_customer and quotation.party.is_active):
        raise Refused(_("%(party)s is no active customer.") % {"party": quotation.party}, field="party")
    if quotation.asked_on > timezone.localdate():
        raise Refused(_("They asked today or before."), field="asked_on")
    if quotation.answer_by and quotation.answer_by < quotation.asked_on:
        raise Refused(_("That is before they asked."), field="answer_by")
    if quotation.valid_until and quotation.valid_until < quotation.asked_on:
        raise Refused(_("That is before they asked."), field="valid_until")
    if quotation.previous is not None and quotation.party_id != quotation.previous.party_id:
        raise Refused(_("A new version goes to the same customer."), field="party")


def check_renewable(previous: Quotation) -> None:
    """A new version is made of what went out and was not won, once."""
    if previous.get_state() not in RENEWED or previous.quoted_on is None:
        raise Refused(
            _("Of a quotation that is «%(state)s» there is no new version.") % {"state": previous.get_state_display()}
        )
    if previous.next_versions.exclude(state=CANCELLED.name).exists():
        raise Refused(_("There is a new version of %(quotation)s already.") % {"quotation": previous})


def lock_quotation(pk: int) -> Quotation:
    """The quotation as it is now; whoever concludes from it, gives it back or makes it anew comes one after the other."""
    return Quotation.objects.select_for_update().get(pk=pk)


def new_version_of(quotation: Quotation) -> Quotation:
    """The next version of the answer to the same enquiry, not written yet."""
    return Quotation(previous=quotation, edition=quotation.edition + 1)


# ── steps ───────────────────────────────────────────────────────────────────────────────────


@performs(SEND)
def send_quotation(quotation: Quotation, *, by: Person, on: datetime.date | None = None) -> None:
    """Quote it: numbered and fixed from now on, `on` the day it went out (today, where nobody says another). O7"""
    complete(quotation)
    quote(quotation, on=on or timezone.localdate())


@guards(SEND.name)
def prices_may_be_quoted(quotation: Quotation, *, by: Person) -> None:
    """Below the lowest price (without one, below the list's) a second person has to agree."""
    for line in low_lines(quotation):
        least = least_price(line.product, includes_tax=quotation.includes_tax)
        raise Refused(
            _("Line %(line)d: %(product)s may be quoted from %(least)s on; below that a manager has to agree.")
            % {"line": line.position, "product": line.product.code, "least": f"{least.normalize():f}"},
            code="price",
        )


@performs(SUBMIT)
def submit_quotation(quotation: Quotation, *, by: Person) -> None:
    """Have somebody else agree to its prices. O7"""
    complete(quotation)
    notify(Role.MANAGER, topics.ASKED, quotation, by=by)


@performs(APPROVE)
def approve_quotation(quotation: Quotation, *, by: Person) -> None:
    """The prices are agreed to: quoted. O7"""
    quote(quotation, on=timezone.localdate())
    notify(quotation.author, topics.AGREED, quotation, by=by)


@performs(RETURN)
def return_quotation(quotation: Quotation, *, by: Person, note: str) -> None:
    """Back to its author with a reason. O7"""
    notify(quotation.author, topics.RETURNED, quotation, by=by, note=note)


def hand_out(quotation: Quotation, *, by: Person) -> Quotation:
    """As far as it goes alone: quoted, or handed in where a price needs agreement."""
    return submit_quotation(quotation, by=by) if low_lines(quotation) else send_quotation(quotation, by=by)


def complete(quotation: Quotation) -> None:
    """What a quotation must say before it is fixed."""
    if not quotation.lines.exists():
        raise Refused(_("A quotation needs at least one line."))
    quotation.valid_until = quotation.valid_until or timezone.localdate() + HOLDS_FOR
    quotation.party_name = quotation.party.name


def quote(quotation: Quotation, *, on: datetime.date) -> None:
    """It goes out: a number, the day, and the version before it holds no more."""
    if not quotation.asked_on <= on <= timezone.localdate():
        raise Refused(_("It went out between the day they asked and today."), field="on")
    if quotation.valid_until < on:
        raise Refused(
            _("The day it holds until, %(day)s, is past.") % {"day": quotation.valid_until}, field="valid_until"
        )
    quotation.quoted_on = on
    quotation.number = quotation.number or next_number(quotation.kind, on=on)
    if quotation.previous is not None:
        replace_quotation(quotation.previous, by=Person.objects.system())


@performs(LOSE)
def lose_quotation(quotation: Quotation, *, by: Person, lost_reason: str = "", note: str = "") -> None:
    """Nothing comes of it: why, from a list and in words. O7"""
    if lost_reason not in Quotation.Reason.values:
        raise Refused(_("Please say why."), code="reason", field="lost_reason")
    if lost_reason == Quotation.Reason.OTHER and not note.strip():
        raise Refused(_("Please say it in words."), code="note", field="note")
    quotation.lost_reason, quotation.lost_words = lost_reason, note.strip()[:300]
    quotation.decided_on = timezone.localdate()


@guards(LOSE.name)
def no_contract_is_being_made(quotation: Quotation, *, by: Person) -> None:
    made = Contract.objects.filter(origin__in=[version.pk for version in versions(quotation)])
    waiting = made.exclude(state__in=("cancelled", "terminated")).first()
    if waiting is not None:
        raise Refused(
            _("%(contract)s is being made from it. Discard that first.") % {"contract": waiting}, code="contract"
        )


@guards(LOSE.name)
def the_version_that_went_out_is_lost(quotation: Quotation, *, by: Person) -> None:
    if quotation.previous is not None and quotation.quoted_on is None:
        raise Refused(
            _("This version never went out. Discard it, and mark %(quotation)s as lost.") % {"quotation": quotation.previous},
            code="version",
        )  # fmt: skip


@performs(CANCEL)
def cancel_quotation(quotation: Quotation, *, by: Person) -> None:
    """Entered by mistake, or a version nobody wants: it is not counted. O7"""


# ── what comes of it ────────────────────────────────────────────────────────────────────────


@performs(WIN)
def win_quotation(quotation: Quotation, *, by: Person, won_by: Record) -> None:
    """A contract was signed or an order approved from it: both stand in one dossier. O7"""
    quotation.won_by, quotation.decided_on = won_by, timezone.localdate()
    quotation.dossier_id = won_by.dossier_id


@performs(REOPEN)
def reopen_quotation(quotation: Quotation, *, by: Person) -> None:
    """The order that had come of it was cancelled. O7"""
    quotation.won_by = quotation.decided_on = None


@performs(REPLACE)
def replace_quotation(quotation: Quotation, *, by: Person) -> None:
    """A newer version went out; this one holds no more. O7"""


@performs(EXPIRE)
def expire_quotation(quotation: Quotation, *, by: Person) -> None:
    """The day it held until is past. O7"""


def conclude(quotation: Quotation, *, pk: int) -> None:
    """The document `pk`, made from it, was concluded: the version that went out last is won. What was won already stays won by the first."""
    newest = lock_quotation(quotation.pk)
    while newest.get_state() == REPLACED:
        newest = lock_quotation(newest.next_versions.exclude(state=CANCELLED.name).get().pk)
    if newest.get_state() in WIN.sources:
        win_quotation(newest, by=Person.objects.system(), won_by=Record.objects.get(pk=pk))


def signed_from(quotation: Quotation) -> Contract | None:
    """The first contract that was signed from any version of it and not terminated."""
    signed = Contract.objects.filter(origin__in=[version.pk for version in versions(quotation)], state__in=SIGNED)
    return signed.order_by("pk").first()


# ── by the clock ────────────────────────────────────────────────────────────────────────────


def expire_quotations(*, on: datetime.date) -> int:
    """Those that held until a day before this one; how many."""
    rows = list(Quotation.objects.run_out(on).order_by("pk"))
    for quotation in rows:
        expire_quotation(quotation, by=Person.objects.system())
    return len(rows)


def warn_of_ends(*, on: datetime.date) -> int:
    """Who wrote it and whose customer it is hear of it three days before; how many were warned of."""
    rows = list(
        Quotation.objects.in_state("quoted")
        .filter(valid_until=on + WARNED_BEFORE)
        .select_related("party__owner", "author", "salesperson")
    )
    for quotation in rows:
        keeper = quotation.party.owner or quotation.salesperson
        people = {person.pk: person for person in (quotation.author, keeper) if person}
        notify(list(people.values()), topics.RUNS_OUT, quotation, day=quotation.valid_until)
    return len(rows)
