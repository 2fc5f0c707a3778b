"""What the foundation itself shows: the sources of the search, and the look-ups of parties and people."""

from django.db.models import Q

from backoffice.parties.models import Party
from backoffice.parties.search import search_key
from backoffice.people.models import Person, Region, Role

from . import search  # noqa: F401  (registers its sources)
from .lookups import Choice, Lookup
from .registry import looks_up


class Parties(Lookup):
    """Parties the person may know of; a subclass says which."""

    def rows(self, person, given):
        return Party.objects.visible_to(person).filter(is_active=True).select_related("owner")

    def choice(self, party):
        return Choice(party.pk, party.code, party.name, (party.city, party.phone, str(party.owner or "")))


@looks_up("party")
class AnyParty(Parties):
    """Whoever we deal with."""


@looks_up("supplier")
class Suppliers(Parties):
    def rows(self, person, given):
        return super().rows(person, given).filter(is_supplier=True)


@looks_up("carrier")
class Carriers(Parties):
    """Carriers are known to everybody."""

    def rows(self, person, given):
        return Party.objects.filter(is_active=True, is_carrier=True).select_related("owner")


@looks_up("person")
class People(Lookup):
    """Colleagues by name, initials, sign-in name or employee number."""

    code = "username"

    def rows(self, person, given):
        return Person.objects.filter(is_active=True).select_related("department")

    def matching(self, rows, typed):
        wanted = typed.casefold()
        found = [
            row.pk
            for row in rows
            if wanted in search_key(row.username, row.employee_no or "", row.name, is_person=True)
        ]
        return rows.filter(pk__in=found)

    def choice(self, row):
        return Choice(row.pk, row.employee_no or row.username, row.name, (str(row.department or ""), row.title))


@looks_up("salesperson")
class Salespeople(People):
    def rows(self, person, given):
        return super().rows(person, given).filter(roles__contains=[Role.SALESPERSON])


@looks_up("region")
class Regions(Lookup):
    """Sales regions by name or code."""

    def rows(self, person, given):
        return Region.objects.select_related("parent__parent")

    def matching(self, rows, typed):
        return rows.filter(Q(name__icontains=typed) | Q(code__istartswith=typed))

    def choice(self, row):
        lies_in = [row.parent.parent, row.parent] if row.parent else []
        return Choice(row.pk, row.code, row.name, (" ".join(str(above) for above in lies_in if above),))
