"""Lists of market notes, competitors, and briefs as they went out."""

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from backoffice.stock.models import Product
from customers.market.models import Brief, Competitor, MarketNote
from customers.market.services import RECIPIENTS, WRITES

READS = (*WRITES, Role.FINANCE, Role.GM)
SEES_BRIEFS = (*RECIPIENTS, Role.GM)


class MarketNoteList(List):
    name = "market_notes"
    title = _("Market notes")
    model = MarketNote
    columns = [
        c.Date("noted_on", link=True),
        c.Choice("kind"),
        c.Text("product", path="product__name", width=28),
        c.Text("competitor", path="competitor__name", width=18),
        c.Price("price"),
        c.Percent("against_ours", _("Against our list price"), order=False),
        c.Text("region", path="region__name", width=14),
        c.Text("text", width=48),
        c.Choice("source"),
        c.Party(link="party", label=pgettext_lazy("market", "Heard from")),
        c.Person("author"),
        c.Text("their_product", hidden=True),
        c.Text("product_code", _("Product code"), path="product__code", hidden=True),
        c.Date("brief", path="brief__day", hidden=True),
    ]
    filters = [
        f.Choice("kind"), f.DateRange("noted_on"), f.Related("product", Product, lookup="product"), f.RegionIs("region"),
        f.Related("competitor", Competitor, lookup="competitor"), f.Choice("source"), f.AmountRange("price"), f.PersonIs("author"),
        f.Related("party", Party, pgettext_lazy("market", "Heard from"), lookup="customer"),
    ]  # fmt: skip
    search = ["text", "their_product", "product__search", "competitor__search"]
    search_hint = _("Text, product, competitor")
    default_order = "-noted_on"
    views = [
        (_("This week"), "noted_on=this_week"),
        (_("Prices"), "kind=price&noted_on=last_30_days"),
        (_("Competitors"), "kind=move&kind=product&kind=promotion&noted_on=last_30_days"),
        (_("Mine"), "author=me"),
    ]
    roles = READS
    new = ("market:note-new", _("New market note"), WRITES)
    empty = _(
        "Write down what you hear of prices and competitors: one line is enough. The managers get it with the brief of the day."
    )


class CompetitorList(List):
    name = "competitors"
    title = _("Competitors")
    model = Competitor
    columns = [
        c.Text("name", link=True, width=24), c.Text("brands", width=28), c.Count("note_count", pgettext_lazy("number", "Notes")), c.Date("last_on", _("Last heard of")),
        c.Bool("is_active", hidden=True), c.Text("note", width=48, hidden=True),
    ]  # fmt: skip
    filters = [f.Bool("is_active")]
    search = ["search"]
    search_hint = _("Name, brands")
    default_order = "name"
    roles = READS
    new = ("market:competitor-new", _("New competitor"), WRITES)
    empty = _("Who sells the same as we do; notes name them.")

    def rows(self, person: Person) -> QuerySet[Competitor]:
        return super().rows(person).annotate(note_count=Count("notes"), last_on=Max("notes__noted_on"))


class BriefList(List):
    name = "market_briefs"
    title = _("Market briefs")
    model = Brief
    columns = [
        c.Date("day", link=True), c.Count("note_count", pgettext_lazy("number", "Notes")), c.Count("mails"), c.Moment("watermark"), c.Bool("is_late"),
    ]  # fmt: skip
    filters = [f.DateRange("day"), f.Bool("is_late")]
    default_order = "-day"
    roles = SEES_BRIEFS
    empty = _("The brief of each working day appears here when it was sent.")

    def rows(self, person: Person) -> QuerySet[Brief]:
        return Brief.objects.annotate(note_count=Count("notes"))
