"""The only functions that write licences 证照 and their kinds."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.audit.changes import check_unchanged
from backoffice.database.copying import copy_objects
from backoffice.documents.editing import editing
from backoffice.documents.gate import performs
from backoffice.files.models import File
from backoffice.files.services import keep_upload
from backoffice.numbering.services import next_number
from backoffice.outbox.notices import notify, told_already
from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from backoffice.register.models import Opening
from customers.licences import lifecycle
from customers.licences.models import Licence, LicenceKind
from customers.licences.selectors import OVER, billing_of, to_warn_of
from customers.licences.topics import LAPSED, LAPSES, RETURNED, REVOKED

HEADER = (
    "party", "licence_kind", "external_number", "issuer", "valid_from", "valid_until", "scope", "replaces", "note",
)  # fmt: skip
KEEPS_KINDS = (Role.MANAGER, Role.FINANCE, Role.GM, Role.ADMINISTRATOR)


def save_licence(
    licence: Licence,
    *,
    by: Person,
    header: Mapping[str, Any],
    scan: UploadedFile | None = None,
    version: int | None = None,
) -> Licence:
    """Write a new or an editable licence with its scan. `header` holds names of HEADER; others are refused. C2"""
    if unknown := set(header) - set(HEADER):
        raise ValueError(f"not part of a licence: {sorted(unknown)}")
    for name, value in header.items():
        setattr(licence, name, value)
    if licence.valid_from and licence.valid_until and licence.valid_until < licence.valid_from:
        raise Refused(_("It ends before it begins."), field="valid_until")
    if licence.pk is None:
        licence.dated_on = timezone.localdate()
    typed = {name: getattr(licence, name) for name in HEADER}
    try:
        with transaction.atomic(), editing(licence, by=by, version=version) as draft:
            for name, value in typed.items():
                setattr(draft, name, value)
            draft.external_number = draft.external_number.strip()
            draft.salesperson = draft.party.owner
            if scan is not None:
                keep_upload(scan, by=by, record=draft, label=File.Label.CERTIFICATE)
    except IntegrityError as error:
        if "licence_on_its_way_once" in str(error):
            raise Refused(
                _("This licence is on its way to be verified already."), code="open", field="external_number"
            ) from error
        raise
    return draft


@performs(lifecycle.SUBMIT)
def submit_licence(licence: Licence, *, by: Person) -> None:
    """Hand the licence to somebody else to verify, with its scan; the billing data it states are taken over. C2"""
    kind = licence.licence_kind
    if not licence.party.is_customer or not Party.objects.visible_to(by).filter(pk=licence.party_id).exists():
        raise Refused(_("%(party)s is no customer of yours.") % {"party": licence.party}, field="party")
    if not licence.external_number and not kind.is_billing:
        raise Refused(_("The number of the licence is missing."), field="external_number")
    if not File.objects.of(licence).filter(label=File.Label.CERTIFICATE).exists():
        raise Refused(_("The scan of the licence is missing."), field="scan")
    licence.stated = billing_of(licence.party) if kind.is_billing else {}
    if kind.is_billing and not (licence.stated["invoice_title"] and licence.stated["tax_no"]):
        raise Refused(
            _("The archive lacks the invoice title or the tax number of this customer."), field="licence_kind"
        )


@performs(lifecycle.VERIFY)
def verify_licence(licence: Licence, *, by: Person) -> None:
    """It counts from now on, and takes the place of the one it renews. C2"""
    if licence.stated and licence.stated != billing_of(licence.party):
        raise Refused(_("The billing data in the archive were changed meanwhile. Return it, to be submitted anew."))
    earlier = Licence.objects.in_state(lifecycle.VERIFIED).filter(
        party=licence.party_id, licence_kind=licence.licence_kind_id
    )
    for old in earlier.order_by("pk"):
        if old.pk == licence.replaces_id or licence.stated or old.external_number == licence.external_number:
            replace_licence(old, by=Person.objects.system())
    licence.number = next_number(licence.kind, on=timezone.localdate())


@performs(lifecycle.RETURN)
def return_licence(licence: Licence, *, by: Person, note: str = "") -> None:
    """Back to its author, with what is wrong. C2"""
    notify(licence.author, RETURNED, licence, by=by, kind=licence.licence_kind, reason=note)


@performs(lifecycle.REPLACE)
def replace_licence(licence: Licence, *, by: Person) -> None:
    """A newer one was verified. C2"""


@performs(lifecycle.REVOKE)
def revoke_licence(licence: Licence, *, by: Person, note: str = "") -> None:
    """Its issuer took it back; it does not count any more. C2"""
    told = [*sales_side(licence), Role.MANAGER]
    notify(told, REVOKED, licence, by=by, kind=licence.licence_kind, reason=note)


@performs(lifecycle.CANCEL)
def cancel_licence(licence: Licence, *, by: Person) -> None:
    """Discarded before anybody verified it."""


def take_over_licences(licences: Sequence[Licence], *, opening: Opening, by: Person) -> None:
    """File what the company had verified before, by an import that two people answer for. C2 X39"""
    today = timezone.localdate()
    with transaction.atomic(), acting(by, step="take_over_licence"):
        for licence in licences:
            licence.state, licence.opening, licence.author, licence.dated_on = (
                str(lifecycle.VERIFIED),
                opening,
                by,
                today,
            )
            licence.salesperson = licence.party.owner
            licence.number = next_number(licence.kind, on=today)
        copy_objects(Licence, licences)


def sales_side(licence: Licence) -> list[Person]:
    """Who looks after the customer now: the salesperson and the assistants who serve them."""
    owner = licence.party.owner
    return [owner, *owner.served_by.filter(is_active=True)] if owner else [licence.author]


def warn_of_lapses(*, on: datetime.date) -> int:
    """Tell 60, 30 and 7 days before a licence lapses, and once it has; each once, however often this runs. How many. C2"""
    waiting = {f"{licence.pk}:{level}": (licence, level) for licence, level in to_warn_of(on=on)}
    told = told_already((LAPSES, LAPSED), waiting)
    new = {key: pair for key, pair in waiting.items() if key not in told}
    for key, (licence, level) in new.items():
        topic, to = (LAPSED, [*sales_side(licence), Role.MANAGER]) if level == OVER else (LAPSES, sales_side(licence))
        notify(
            to, topic, licence, key=key, kind=licence.licence_kind, day=licence.valid_until, left=licence.days_left(on)
        )
    return len(new)


def save_kind(kind: LicenceKind, *, by: Person, categories: Any = None, version: int | None = None) -> LicenceKind:
    """A new or changed kind of licence; whoever holds orders by it is written down."""
    if not by.has_role(*KEEPS_KINDS):
        raise Refused(_("Only managers, finance and administrators keep the kinds of licence."), code="role")
    try:
        with transaction.atomic(), acting(by, step="save_licence_kind"):
            if kind.pk:
                check_unchanged(LicenceKind.objects.select_for_update().get(pk=kind.pk), version)
            kind.save()
            if categories is not None:
                kind.categories.set(categories)
    except IntegrityError as error:
        if "code" in str(error):
            raise Refused(_("There is one with this code already."), code="taken", field="code") from error
        raise
    return kind
