"""What the market notes show elsewhere: navigation, look-up of competitors, on customers and products."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.lookups import Choice, Lookup
from backoffice.pages.registry import Section, looks_up, names_act, nav, panel
from backoffice.stock.models import Product
from customers.market.models import Competitor, MarketNote
from customers.market.services import WRITES
from customers.market.tables import READS
from customers.models import Customer
from customers.timeline import Entry, Source, tells

MOST = 8

nav(Section.CUSTOMERS, _("Market notes"), "market:list", icon="trend", roles=READS, order=40)
nav(Section.FIGURES, _("Market prices"), "market:prices", icon="trend", roles=READS, order=65)
names_act("save_market_note", _("Market note written"))
names_act("save_competitor", _("Competitor saved"))
names_act("send_market_brief", _("Market brief sent"))


@looks_up("competitor")
class Competitors(Lookup):
    """Competitors by name, brand or initials; they have no code."""

    add = "market:competitor-new"
    code = "name"

    def rows(self, person, given):
        return Competitor.objects.visible_to(person).filter(is_active=True)

    def choice(self, row):
        return Choice(row.pk, "", row.name, (row.brands,))


def notes_of(person, **of):
    rows = (
        MarketNote.objects.visible_to(person).filter(**of).select_related("product", "competitor", "region", "author")
    )
    return {"notes": rows[:MOST], "of": of, "may_write": person.has_role(*WRITES)}


@panel(on=Customer, title=_("Market notes"), template="market/_notes.html", order=75, icon="trend", roles=READS)
def market_notes_of_customer(customer, person):
    """What was heard at this customer's."""
    return notes_of(person, party=customer.pk)


@panel(on=Product, title=_("Market prices"), template="market/_notes.html", order=40, icon="trend", roles=READS)
def market_notes_of_product(product, person):
    """What others ask for the same."""
    return notes_of(person, product=product.pk)


@tells
class Heard(Source):
    """What a customer told us of the market."""

    name, order, day, models = "market", 40, "noted_on", (MarketNote,)
    label = _("Market notes")

    def rows(self, party, person):
        return (
            MarketNote.objects.visible_to(person).filter(party=party).select_related("product", "competitor", "author")
        )

    def entry(self, note):
        price = f"{note.price:,.2f}" if note.price is not None else ""
        detail = " · ".join(str(part) for part in (note.product, note.competitor, price) if part)
        what = f"{gettext('Market note')}: {note.get_kind_display()}"
        return Entry(what=what, url=note.get_absolute_url(), person=note.author, text=note.text, detail=detail)
