"""The only functions that write the customer archive 客户档案: customers, their contacts and addresses, notes (C1, C8)."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.audit.models import Event
from backoffice.parties import tax_number
from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused, Stale
from customers.models import GUARDED, Address, Contact, Customer, Note, PaymentTerm

PARTY_FIELDS = (
    "code", "name", "short_name", "kind", "owner", "region", "country", "state", "city", "address", "postal_code",
    "contact", "phone", "email", "is_active",
)  # fmt: skip
BILLING_FIELDS = GUARDED["party"]
PROFILE_FIELDS = ("source", "tags", "note", "since")
CREDIT_FIELDS = ("credit_limit", "term", "settlement", "grade", "overdue_tolerance")
BATCH = 1000
HANDS_OVER = (Role.MANAGER, Role.GM)
SPARE_CODE = "SELECT coalesce(max(substr(code, 2)::int), 0) + 1 FROM parties_party WHERE code ~ '^C[0-9]{5,8}$'"


def save_customer(
    customer: Customer | None, *, by: Person, given: Mapping[str, Any], version: int | None = None
) -> Customer:
    """Make a customer, or change what one person may change alone.

    A new one begins with its billing data and way of settling as typed, without credit (paid before dispatch, limit 0): credit is asked
    for by a `CustomerChange`. For an existing one billing data and credit in `given` are refused.
    """
    if customer is None:
        return _make_customer(given, by=by)
    guarded = {*BILLING_FIELDS, *CREDIT_FIELDS} & given.keys()
    if guarded:
        raise Refused(
            _("Billing data and credit change only by a request that a second person agrees to."), code="guarded"
        )
    with transaction.atomic(), acting(by, step="save_customer"):
        party = Party.objects.visible_to(by).select_for_update(of=("self",)).get(pk=customer.pk)
        check_version(party, version)
        if "owner" in given and given["owner"] != party.owner and not by.has_role(*HANDS_OVER):
            raise Refused(_("Only a manager hands a customer over to somebody else."), code="role", field="owner")
        saved = Customer.objects.select_for_update().get(pk=party.pk)
        _write(party, {name: given[name] for name in PARTY_FIELDS if name in given and name != "code"})
        for name in PROFILE_FIELDS:
            if name in given:
                setattr(saved, name, given[name])
        saved.save(update_fields=PROFILE_FIELDS)
        saved.party = party
        return saved


def take_over_customer(*, by: Person, given: Mapping[str, Any]) -> Customer:
    """A customer as the company had it before: with limit, term and grade, by an import that two people answer for."""
    return take_over_customers([given], by=by)[0]


def take_over_customers(rows: Sequence[Mapping[str, Any]], *, by: Person) -> list[Customer]:
    """Many at once, in as many statements as there are tables."""
    with transaction.atomic(), acting(by, step="take_over_customers"):
        parties = [_filled(Party(is_customer=True), given) for given in rows]
        number = int(spare_code()[1:]) if any(not party.code for party in parties) else 0
        for party in parties:
            if not party.code:
                party.code, number = f"C{number:05d}", number + 1
                party.fill_search()
        Party.objects.bulk_create(parties, batch_size=BATCH)
        start = {"term": PaymentTerm.objects.get(code="PREPAID"), "credit_limit": Decimal("0.00")}
        made = [
            Customer(party=p, **(start | _named(given, *PROFILE_FIELDS, *CREDIT_FIELDS)))
            for p, given in zip(parties, rows, strict=True)
        ]
        Customer.objects.bulk_create(made, batch_size=BATCH)
        _first_contacts_and_addresses(parties)
        return made


def change_archive(customer: Customer, given: Mapping[str, Any]) -> bool:
    """What an import changes of a customer who is there already: ordinary fields only. Whether anything is different."""
    party = customer.party
    profile = {
        name: value for name, value in _named(given, *PROFILE_FIELDS).items() if value != getattr(customer, name)
    }
    ordinary = {name: value for name, value in _named(given, *PARTY_FIELDS).items() if value != getattr(party, name)}
    if ordinary:
        _write(party, ordinary)
    if profile:
        for name, value in profile.items():
            setattr(customer, name, value)
        customer.save(update_fields=list(profile))
    return bool(ordinary or profile)


def _named(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}


def _filled(party: Party, given: Mapping[str, Any]) -> Party:
    for name, value in _named(given, *PARTY_FIELDS, *BILLING_FIELDS).items():
        setattr(party, name, value)
    party.tax_no = tax_number.tidy(party.tax_no)
    party.fill_search()
    return party


def _make_customer(given: Mapping[str, Any], *, by: Person) -> Customer:
    try:
        with transaction.atomic(), acting(by, step="save_customer"):
            party = Party(is_customer=True)
            wanted = {name: given[name] for name in (*PARTY_FIELDS, *BILLING_FIELDS) if name in given}
            _write(party, wanted | {"code": given.get("code") or spare_code()})
            profile = _named(given, *PROFILE_FIELDS, "settlement")
            start = {"term": PaymentTerm.objects.get(code="PREPAID"), "credit_limit": Decimal("0.00")}
            customer = Customer.objects.create(party=party, **profile, **start)
            _first_contacts_and_addresses([party])
    except IntegrityError as error:
        if "code" in str(error):
            raise Refused(_("There is a party with this code already."), code="taken", field="code") from error
        raise
    if not by.is_system and not Party.objects.visible_to(by).filter(pk=party.pk).exists():
        raise Refused(
            _("You could not see this customer: choose a salesperson whom you serve."), code="owner", field="owner"
        )
    return customer


def _write(party: Party, given: Mapping[str, Any]) -> None:
    """Put the values in, check what only a look at all of them can check, and save."""
    for name, value in given.items():
        setattr(party, name, value)
    party.tax_no = tax_number.tidy(party.tax_no)
    is_individual = party.kind == Party.Kind.PERSON
    if "tax_no" in given and (
        words := tax_number.fault(party.tax_no, country=party.country, is_individual=is_individual)
    ):
        raise Refused(words, code="tax_no", field="tax_no")
    party.fill_search()
    if party.pk:
        party.version += 1
    party.save()


def _first_contacts_and_addresses(parties: Sequence[Party]) -> None:
    """The contact and the address that stand on a new party are the first of its lists."""
    Contact.objects.bulk_create(
        [Contact(party=p, name=p.contact, phone=p.phone, email=p.email, is_main=True) for p in parties if p.contact],
        batch_size=BATCH,
    )
    addresses = [
        (party, " ".join(filter(None, [party.state, party.city, party.address]))) for party in parties if party.address
    ]
    Address.objects.bulk_create(
        [Address(party=p, text=text[:300], contact=p.contact, phone=p.phone, is_default=True) for p, text in addresses],
        batch_size=BATCH,
    )


def spare_code() -> str:
    """The next free code; whoever asks waits for whoever asked before and has not committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('customer_code'))")
        cursor.execute(SPARE_CODE)
        return f"C{cursor.fetchone()[0]:05d}"


