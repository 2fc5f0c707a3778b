"""Forms keep themselves while they are typed, and show who else has the same one open."""

from datetime import timedelta
from hashlib import sha256

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from .models import Draft

OPEN_FOR = timedelta(minutes=3)
KEPT_FOR = timedelta(days=30)
NOT_KEPT = {"csrfmiddlewaretoken", "once"}
DISCARD = "discard"
LONGEST = 300  # of a place


def address_of(request: HttpRequest, *, discard: bool = False) -> str:
    """Where this form was opened, with what it begins from; with `discard` the address that forgets its draft."""
    asked = request.GET.copy()
    asked.pop(DISCARD, None)
    if discard:
        asked[DISCARD] = "1"
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def place_of(request: HttpRequest) -> str:
    """What its draft is kept under: the address; of a very long one the path and a digest."""
    address = address_of(request)
    return address if len(address) <= LONGEST else f"{request.path}?{sha256(address.encode()).hexdigest()}"


def keep_draft(person, path: str, fields: QueryDict) -> Draft:
    """Keep what stands in the form now, right or wrong."""
    kept = {name: values for name, values in fields.lists() if name not in NOT_KEPT}
    draft, _new = Draft.objects.update_or_create(
        person=person, path=path, defaults={"fields": kept, "changed_at": timezone.now()}
    )
    return draft


def draft_of(person, path: str) -> Draft | None:
    return Draft.objects.filter(person=person, path=path).first()


def drop_draft(person, path: str) -> None:
    Draft.objects.filter(person=person, path=path).delete()


def typed_in(draft: Draft) -> QueryDict:
    """The fields as they were posted."""
    fields = QueryDict(mutable=True)
    for name, values in draft.fields.items():
        fields.setlist(name, values)
    return fields


def others_in(person, path: str) -> list[str]:
    """The names of the others who typed into the same form in the last minutes."""
    lately = Draft.objects.filter(path=path, changed_at__gte=timezone.now() - OPEN_FOR).exclude(person=person)
    return [draft.person.name for draft in lately.select_related("person")]


def remove_old_drafts() -> int:
    """Forget what was typed and left alone for a month."""
    return Draft.objects.filter(changed_at__lt=timezone.now() - KEPT_FOR).delete()[0]
