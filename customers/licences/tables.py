"""Lists of licences and of their kinds."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.parties.models import Party
from backoffice.people.models import Role
from customers.licences.lifecycle import OFFICE
from customers.licences.models import Licence, LicenceKind
from customers.licences.services import KEEPS_KINDS

READS = (*OFFICE, Role.GM)


class LicenceList(List):
    name = "licences"
    title = _("Licences")
    model = Licence
    columns = [
        c.Text("number", link=True, value=str, order="number"),
        c.Party(link="party"),
        c.Text("kind", _("Kind of licence"), path="licence_kind__name", width=20),
        c.Text("external_number", _("Number of the licence"), link=True, width=22),
        c.Text("issuer", width=24),
        c.Date("valid_from", hidden=True),
        c.Date("valid_until"),
        c.Count("days_left", _("Days left"), value=lambda row: row.days_left(timezone.localdate())),
        c.State(),
        c.Person("salesperson", _("Salesperson"), path="party__owner__name"),
        c.Person("author", hidden=True),
        c.Date("dated_on", hidden=True),
    ]
    filters = [
        f.Choice("state"), f.OneOf("kind", LicenceKind, _("Kind of licence"), path="licence_kind"), f.DateRange("valid_until"),
        f.Related("party", Party, lookup="customer"), f.PersonIs("salesperson", _("Salesperson"), path="party__owner"), f.PersonIs("author"),
        f.Flag("lapsing", _("Lapses within 60 days"), lambda rows: rows.lapsing(timezone.localdate())),
        f.Flag("lapsed", _("Lapsed"), lambda rows: rows.lapsed(timezone.localdate())),
    ]  # fmt: skip
    search = ["number", "external_number", "issuer", "party__search"]
    default_order = "valid_until"
    views = [
        (_("To verify"), "state=submitted"), (_("About to lapse"), "lapsing=1"), (_("Lapsed"), "lapsed=1"),
        (_("Mine"), "salesperson=me"),
    ]  # fmt: skip
    bulk = ["submit_licence", "cancel_licence"]
    roles = READS
    new = ("licences:licence-new", _("New licence"), OFFICE)
    empty = _("Licences of customers appear here once somebody registers one with its scan.")

    def row_css(self, row):
        left = row.days_left(timezone.localdate()) if row.state == "verified" else None
        return "late" if left is not None and left < 0 else ""


class KindList(List):
    name = "licence_kinds"
    title = _("Kinds of licence")
    model = LicenceKind
    columns = [
        c.Text("code", link=True, width=12),
        c.Text("name", link=True, width=32),
        c.Choice("hold", width=40),
        c.Text("party_kinds", value=lambda row: words_of(row.party_kinds)),
        c.Text("categories", _("Wanted for"), value=lambda row: "、".join(line.name for line in row.categories.all())),
        c.Bool("is_billing", hidden=True),
        c.Bool("is_active"),
    ]
    filters = [f.Choice("hold"), f.Bool("is_active")]
    search = ["code", "name"]
    default_order = "code"
    roles = KEEPS_KINDS
    new = ("licences:kind-new", _("New kind of licence"), KEEPS_KINDS)

    def rows(self, person):
        return LicenceKind.objects.prefetch_related("categories")


def words_of(kinds: list[str]) -> str:
    return "、".join(str(Party.Kind(kind).label) for kind in kinds)
