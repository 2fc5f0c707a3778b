"""The only functions that write offers and leads (C6)."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.audit import acting
from backoffice.audit.changes import check_unchanged
from backoffice.outbox.models import MailWish
from backoffice.outbox.notices import notify
from backoffice.outbox.topics import topic
from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from customers.leads.models import Lead, LeadCall, Offer
from customers.leads.selectors import known_already, marks, twins
from customers.leads.stages import PUBLISHES, UNDERWAY, WORKS, Stage, after
from customers.models import Customer, Note
from customers.services import save_customer

LEAD_CAME = topic(
    "lead_came", gettext_lazy("New leads"), gettext_lazy("%(name)s from %(city)s: %(source)s"), mail=MailWish.DAILY
)
LEAD_HANDED_ON = topic(
    "lead_handed_on", gettext_lazy("Leads handed to me"), gettext_lazy("%(name)s is yours: %(stage)s")
)
FIELDS = (
    "name", "contact", "phone", "email", "city", "region", "business", "message", "source", "offer", "owner", "came_on", "next_on",
)  # fmt: skip
AS_NOTE = {LeadCall.Kind.CALL: Note.Kind.CALL, LeadCall.Kind.VISIT: Note.Kind.VISIT}


# ── offers ──────────────────────────────────────────────────────────────────────────────────
def save_offer(offer: Offer, *, by: Person, version: int | None = None) -> Offer:
    """A new or changed offer; a published one shows the change at once."""
    with transaction.atomic(), acting(by, step="save_offer"):
        if Offer.objects.filter(code=offer.code).exclude(pk=offer.pk).exists():
            raise Refused(_("Another offer has this address already."), code="taken", field="code")
        if offer.pk:
            check_unchanged(Offer.objects.select_for_update().get(pk=offer.pk), version)
        offer.save()
    return offer


def publish_offer(offer: Offer, *, by: Person, publish: bool = True) -> Offer:
    """Show it to everybody, or take it off again: a manager's word."""
    if not by.has_role(*PUBLISHES):
        raise Refused(_("Only a manager publishes offers."), code="role")
    with transaction.atomic(), acting(by, step="publish_offer" if publish else "withdraw_offer"):
        locked = Offer.objects.select_for_update().get(pk=offer.pk)
        if publish and locked.ends_on and locked.ends_on < timezone.localdate():
            raise Refused(_("It ended on %(day)s; give it a later day first.") % {"day": locked.ends_on}, code="ended")
        locked.is_published = publish
        if publish:
            locked.published_at = timezone.now()
        locked.save(update_fields=["is_published", "published_at"])
    return locked


# ── leads ───────────────────────────────────────────────────────────────────────────────────
def save_lead(
    lead: Lead, *, by: Person, given: Mapping[str, Any], version: int | None = None, is_new: bool = False
) -> Lead:
    """A lead that somebody enters or corrects; `given` holds names of FIELDS.

    Where an open lead has its name, telephone or mail already, it is asked first: `is_new` says that it is another one.
    """
    if unknown := set(given) - set(FIELDS):
        raise ValueError(f"not part of a lead: {sorted(unknown)}")
    if not given.get("phone") and not given.get("email"):
        raise Refused(_("A telephone number or an e-mail address is needed."), field="phone")
    with transaction.atomic(), acting(by, step="save_lead"):
        if lead.pk:
            lead = lock_lead(lead, by=by)
            check_unchanged(lead, version)
        before = marks(lead) if lead.pk else None
        for name, value in given.items():
            setattr(lead, name, value)
        if not is_new and marks(lead) != before:
            check_twins(lead, by=by)
        if lead.owner is None and not by.has_role(Role.ASSISTANT, Role.MANAGER):
            lead.owner = by  # who hands out none keeps what they found
        check_owner(lead.owner)
        if lead.came_on > timezone.localdate():
            raise Refused(_("It cannot have come on a day to come."), field="came_on")
        lead.fill_search()
        is_new = lead.pk is None
        lead.save()
        if is_new:
            tell(lead, by=by)
    return lead


