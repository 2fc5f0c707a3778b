"""Who wants no mailings 退订 (C9): by the link in a letter, or told to the office; both last until they are taken back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.refusals import Refused
from customers.mailings.models import OptOut, Recipient
from customers.models import Contact


def opt_out_by_link(secret: str) -> Recipient | None:
    """Whoever holds the letter wants no more of them: at once, without a question; twice is once. None for no letter of ours."""
    with transaction.atomic(), acting(Person.objects.system(), step="opt_out"):
        row = Recipient.objects.select_for_update(of=("self",)).filter(secret=secret).exclude(email="").first()
        if row is None:
            return None
        OptOut.objects.get_or_create(email=row.email, defaults={"party": row.party, "recipient": row})
        Contact.objects.filter(party=row.party, email__iexact=row.email).update(takes_mailings=False)
        if row.opted_out_at is None:
            row.opted_out_at = timezone.now()
            row.save(update_fields=["opted_out_at"])
        return row


def write_opt_out(party: Party, email: str, *, by: Person, reason: str = "") -> OptOut:
    """A customer told somebody that this address wants no mailings."""
    with transaction.atomic(), acting(by, step="opt_out", note=reason):
        seen = Party.objects.visible_to(by).get(pk=party.pk)
        kept, is_new = OptOut.objects.get_or_create(
            email=email.lower(), defaults={"party": seen, "told_to": by, "reason": reason.strip()[:200]}
        )
        if not is_new:
            raise Refused(_("This address gets no mailings already."), code="taken", field="email")
        Contact.objects.filter(party=seen, email__iexact=email).update(takes_mailings=False)
        return kept


def take_back_opt_out(opt_out: OptOut, *, by: Person, note: str) -> None:
    """They want letters again: who says so and why stands in the history."""
    if not note.strip():
        raise Refused(_("Please write who asked for it, and when."), code="note", field="note")
    with transaction.atomic(), acting(by, step="take_back_opt_out", note=note):
        row = OptOut.objects.visible_to(by).select_for_update(of=("self",)).get(pk=opt_out.pk)
        Contact.objects.filter(party=row.party_id, email__iexact=row.email).update(takes_mailings=True)
        row.delete()
