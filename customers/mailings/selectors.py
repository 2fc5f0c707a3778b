"""Questions about mailings: whom a filter finds, who of them gets a letter and why another does not, what came of it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import QueryDict

from backoffice.lists.declared import NotAsked
from backoffice.outbox.services import telephone
from backoffice.parties.models import Party
from backoffice.people.models import Person
from customers.mailings.models import Mailing, News, NewsWish, OptOut, Recipient
from customers.models import Address, Contact, Customer
from customers.tables import CustomerList

SHORT = 5000  # whose recipients are counted at every look; of more the filter alone is counted
NOT_OF_A_FILTER = ("o", "c", "p", "n", "view", "export", "peek")


@dataclass(frozen=True, slots=True)
class Addressee:
    """One whom a mailing is for, as it stands now; `fate` says whether the letter goes out."""

    party: Party
    contact: str
    email: str
    address: str
    fate: str

    @property
    def is_reached(self) -> bool:
        return self.fate == Recipient.Fate.WAITING


@dataclass(frozen=True, slots=True)
class Reach:
    """How many customers a filter finds, how many letters that makes, and who gets none."""

    customers: int
    letters: int
    without_address: int
    opted_out: int


# ── the audience: the filter of the list of customers ───────────────────────────────────────


def asked_of(typed: QueryDict) -> QueryDict:
    """Of everything a form sends, the parts that the list of customers is narrowed by."""
    known = CustomerList._known.difference(NOT_OF_A_FILTER)
    found = QueryDict(mutable=True)
    for name in typed:
        if name in known:
            found.setlist(name, [value for value in typed.getlist(name) if value.strip()])
    return found


def audience(person: Person, query: QueryDict | str) -> CustomerList:
    """The list of customers under this filter, as this person sees it."""
    return CustomerList(person, query)


def kept_of(shown: CustomerList) -> str:
    """The filter as it is kept: in the list's own order, without what only changes how the list looks."""
    return urlencode(
        {name: values for name, values in shown.canonical.items() if name not in NOT_OF_A_FILTER}, doseq=True
    )


def customers_of(mailing: Mailing, person: Person) -> QuerySet[Customer]:
    """Active customers whom the filter finds and nobody took out, in the order of their codes."""
    rows: QuerySet[Customer] = audience(person, mailing.audience).found
    return rows.filter(party__is_active=True).exclude(pk__in=mailing.left_out)


def audience_words(mailing: Mailing, person: Person) -> str:
    try:
        return audience(person, mailing.audience).in_words()
    except NotAsked as refusal:
        return str(refusal)


def addressees(mailing: Mailing, person: Person, rows: QuerySet[Customer] | None = None) -> Iterator[Addressee]:
    """Everybody the mailing is for, one address once, with what will become of the letter."""
    found = (
        (customers_of(mailing, person) if rows is None else rows).select_related("party__owner").order_by("party__code")
    )
    found = found.prefetch_related(
        Prefetch("party__contacts", Contact.objects.order_by("-is_main", "pk")),
        Prefetch("party__addresses", Address.objects.order_by("-is_default", "pk")),
    )
    unwanted = set(OptOut.objects.values_list("email", flat=True)) if mailing.is_mail else set()
    seen: set[str] = set()
    for customer in found:
        for one in of_customer(mailing, customer.party, unwanted):
            if one.email and one.email in seen:
                continue
            seen.add(one.email)
            yield one


def of_customer(mailing: Mailing, party: Party, unwanted: Collection[str]) -> Iterable[Addressee]:
    contacts = list(party.contacts.all())
    return by_mail(mailing, party, contacts, unwanted) if mailing.is_mail else [on_paper(party, contacts)]


def by_mail(mailing: Mailing, party: Party, contacts: list[Contact], unwanted: Collection[str]) -> Iterator[Addressee]:
    """The contacts who have an address, the main one first; where nobody has, the customer's own."""
    there = [contact for contact in contacts if contact.email]
    everybody = mailing.reach == Mailing.Reach.ALL
    for contact in there if everybody else there[:1]:
        email = contact.email.lower()
        wants = contact.takes_mailings and email not in unwanted
        yield Addressee(party, contact.name, email, "", Recipient.Fate.WAITING if wants else Recipient.Fate.OPTED_OUT)
    if not there:
        email = party.email.lower()
        fate = (
            Recipient.Fate.NO_ADDRESS
            if not email
            else Recipient.Fate.OPTED_OUT
            if email in unwanted
            else Recipient.Fate.WAITING
        )
        yield Addressee(party, party.contact, email, "", fate)