def lock_lead(lead: Lead, *, by: Person) -> Lead:
    return Lead.objects.visible_to(by).select_for_update(of=("self",)).get(pk=lead.pk)


def check_twins(lead: Lead, *, by: Person) -> None:
    if found := twins(lead, person=by):
        owner = found[0].owner or _("nobody")
        raise Refused(
            _("There is an open lead like this, responsible: %(owner)s. Say whether this is another one.")
            % {"owner": owner}, code="alike", field="is_new",
        )  # fmt: skip


def check_owner(owner: Person | None) -> None:
    if owner is not None and not (owner.is_active and owner.has_role(*WORKS)):
        raise Refused(_("%(person)s does not work on leads.") % {"person": owner}, code="owner", field="owner")


def tell(lead: Lead, *, by: Person) -> None:
    """Whose it is hears of it; nobody's is heard of by those who hand it out."""
    to = [lead.owner] if lead.owner else [Role.ASSISTANT, Role.MANAGER]
    words: dict[str, Any] = {"name": lead.name, "city": lead.city or "—", "source": Lead.Source(lead.source).label}
    notify(to, LEAD_CAME, by=by, url=lead.get_absolute_url(), **words)


def log_call(
    lead: Lead, *, by: Person, text: str, kind: str = LeadCall.Kind.CALL, happened_on: datetime.date | None = None,
    next_on: datetime.date | None = None,
) -> LeadCall:  # fmt: skip
    """Keep what was said; the first call makes a new lead a contacted one, and whose nobody's was, whoever called."""
    if not text.strip():
        raise Refused(_("Please write what was said."), code="empty", field="text")
    with transaction.atomic(), acting(by, step="log_lead_call"):
        locked = lock_lead(lead, by=by)
        if not locked.is_underway:
            raise Refused(_("This lead is «%(stage)s».") % {"stage": locked.get_stage_display()}, code="stage")
        day = happened_on or timezone.localdate()
        if not locked.came_on <= day <= timezone.localdate():
            raise Refused(
                _("This is a day between %(first)s and today.") % {"first": locked.came_on}, field="happened_on"
            )
        locked.first_call_on = min(filter(None, [locked.first_call_on, day]))
        locked.next_on, locked.owner = next_on, locked.owner or by
        if locked.stage == Stage.NEW:
            locked.stage = Stage.CONTACTED
        locked.save()
        return LeadCall.objects.create(lead=locked, kind=kind, text=text.strip(), happened_on=day, written_by=by)


def move_lead(lead: Lead, *, by: Person, stage: str) -> Lead:
    """Forward or back on the way, or taken up again after it was given up; won only as a customer, given up only with a reason."""
    if stage not in UNDERWAY:
        raise Refused(_("A lead is won by making it a customer, and given up with a reason."), code="stage")
    with transaction.atomic(), acting(by, step="move_lead"):
        locked = lock_lead(lead, by=by)
        if locked.stage == Stage.WON:
            raise Refused(_("This lead is a customer already."), code="stage")
        locked.stage, locked.ended_on, locked.lost_reason = stage, None, ""
        locked.save()
    return locked


def advance_lead(lead: Lead, *, by: Person, note: str = "") -> Lead:
    """One stage on, for many at once."""
    following = after(lead.stage)
    if following is None:
        raise Refused(_("After «%(stage)s» it is won or given up.") % {"stage": lead.get_stage_display()}, code="stage")
    return move_lead(lead, by=by, stage=following)


