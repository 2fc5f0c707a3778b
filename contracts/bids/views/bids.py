"""Pages of bids: written with their documents, prepared, handed in, their deposit followed, their results counted (K5)."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.lists.workbook import Plain, Sheet
from backoffice.pages import charts
from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act, Page, back_from
from backoffice.pages.templatetags.show import moment, money
from backoffice.pages.views import Column, DocumentPage, EditPage, ReportPage, SheetPage
from backoffice.people.models import Role
from backoffice.refusals import Refused
from contracts.bids import entry, forms, services
from contracts.bids.lifecycle import OFFICE, PREPARING, WON
from contracts.bids.models import Bid, BidPaper, Competitor
from contracts.bids.selectors import lost_to, outcomes, whole, with_others
from contracts.bids.tables import SEES, BidList, PaperList

CRUMBS = [(gettext_lazy("Bids"), "bids:list")]
FINANCE = (Role.FINANCE,)


class BidListPage(ListPage):
    list = BidList

    def get_acts(self):
        return [
            Act(_("Won and lost"), reverse("bids:figures"), "chart"),
            Act(_("Documents of bids"), reverse("bids:papers"), "files"),
        ]


class PaperListPage(ListPage):
    list = PaperList


class BidPage(DocumentPage):
    """One bid: what is missing, what lies with them, who else bid."""

    roles = SEES
    model = Bid
    crumbs = CRUMBS
    template_name = "bids/bid.html"

    def facts(self):
        row = self.object
        return [
            (_("Project"), row.title), (_("Number of the tender"), row.external_number), (_("Found at"), row.source), (_("Published on"), row.published_on),
            (_("To be handed in by"), moment(row.closes_at)), (_("Opened at"), moment(row.opens_at)), (_("Place"), row.place),
            (_("Highest price"), money(row.ceiling, row.currency)), (_("Handed in on"), row.handed_in_on), (_("Winner"), row.winner or (_("we") if row.get_state() == WON else "")),
            (_("Winning price"), money(row.winning_price, row.currency)), (_("Contract"), row.contract),
        ]  # fmt: skip

    def get_queryset(self):
        return super().get_queryset().select_related("contract")

    def get_primary(self):
        if self.object.get_state() != WON or not self.request.user.has_role(*OFFICE):
            return None
        if self.object.contract_id:
            return Act(_("Contract"), self.object.contract.get_absolute_url(), icon="contract")
        return Act(
            _("Make the contract"),
            reverse("bids:make-contract", args=[self.object.pk]),
            icon="contract",
            key="F7",
            method="post",
        )

    def get_acts(self):
        row, person, acts = self.object, self.request.user, super().get_acts()
        if person.has_role(*OFFICE):
            if row.get_state() == PREPARING:
                acts.append(Act(_("Tender documents"), reverse("bids:papers-edit", args=[row.pk]), icon="files"))
            if row.state in services.STILL_OPEN:
                acts.append(
                    Act(_("Goods and prices"), reverse("bids:goods-edit", args=[row.pk]), icon="list", key="F6")
                )
            if row.state in services.STILL_OPEN and not row.is_editable:
                acts.append(Act(_("Deadline moved"), reverse("bids:deadline", args=[row.pk]), icon="calendar"))
            acts.append(Act(_("Competitor"), reverse("bids:competitor-new", args=[row.pk]), icon="people"))
        if person.has_role(*FINANCE):
            acts += self.acts_of_finance()
        return acts + self.acts_on_prices()

    def acts_on_prices(self):
        row = self.object
        if not row.goods.exists():
            return []
        return [
            Act(_("Price schedule (PDF)"), reverse("bids:prices", args=[row.pk]), icon="print"),
            Act(_("Price schedule (Excel)"), reverse("bids:prices-xlsx", args=[row.pk]), icon="excel"),
        ]

    def acts_of_finance(self):
        row, acts = self.object, []
        if row.get_state() == PREPARING and row.deposit_missing:
            acts.append(Act(_("Deposit paid"), reverse("bids:deposit-paid", args=[row.pk]), icon="cash"))
        if row.deposit_out:
            acts.append(Act(_("Deposit back"), reverse("bids:deposit-back", args=[row.pk]), icon="undo"))
            acts.append(
                Act(_("Deposit promised for"), reverse("bids:deposit-expected", args=[row.pk]), icon="calendar")
            )
        return acts

    def lines(self):
        return []

    def get_context_data(self, **kwargs):
        row = self.object
        may_tick = row.state in services.STILL_OPEN and self.request.user.has_role(*OFFICE)
        return super().get_context_data(**kwargs) | {
            "papers": row.papers.select_related("owner", "done_by"), "competitors": row.competitors.all(), "today": timezone.localdate(),
            "moves": row.deposit_moves.select_related("by", "entry"), "may_tick": may_tick, "may_write": self.request.user.has_role(*OFFICE),
            "missing": row.papers.missing().filter(is_required=True).count(), "goods": row.goods.select_related("product"),
            "sees_entries": self.request.user.sees_everything,
        }  # fmt: skip


class WithPapers(SheetPage):
    """A grid of the documents that the tender asks for."""

    roles = OFFICE
    model, line_form = Bid, forms.PaperForm
    crumbs = CRUMBS
    columns = [
        Column("name", gettext_lazy("Tender document"), width="grow", also=("文件", "文件名称", "名称")),
        Column("owner", gettext_lazy("Prepared by"), "lookup", "person", width="mid", also=("负责人", "编制人")),
        Column("owner_name", gettext_lazy("Name"), computed=True, width="mid"),
        Column("due_on", gettext_lazy("Ready by"), "date", width="mid", also=("完成日期", "日期")),
        Column("is_required", gettext_lazy("Must be there"), width="narrow", skip=True, also=("必备",), help=gettext_lazy("«no» where it may be missing")),
    ]  # fmt: skip

    def start(self, document):
        return entry.texts_of(document)

    def compute(self, form, lines):
        return entry.say(form, lines)


class BidEdit(WithPapers):
    form_class = forms.BidForm

    def get_initial(self):
        if self.object:
            return {name: getattr(self.object, name) for name in services.HEADER} | forms.WithInstants.split(
                self.object
            )
        party = self.request.GET.get("party", "")
        return {"party": party if party.isdigit() else None, "closes_time": forms.MORNING}

    def save_lines(self, form, lines):
        papers = [entry.wanted_of(line) for line in lines]
        return services.save_bid(
            self.object or Bid(), by=self.request.user, header=form.cleaned_data, papers=papers, version=self.version
        )


class PapersEdit(WithPapers):
    """The list of documents of a bid that is being prepared."""

    form_class = forms.PersonForm

    def get_title(self):
        return _("Documents of %(what)s") % {"what": self.object}

    def save_lines(self, form, lines):
        return services.change_papers(self.object, [entry.wanted_of(line) for line in lines], by=self.request.user)


# ── acts on one bid ─────────────────────────────────────────────────────────────────────────


class TickPaper(Page):
    """Ready, or not after all; back to where one was."""

    roles = OFFICE
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        paper = get_object_or_404(BidPaper.objects.visible_to(request.user).select_related("bid"), pk=kwargs["pk"])
        try:
            services.tick_paper(paper, by=request.user, is_done=request.POST.get("done", "1") == "1")
        except Refused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(back_from(request, paper.bid.get_absolute_url()))


class MakeContract(Page):
    """The draft of the contract, and on to its lines."""

    roles = OFFICE
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        bid = get_object_or_404(Bid.objects.visible_to(request.user), pk=kwargs["pk"])
        try:
            contract = services.make_contract(bid, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(bid.get_absolute_url())
        return HttpResponseRedirect(reverse("contracts:contract-edit", args=[contract.pk]))


class OfBid(EditPage):
    """A form about one bid, whose id is `bid` in the address."""

    roles = OFFICE
    model = Bid

    @cached_property
    def bid(self):
        return get_object_or_404(
            Bid.objects.visible_to(self.request.user).select_related("party"), pk=self.kwargs["bid"]
        )

    def get_crumbs(self):
        return [(_("Bids"), reverse("bids:list")), (str(self.bid), self.bid.get_absolute_url())]

    def address_after(self, saved):
        return self.bid.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"object": self.object or self.bid}


class MoveDeadline(OfBid):
    form_class = forms.DeadlineForm

    def get_title(self):
        return _("Deadline moved: %(what)s") % {"what": self.bid.title}

    def get_initial(self):
        return forms.WithInstants.split(self.bid)

    def save(self, form):
        given = {name: form.cleaned_data[name] for name in ("closes_at", "opens_at", "place", "note")}
        return services.move_deadline(self.bid, by=self.request.user, **given)


class EditCompetitor(OfBid):
    model, form_class = Competitor, forms.CompetitorForm

    def get_queryset(self):
        return Competitor.objects.filter(bid=self.bid)

    def save(self, form):
        competitor = form.save(commit=False)
        competitor.bid = self.bid
        return services.save_competitor(competitor, by=self.request.user)


class PayDeposit(OfBid):
    roles = FINANCE
    form_class = forms.DepositForm

    def get_title(self):
        return _("Deposit paid: %(what)s") % {"what": self.bid}

    def get_initial(self):
        return {"amount": self.bid.deposit_missing, "on": timezone.localdate()}

    def save(self, form):
        return services.pay_deposit(self.bid, by=self.request.user, **form.cleaned_data)


class SettleDeposit(OfBid):
    roles = FINANCE
    form_class = forms.SettleForm

    def get_title(self):
        return _("Deposit back: %(what)s") % {"what": self.bid}

    def get_initial(self):
        return {"amount": self.bid.deposit_out, "on": timezone.localdate()}

    def save(self, form):
        return services.settle_deposit(self.bid, by=self.request.user, **form.cleaned_data)


class ExpectDeposit(OfBid):
    roles = FINANCE
    form_class = forms.ExpectForm

    def get_title(self):
        return _("Deposit promised for: %(what)s") % {"what": self.bid}

    def get_initial(self):
        return {"on": self.bid.deposit_back_on}

    def save(self, form):
        return services.expect_deposit(self.bid, by=self.request.user, **form.cleaned_data)


# ── figures ─────────────────────────────────────────────────────────────────────────────────


class BidFigures(ReportPage):
    """Won and lost by salesperson, and how far we were from the winner's price."""

    roles = SEES
    title = gettext_lazy("Bids won and lost")
    template_name = "bids/figures.html"
    period_kinds = ("month", "quarter", "year")
    default_period = "year"

    def rows_of(self, period):
        return outcomes(first=period.first, last=period.last, visible_to=self.request.user)

    def report(self, period, given):
        rows, person = self.rows_of(period), self.request.user
        total = whole(rows)
        return {
            "rows": [(row, self.of_list(period, salesperson=row.key) if row.key else "") for row in rows], "total": total,
            "lost": lost_to(first=period.first, last=period.last, visible_to=person), "chart": chart_of(rows),
            "figures": [
                {"label": _("Bid handed in"), "value": total.handed_in, "url": self.of_list(period)},
                {"label": _("Won"), "value": total.won, "url": self.of_list(period, state="won"), "note": money(total.won_value)},
                {"label": _("Lost"), "value": total.lost, "url": self.of_list(period, state="lost")},
                {"label": _("Deposits with others"), "value": money(with_others(visible_to=person)), "url": f"{reverse('bids:list')}?out=1"},
            ],
        }  # fmt: skip

    @staticmethod
    def of_list(period, **more):
        """The list with the rows of a figure."""
        return f"{reverse('bids:list')}?{urlencode({'handed_in_on': f'{period.first}..{period.last}', **more})}"

    def sheets(self, period, given):
        columns = [
            Plain(_("Salesperson")), Plain(_("Bid handed in"), "integer"), Plain(_("Won"), "integer"), Plain(_("Lost"), "integer"), Plain(_("Share won"), "percent"),
            Plain(_("Our prices"), "money", 16), Plain(_("Value won"), "money", 16),
        ]  # fmt: skip
        rows = self.rows_of(period)
        total = whole(rows)
        cells = [(r.name, r.handed_in, r.won, r.lost, r.rate, r.value, r.won_value) for r in rows]
        totals = {1: total.handed_in, 2: total.won, 3: total.lost, 5: total.value, 6: total.won_value}
        return [Sheet(str(self.title), columns, cells, totals=totals)]


def chart_of(rows):
    won = [(row.name or "–", row.won_value) for row in rows if row.won_value]
    return (
        charts.ranking(_("Value won by salesperson"), won, label=_("Value won"), head=_("Salesperson")) if won else None
    )
