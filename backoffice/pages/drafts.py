"""Forms keep themselves while they are typed, and show who else has the same one open."""

from datetime import timedelta

from django.http import QueryDict
from django.utils import timezone

from .models import Draft

OPEN_FOR = timedelta(minutes=3)
KEPT_FOR = timedelta(days=30)
NOT_KEPT = {"csrfmiddlewaretoken", "once"}


def keep_draft(person, path: str, fields: QueryDict) -> Draft:
    """Keep what stands in the form now, right or wrong."""
    kept = {name: values for name, values in fields.lists() if name not in NOT_KEPT}
    draft, _new = Draft.objects.update_or_create(
        person=person, path=path[:300], defaults={"fields": kept, "changed_at": timezone.now()}
    )
    return draft


def draft_of(person, path: str) -> Draft | None:
    return Draft.objects.filter(person=person, path=path[:300]).first()


def drop_draft(person, path: str) -> None:
    Draft.objects.filter(person=person, path=path[:300]).delete()


def typed_in(draft: Draft) -> QueryDict:
    """The fields as they were posted."""
    fields = QueryDict(mutable=True)
    for name, values in draft.fields.items():
        fields.setlist(name, values)
    return fields


def others_in(person, path: str) -> list[str]:
    """The names of the others who typed into the same form in the last minutes."""
    lately = Draft.objects.filter(path=path[:300], changed_at__gte=timezone.now() - OPEN_FOR).exclude(person=person)
    return [draft.person.name for draft in lately.select_related("person")]


def remove_old_drafts() -> int:
    """Forget what was typed and left alone for a month."""
    return Draft.objects.filter(changed_at__lt=timezone.now() - KEPT_FOR).delete()[0]
