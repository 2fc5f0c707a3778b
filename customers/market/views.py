"""Pages of market notes, competitors, briefs, and the table of prices (C7)."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.timezone import localdate as today
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from backoffice.lists.workbook import Plain, Sheet
from backoffice.pages import charts
from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act
from backoffice.pages.templatetags.show import percent, price
from backoffice.pages.views import DetailPage, EditPage, ReportPage
from backoffice.parties.models import Party
from backoffice.people.models import Region
from backoffice.stock.models import Product
from customers.market import forms, services
from customers.market.models import Brief, Competitor, MarketNote
from customers.market.selectors import brief_for, monthly, price_table
from customers.market.services import FIELDS, WRITES
from customers.market.tables import READS, SEES_BRIEFS, BriefList, CompetitorList, MarketNoteList

CRUMBS = [(gettext_lazy("Market notes"), "market:list")]
CARRIED = {"product": Product, "competitor": Competitor, "region": Region, "party": Party}


class MarketNoteListPage(ListPage):
    list = MarketNoteList

    def get_acts(self):
        acts = [
            Act(_("Prices by product and region"), reverse("market:prices"), "chart"), Act(_("Competitors"), reverse("market:competitor-list"), "people"),
        ]  # fmt: skip
        if self.request.user.has_role(*SEES_BRIEFS):
            acts.append(Act(_("Briefs"), reverse("market:brief-list"), "mail"))
        return acts


class CompetitorListPage(ListPage):
    list = CompetitorList


class BriefListPage(ListPage):
    list = BriefList


class NotePage(DetailPage):
    roles = READS
    model = MarketNote
    crumbs = CRUMBS
    template_name = "market/note.html"

    def get_queryset(self):
        return (
            super().get_queryset().select_related("product__unit", "region", "competitor", "party", "author", "brief")
        )

    def get_title(self):
        return f"{self.object.get_kind_display()} {self.object.noted_on}"

    def get_edit_url(self):
        is_open = self.object.author_id == self.request.user.pk and self.object.brief_id is None
        return super().get_edit_url() if is_open else ""

    def facts(self):
        row = self.object
        against = percent(row.against_ours) if row.against_ours is not None else "—"
        their = f"{price(row.price)} / {row.product.unit}" if row.price is not None and row.product else "—"
        return [
            (_("Product"), row.product), (_("Competitor"), row.competitor), (_("Their product"), row.their_product), (_("Their price"), their),
            (_("Against our list price"), against), (_("Region"), row.region), (_("Source"), row.get_source_display()), (_("By"), row.author),
            (_("Brief"), row.brief),
        ]  # fmt: skip


class EditNote(EditPage):
    """Quick entry: kept with Ctrl-Enter; F9 keeps it and begins the next with the same place and product."""

    roles = WRITES
    model, form_class = MarketNote, forms.MarketNoteForm
    template_name = "market/edit.html"
    crumbs = CRUMBS
    saved_message = gettext_lazy("The note is kept.")
    wide = True

    def get_queryset(self):
        return super().get_queryset().unsent().filter(author=self.request.user)

    def get_initial(self):
        if self.object:
            return {name: getattr(self.object, name) for name in FIELDS}
        asked, person, found = self.request.GET, self.request.user, {"noted_on": today()}
        for name, model in CARRIED.items():
            if asked.get(name, "").isdigit():
                rows = model.objects.visible_to(person) if hasattr(model.objects, "visible_to") else model.objects.all()
                found[name] = rows.filter(pk=asked[name]).first()
        found |= {name: asked[name] for name in ("kind", "source") if name in asked}
        return found

    def save(self, form):
        return services.save_market_note(
            self.object or MarketNote(), by=self.request.user, given=form.cleaned_data, version=self.version
        )

    def address_after(self, saved):
        if "next" not in self.request.POST:
            return reverse("market:list")
        carried = {name: getattr(saved, f"{name}_id") for name in CARRIED}
        query = {name: pk for name, pk in carried.items() if pk} | {"kind": saved.kind, "source": saved.source}
        return f"{reverse('market:note-new')}?{urlencode(query)}"


class CompetitorPage(DetailPage):
    roles = READS
    model = Competitor
    crumbs = [(gettext_lazy("Competitors"), "market:competitor-list")]
    template_name = "market/competitor.html"

    def get_edit_url(self):
        return super().get_edit_url() if self.request.user.has_role(*WRITES) else ""

    def facts(self):
        return [(_("Brands"), self.object.brands), (_("Remarks"), self.object.note)]

    def get_context_data(self, **kwargs):
        notes = MarketNote.objects.visible_to(self.request.user).filter(competitor=self.object.pk)
        return super().get_context_data(**kwargs) | {"notes": notes.select_related("product", "region", "author")[:20]}


class EditCompetitor(EditPage):
    roles = WRITES
    model, form_class = Competitor, forms.CompetitorForm
    crumbs = [(gettext_lazy("Competitors"), "market:competitor-list")]

    def get_initial(self):
        row = self.object
        return {name: getattr(row, name) for name in ("name", "brands", "note", "is_active")} if row else {}

    def save(self, form):
        return services.save_competitor(
            self.object or Competitor(), by=self.request.user, given=form.cleaned_data, version=self.version
        )


class BriefPage(DetailPage):
    """The brief of a day, as the managers got it."""

    roles = SEES_BRIEFS
    model = Brief
    crumbs = [(gettext_lazy("Market briefs"), "market:brief-list")]
    template_name = "market/brief.html"
    has_timeline = False

    def get_queryset(self):
        return Brief.objects.all()

    def get_title(self):
        return _("Market brief %(day)s") % {"day": self.object.day}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"shown": brief_for(self.object, visible_to=self.request.user)}


class PricesPage(ReportPage):
    """Prices of the market by product and region, or competitor, each against the period before and our list price."""

    roles = READS
    title = gettext_lazy("Market prices")
    template_name = "market/prices.html"
    crumbs = CRUMBS
    period_kinds = ("month", "quarter", "year")
    form_class = forms.PricesForm
    BY = {"region": gettext_lazy("Region"), "competitor": gettext_lazy("Competitor")}

    @property
    def by(self):
        wanted = self.request.GET.get("by", "region")
        return wanted if wanted in self.BY else "region"

    def table(self, period, given):
        return price_table(period, by=self.by, visible_to=self.request.user, given=given)

    def report(self, period, given):
        table = self.table(period, given)
        names = [name for _key, name in table.columns]
        return {
            "table": table, "rows": [(row, list(zip(names, row.cells, strict=True))) for row in table.rows], "by": self.by, "ways": self.BY.items(), "chart": self.trend(period, given),
            "span": f"{period.first}..{period.last}",
        }  # fmt: skip

    def trend(self, period, given):
        """Twelve months of one product, our list price as the dashed line."""
        product = given.get("product")
        if not product:
            return None
        months = monthly(product, until=period.last, visible_to=self.request.user, given=given)
        if not any(average for _month, average in months):
            return None
        ours = [product.list_price] * len(months) if product.list_price else ()
        return charts.lines(
            str(product), [month for month, _average in months], [average for _month, average in months], plan=ours,
            plan_label=_("Our list price"), label=_("Market"), show=price,
        )  # fmt: skip

    def sheets(self, period, given):
        table = self.table(period, given)
        columns = [
            Plain(_("Code"), "text", 14), Plain(_("Product"), "text", 30), Plain(_("Our list price"), "price", 14), Plain(_("Market"), "price", 14),
            Plain(_("Against ours"), "percent", 12), Plain(_("Lowest"), "price", 14), Plain(_("Highest"), "price", 14), Plain(pgettext("number", "Notes"), "integer", 8),
            Plain(_("Trend"), "percent", 10), *(Plain(name, "price", 14) for _key, name in table.columns),
        ]  # fmt: skip
        rows = [
            (row.product.code, row.product.name, row.product.list_price, row.all.average, row.against_ours, row.all.low, row.all.high, row.all.notes,
             row.all.change, *(cell.average if cell else None for cell in row.cells))
            for row in table.rows
        ]  # fmt: skip
        return [Sheet(str(period), columns, rows)]
