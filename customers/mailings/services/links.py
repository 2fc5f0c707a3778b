"""Private links 状态查询链接 (C10, X34): an address that shows one document's state until it runs out or is revoked; its visits are kept."""

import datetime
import hashlib

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.register.models import Record
from customers.mailings.models import LinkVisit, PrivateLink, new_secret
from customers.mailings.showing import is_shown

USUAL_DAYS, MOST_DAYS = 30, 365
ONE_VISIT = datetime.timedelta(seconds=60)  # who loads a page again looks once


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make_link(record: Record, *, by: Person, days: int = USUAL_DAYS, told: str = "") -> tuple[PrivateLink, str]:
    """A link and its address, which is shown now and never again: the database holds its digest only."""
    if not is_shown(record) or record.party is None:
        raise Refused(_("The state of this document is not shown to customers."), code="kind")
    if not 1 <= days <= MOST_DAYS:
        raise Refused(_("A link is valid for 1 to %(most)s days.") % {"most": MOST_DAYS}, code="days", field="days")
    secret, now = new_secret(), timezone.now()
    with transaction.atomic(), acting(by, step="make_private_link"):
        link = PrivateLink.objects.create(
            digest=digest_of(secret), record=record, party=record.party, told=told[:254], made_by=by, made_at=now,
            expires_at=now + datetime.timedelta(days=days),
        )  # fmt: skip
    return link, f"{settings.BASE_URL}{reverse('told:state', args=[secret])}"


def revoke_link(link: PrivateLink, *, by: Person) -> PrivateLink:
    """From now on it leads nowhere; revoking it again changes nothing."""
    with transaction.atomic(), acting(by, step="revoke_private_link"):
        locked = PrivateLink.objects.visible_to(by).select_for_update(of=("self",)).get(pk=link.pk)
        if locked.revoked_at is None:
            locked.revoked_at, locked.revoked_by = timezone.now(), by
            locked.save(update_fields=["revoked_at", "revoked_by"])
        return locked


def link_of(secret: str) -> PrivateLink | None:
    """The link behind an address, while it lives."""
    rows = PrivateLink.objects.alive().select_related("record__party__owner", "record__salesperson")
    return rows.filter(digest=digest_of(secret)).first()


def note_visit(link: PrivateLink, *, address: str | None, agent: str) -> None:
    """Write down that it was opened, once a minute from one place."""
    now = timezone.now()
    if not link.visits.filter(address=address, at__gt=now - ONE_VISIT).exists():
        LinkVisit.objects.create(link=link, at=now, address=address, agent=agent[:300])