def on_paper(party: Party, contacts: list[Contact]) -> Addressee:
    """The customer's first address with whom it is for; a main contact who wants no mailings gets none on paper either."""
    main = contacts[0] if contacts else None
    place = next(iter(party.addresses.all()), None)
    text = (
        place.text
        if place
        else " ".join(filter(None, [party.state, party.city, party.address]))
        if party.address
        else ""
    )
    post = f"{party.postal_code} {text}".strip() if text else ""
    name = (place.contact if place else "") or (main.name if main else party.contact)
    fate = Recipient.Fate.NO_ADDRESS if not post else Recipient.Fate.WAITING
    return Addressee(party, name, "", post, Recipient.Fate.OPTED_OUT if main and not main.takes_mailings else fate)


def reach_of(mailing: Mailing, person: Person) -> Reach:
    """Counted as it would go out now; beyond some thousands of customers only how many there are."""
    rows = customers_of(mailing, person)
    count = rows.count()
    fates = [one.fate for one in addressees(mailing, person, rows)] if count <= SHORT else []
    return Reach(
        count, fates.count(Recipient.Fate.WAITING), fates.count(Recipient.Fate.NO_ADDRESS), fates.count(Recipient.Fate.OPTED_OUT)
    )  # fmt: skip


# ── what came of it ─────────────────────────────────────────────────────────────────────────


def results_of(mailing: Mailing) -> dict[str, int]:
    """Of a mailing that went out: how many rows, gone, taken by their servers, given up, without address, opted out before and after."""
    return mailing.lines.aggregate(
        rows=Count("pk"), out=Count("pk", filter=Q(fate="out")), waiting=Count("pk", filter=Q(fate="waiting")),
        taken=Count("pk", filter=Q(message__state="sent")), dead=Count("pk", filter=Q(message__state="dead")),
        no_address=Count("pk", filter=Q(fate="no_address")), opted_out=Count("pk", filter=Q(fate="opted_out")),
        left=Count("pk", filter=Q(opted_out_at__isnull=False)), answered=Count("pk", filter=~Q(answer="")),
    )  # fmt: skip


def told_to(party_id: int, person: Person) -> dict[str, Any]:
    """For a customer's page: the last letters and messages, how they want to hear of their goods, who wants no mailings."""
    letters = Recipient.objects.visible_to(person).filter(party=party_id).exclude(fate=Recipient.Fate.NO_ADDRESS)
    return {
        "news": News.objects.visible_to(person).filter(party=party_id).select_related("message", "record", "told_by")[:12],
        "letters": letters.select_related("mailing", "message").order_by("-pk")[:8],
        "wish": NewsWish.objects.filter(party=party_id).first() or NewsWish(party_id=party_id),
        "opt_outs": OptOut.objects.filter(party=party_id),
    }  # fmt: skip


def mail_address(party: Party) -> tuple[str, str]:
    """(contact, e-mail) to whom news of a customer's goods go: the main contact, else the customer's own."""
    contact = party.contacts.exclude(email="").order_by("-is_main", "pk").first()
    return (contact.name, contact.email) if contact else (party.contact, party.email)


def mobile_of(party: Party) -> tuple[str, str]:
    """(contact, telephone) in the same way, of who takes text messages."""
    contact = party.contacts.filter(takes_messages=True).exclude(phone="").order_by("-is_main", "pk").first()
    if contact:
        return contact.name, contact.phone
    return ("", "") if refuses(party, party.phone) else (party.contact, party.phone)


def refuses(party: Party, mobile: str) -> bool:
    """Whether the one behind this telephone takes no text messages, whatever the document says."""
    unwilling = party.contacts.filter(takes_messages=False).values_list("phone", flat=True)
    return telephone(mobile) in {telephone(phone) for phone in unwilling}