def give_up_lead(lead: Lead, *, by: Person, note: str) -> Lead:
    """Nothing comes of it; why is kept for the figures."""
    if not note.strip():
        raise Refused(_("Please give a reason."), code="note", field="note")
    with transaction.atomic(), acting(by, step="give_up_lead", note=note):
        locked = lock_lead(lead, by=by)
        if not locked.is_underway:
            raise Refused(_("This lead is «%(stage)s».") % {"stage": locked.get_stage_display()}, code="stage")
        locked.stage, locked.lost_reason, locked.ended_on = Stage.LOST, note.strip()[:300], timezone.localdate()
        locked.next_on = None
        locked.save()
    return locked


def hand_lead(lead: Lead, *, to: Person, by: Person) -> Lead:
    """Somebody answers for it from now on, and is told."""
    check_owner(to)
    with transaction.atomic(), acting(by, step="hand_lead"):
        locked = lock_lead(lead, by=by)
        if locked.owner_id != to.pk:
            locked.owner = to
            locked.save(update_fields=["owner"])
            words: dict[str, Any] = {"name": locked.name, "stage": Stage(locked.stage).label}
            notify(to, LEAD_HANDED_ON, by=by, url=locked.get_absolute_url(), **words)
    return locked


def take_lead(lead: Lead, *, by: Person, note: str = "") -> Lead:
    """«Mine», for many at once."""
    return hand_lead(lead, to=by, by=by)


# ── won ─────────────────────────────────────────────────────────────────────────────────────
def win_lead(
    lead: Lead, *, by: Person, owner: Person | None = None, customer: Customer | None = None, is_new: bool = False
) -> Customer:
    """Make the lead a customer, or say which one it is; everything said goes along as notes (C6).

    Where the archive holds somebody alike, it is asked first: `customer` names them, `is_new` says that it is somebody else.
    """
    with transaction.atomic(), acting(by, step="win_lead"):
        locked = lock_lead(lead, by=by)
        if locked.stage == Stage.WON:
            return locked.customer
        if customer is None and not is_new and known_already(locked, person=by):
            raise Refused(
                _("There is somebody alike in the archive. Say whether it is them."), code="alike", field="customer"
            )
        won = customer or save_customer(None, by=by, given=customer_of(locked, owner=owner))
        keep_what_was_said(locked, won, by=by)
        locked.stage, locked.customer, locked.ended_on, locked.next_on = Stage.WON, won, timezone.localdate(), None
        locked.lost_reason = ""
        locked.save()
    return won


def customer_of(lead: Lead, *, owner: Person | None) -> dict[str, Any]:
    """What the archive takes over of a lead."""
    sells = lead.owner if lead.owner and lead.owner.has_role(Role.SALESPERSON) else None
    return {
        "name": lead.name, "contact": lead.contact, "phone": lead.phone, "email": lead.email, "city": lead.city, "region": lead.region,
        "kind": Party.Kind.DEALER, "owner": owner or sells, "since": timezone.localdate(),
        "source": (f"{lead.get_source_display()}: {lead.offer}" if lead.offer_id else str(lead.get_source_display()))[:60],
        "note": lead.business,
    }  # fmt: skip


def keep_what_was_said(lead: Lead, customer: Customer, *, by: Person) -> None:
    """The first words and every call stand on the customer's timeline, on their days, by those who wrote them."""
    notes = [
        Note(party_id=customer.pk, kind=AS_NOTE.get(LeadCall.Kind(call.kind), Note.Kind.REMARK), text=call.text, written_by_id=call.written_by_id,
             happened_on=call.happened_on)
        for call in lead.calls.order_by("happened_on", "pk")
    ]  # fmt: skip
    if lead.message:
        notes.insert(
            0,
            Note(
                party_id=customer.pk, kind=Note.Kind.REMARK, text=lead.message, written_by=by, happened_on=lead.came_on
            ),
        )
    if lead.next_on:
        notes.append(
            Note(
                party_id=customer.pk, kind=Note.Kind.REMARK, text=_("Call that was agreed on"), written_by=by,
                happened_on=timezone.localdate(), due_on=lead.next_on, due_for=customer.party.owner or by,
            )
        )  # fmt: skip
    Note.objects.bulk_create(notes)
