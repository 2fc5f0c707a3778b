"""What the frame round every page needs: navigation, bell, language and theme."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from backoffice.people.models import Person, Role

from .acted import acted_at
from .counting import BELL, waiting_for
from .registry import navigation_for
from .words import SECTION_LABELS

NO_FIT = (0, 0)


def frame(request):
    """Lazily: a fragment or a mail that shows no frame asks the database nothing."""
    person = getattr(request, "user", None)
    signed_in = bool(person and person.is_authenticated)
    waiting = SimpleLazyObject(lambda: waiting_for(person, acted=acted_at(request)))
    return {
        "nav": SimpleLazyObject(lambda: _navigation(request, person, waiting) if signed_in else []),
        "acted": acted_at(request),
        "unread": SimpleLazyObject(lambda: waiting[BELL] if signed_in else 0),
        "theme": getattr(person, "theme", "") or "auto",
        "place": settings.PLACE,
        "company": settings.COMPANY_NAME,
        "logins": SimpleLazyObject(demo_people) if settings.PLACE == "demo" and not signed_in else [],
        "demo_password": settings.DEMO_PASSWORD,
        "narrow_nav": request.COOKIES.get("nav") == "narrow",
    }


def demo_people() -> list[Person]:
    """Who may be chosen on the sign-in page of the demonstration, one or two of each role."""
    people = list(Person.objects.filter(is_active=True).exclude(roles=[]).order_by("pk")[:16])
    for one in people:
        one.roles_words = "、".join(str(Role(role).label) for role in one.roles)
    return people


def _navigation(request, person, waiting):
    """Sections with their entries; the entry whose address is the longest beginning of this one's is the current one."""
    sections = [(SECTION_LABELS[section], entries) for section, entries in navigation_for(person)]
    fits = [(_fit(e.url, request), e) for _, entries in sections for e in entries]
    _best, here = max(fits, key=lambda fit: fit[0], default=((0, 0), None))
    here = here if _best > NO_FIT else None
    return [
        {
            "label": label,
            "entries": [{"entry": e, "here": e is here, "count": waiting.get(e.url, 0)} for e in entries],
        }
        for label, entries in sections
    ]


def _fit(url, request):
    """How well an entry fits this address: the longest beginning first, then the one whose query this is, then one without."""
    path, _, query = url.partition("?")
    if request.path != path and not (path != "/" and request.path.startswith(path)):
        return NO_FIT
    is_it = request.path == path and query in request.META.get("QUERY_STRING", "")
    return len(path), 2 if query and is_it else 0 if query else 1