def check_version(party: Party, version: int | None) -> None:
    if version is not None and version != party.version:
        changes = Event.objects.filter(party_id=party.pk, record_id=None).select_related("person")[:8]
        raise Stale(
            _("This customer was changed after you opened the form. Look at what changed, then save again."),
            changes=changes,
        )


# ── contacts and addresses ──────────────────────────────────────────────────────────────────
def save_contact(contact: Contact, *, by: Person) -> Contact:
    """A new or changed contact; a customer has one main contact."""
    with transaction.atomic(), acting(by, step="save_contact"):
        party = _lock_party(contact.party_id, by=by)
        if contact.is_main:
            Contact.objects.filter(party=contact.party_id, is_main=True).exclude(pk=contact.pk).update(is_main=False)
        contact.save()
        find_anew(party)
    return contact


def save_address(address: Address, *, by: Person) -> Address:
    """A new or changed address; a customer has one default of each use."""
    with transaction.atomic(), acting(by, step="save_address"):
        _lock_party(address.party_id, by=by)
        if address.is_default:
            others = Address.objects.filter(party=address.party_id, use=address.use, is_default=True)
            others.exclude(pk=address.pk).update(is_default=False)
        address.save()
    return address


def remove_row(row: Contact | Address, *, by: Person) -> None:
    """Take a contact or an address out of the archive; what it was stays in the history."""
    with transaction.atomic(), acting(by, step=f"remove_{row._meta.model_name}"):
        party = _lock_party(row.party_id, by=by)
        row.delete()
        find_anew(party)


def find_anew(party: Party) -> None:
    """By whom it is found may have changed with its contacts."""
    party.fill_search()
    party.save(update_fields=["search"])


def _lock_party(party_id: int, *, by: Person) -> Party:
    return Party.objects.visible_to(by).select_for_update(of=("self",)).get(pk=party_id)


# ── notes ───────────────────────────────────────────────────────────────────────────────────
def write_note(
    party: Party, *, by: Person, text: str, happened_on: datetime.date | None = None,
    due_on: datetime.date | None = None, due_for: Person | None = None,
) -> Note:  # fmt: skip
    """Keep a remark about a customer; with `due_on` it comes back on the workbench of `due_for`, else of the writer."""
    if not text.strip():
        raise Refused(_("Please write what is to be kept."), code="empty", field="text")
    with transaction.atomic(), acting(by, step="write_note"):
        seen = Party.objects.visible_to(by).get(pk=party.pk)
        return Note.objects.create(
            party=seen, text=text.strip(), written_by=by, happened_on=happened_on or timezone.localdate(),
            due_on=due_on, due_for=(due_for or by) if due_on else None,
        )  # fmt: skip


def finish_note(note: Note, *, by: Person) -> Note:
    """The follow-up is done; doing it again changes nothing."""
    with transaction.atomic(), acting(by, step="finish_note"):
        locked = Note.objects.visible_to(by).select_for_update(of=("self",)).get(pk=note.pk)
        if locked.due_on and locked.done_at is None:
            locked.done_at = timezone.now()
            locked.save(update_fields=["done_at"])
        return locked
