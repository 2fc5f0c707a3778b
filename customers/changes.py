"""Changes of billing data and credit that two people answer for (C8, C11): asked for, agreed to, applied."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.documents.editing import editing
from backoffice.documents.gate import guards, performs
from backoffice.numbering.services import next_number
from backoffice.parties import tax_number
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.review.models import Policy
from customers import lifecycle
from customers.models import GUARDED, Customer, CustomerChange, PaymentTerm, Settlement
from customers.services import save_customer

FIELDS = {column: f"{part}.{column}" for part, columns in GUARDED.items() for column in columns}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a change as a person reads it."""

    label: str
    before: str
    after: str
    is_money: bool = False


def as_text(value: Any) -> str | None:
    """A value as PostgreSQL writes it, which is what the guard compares with."""
    if value is None:
        return None
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return str(getattr(value, "pk", value))


def now_of(customer: Customer) -> dict[str, str | None]:
    """Every guarded field as it stands: `party.tax_no` → text."""
    whose = {"party": customer.party, "customer": customer}
    return {key: as_text(getattr(whose[key.partition(".")[0]], column)) for column, key in FIELDS.items()}


def request_change(
    customer: Customer, *, by: Person, wanted: Mapping[str, Any], reason: str, change: CustomerChange | None = None,
    version: int | None = None,
) -> CustomerChange:  # fmt: skip
    """Write down which guarded fields are to become what (`term`, `tax_no` …), as a draft that is then submitted."""
    seen = Customer.objects.visible_to(by).select_related("party").get(pk=customer.pk)
    before = now_of(seen)
    after = {FIELDS["term_id" if name == "term" else name]: as_text(value) for name, value in wanted.items()}
    differing = {key: [before[key], value] for key, value in after.items() if (before[key] or "") != (value or "")}
    if not differing:
        raise Refused(_("Nothing is different from what stands in the archive."), code="same")
    check_values(seen.party, wanted)
    document = change or CustomerChange(party=seen.party, salesperson=seen.party.owner, dated_on=timezone.localdate())
    try:
        with transaction.atomic(), editing(document, by=by, version=version) as writing:
            writing.changes, writing.reason, writing.amount = differing, reason, weight_of(differing)
    except IntegrityError as error:
        raise Refused(
            _("A change of this customer waits already; agree to it or withdraw it first."), code="open"
        ) from error
    return writing


def check_values(party: Party, wanted: Mapping[str, Any]) -> None:
    is_individual = party.kind == Party.Kind.PERSON
    if words := tax_number.fault(wanted.get("tax_no") or "", country=party.country, is_individual=is_individual):
        raise Refused(words, code="tax_no", field="tax_no")


def weight_of(differing: Mapping[str, list[str | None]]) -> Decimal:
    """The amount a review policy measures by: the limit asked for; unlimited credit meets the highest bound there is."""
    key = FIELDS["credit_limit"]
    if key not in differing:
        return Decimal("0.00")
    if differing[key][1] is not None:
        return Decimal(differing[key][1])
    return Policy.objects.filter(step=lifecycle.APPLY.name).aggregate(top=Max("amount_from"))["top"] or Decimal("0.00")


def differences(change: CustomerChange) -> list[Difference]:
    """Before and after of each field, in words."""
    found = []
    for key, (before, after) in change.changes.items():
        part, _dot, column = key.partition(".")
        model = Party if part == "party" else Customer
        field = next(f for f in model._meta.concrete_fields if f.attname == column)
        found.append(
            Difference(
                str(field.verbose_name), in_words(column, before), in_words(column, after), column == "credit_limit"
            )
        )
    return found


def in_words(column: str, value: str | None) -> str:
    if column == "credit_limit":
        return _("unlimited") if value is None else f"{Decimal(value):,.2f}"
    if column == "term_id":
        return str(PaymentTerm.objects.filter(pk=value).first() or "—")
    if column == "settlement":
        return str(dict(Settlement.choices).get(value or "", value))
    return value or "—"


@guards(lifecycle.SUBMIT.name, lifecycle.APPLY.name)
def still_as_before(change: CustomerChange, *, by: Person) -> None:
    """What the change starts from must be what stands there now."""
    now = now_of(Customer.objects.select_related("party").get(pk=change.party_id))
    if moved := [key for key, (before, _after) in change.changes.items() if (now[key] or "") != (before or "")]:
        labels = ", ".join(d.label for d in differences(CustomerChange(changes={k: change.changes[k] for k in moved})))
        raise Refused(_("Changed meanwhile: %(fields)s. Open the request again.") % {"fields": labels}, code="moved")


@performs(lifecycle.SUBMIT)
def submit_customer_change(change: CustomerChange, *, by: Person) -> None:
    """Hand the change to somebody who may agree to it."""


@performs(lifecycle.APPLY)
def apply_customer_change(change: CustomerChange, *, by: Person) -> None:
    """Put the agreed values into the archive and give the change its number. C8 C11"""
    party = Party.objects.select_for_update().get(pk=change.party_id)
    customer = Customer.objects.select_for_update().get(pk=party.pk)
    for key, (_before, after) in change.changes.items():
        part, _dot, column = key.partition(".")
        row = party if part == "party" else customer
        field = next(f for f in row._meta.concrete_fields if f.attname == column)
        target = field.target_field if field.is_relation else field
        setattr(row, column, ("" if after is None and not field.null else target.to_python(after)))
    party.fill_search()
    party.version += 1
    party.save()
    customer.save()
    change.number = next_number(change.kind, on=timezone.localdate())


@performs(lifecycle.RETURN)
def return_customer_change(change: CustomerChange, *, by: Person) -> None:
    """Back to its author, with a reason."""


@performs(lifecycle.CANCEL)
def cancel_customer_change(change: CustomerChange, *, by: Person) -> None:
    """Withdrawn: nothing changes."""


def open_customer(*, by: Person, given: Mapping[str, Any]) -> Customer:
    """A new customer with the credit that is asked for on its way to somebody who may agree to it."""
    wanted = {name: given[name] for name in ("term", "credit_limit") if given.get(name) is not None}
    archive = {name: value for name, value in given.items() if name not in ("term", "credit_limit", "reason")}
    with transaction.atomic():
        customer = save_customer(None, by=by, given=archive)
        if wanted:
            change = request_change(customer, by=by, wanted=wanted, reason=given.get("reason") or "")
            submit_customer_change(change, by=by)
    return customer
