"""The pages of the books: read by finance and the general manager; months are closed here by two of them."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from backoffice.ledger.forms import Decision, OfParty
from backoffice.ledger.models import Account, AccountingPeriod, Entry
from backoffice.ledger.selectors import account_ledger, trial_balance, trial_totals
from backoffice.ledger.services import ask_to_close, ask_to_reopen, close, refuse_request, reopen
from backoffice.ledger.sheets_out import account_sheet, trial_sheet
from backoffice.ledger.tables import (
    READERS,
    AccountList,
    EntryList,
    LineList,
    MonthList,
    RuleList,
    record_address,
    record_words,
)
from backoffice.lists.workbook import Sheet
from backoffice.pages.list_page import ListPage
from backoffice.pages.templatetags.show import money
from backoffice.pages.views import Act, DetailPage, ReportPage
from backoffice.periods import Month, Period
from backoffice.refusals import Refused

BOOKS = (gettext_lazy("Trial balance"), "ledger:trial")
State = AccountingPeriod.State


class EntriesPage(ListPage):
    list = EntryList


class LinesPage(ListPage):
    list = LineList


class AccountsPage(ListPage):
    list = AccountList

    def get_acts(self):
        return [Act(_("Posting rules"), reverse("ledger:rules"), icon="list")]


class RulesPage(ListPage):
    list = RuleList
    crumbs = ((gettext_lazy("Chart of accounts"), "ledger:accounts"),)


class MonthsPage(ListPage):
    list = MonthList


class EntryPage(DetailPage):
    """One entry: its lines, the open items it made, what it settled, and its place in the chain."""

    roles = READERS
    model = Entry
    template_name = "ledger/entry.html"
    crumbs = ((gettext_lazy("Journal"), "ledger:entries"),)
    has_timeline = False

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("record", "dossier", "posted_by", "reverses", "reversed_by", "seal", "period")
        )

    def get_title(self) -> str:
        return _("Entry %(number)s · %(event)s") % {"number": self.object, "event": self.object.get_event_display()}

    def get_context_data(self, **kwargs):
        entry = self.object
        lines = entry.lines.select_related("account", "party", "person", "record").order_by("position")
        record = entry.record
        return super().get_context_data(**kwargs) | {
            "lines": lines,
            "total": entry.amount,
            "items": entry.items.select_related("party", "account"),
            "allocations": entry.allocations.select_related("charge", "credit", "by"),
            "document": record
            and {"url": record_address(record.kind, record.pk), "words": record_words(record.kind, record.number)},
            "seal": getattr(entry, "seal", None),
            "reversed_by": getattr(entry, "reversed_by", None),
        }


class TrialPage(ReportPage):
    """试算平衡表."""

    roles = READERS
    title = gettext_lazy("Trial balance")
    template_name = "ledger/trial.html"
    period_kinds = ("month", "quarter", "year")
    wide = True

    def report(self, period: Period, given: dict) -> dict:
        rows = trial_balance(period=period)
        total = trial_totals(rows)
        return {
            "rows": [(row, row.sides(row.opening), row.sides(row.closing)) for row in rows],
            "total": total,
            **self.sums(rows),
        }

    def sums(self, rows: list) -> dict:
        """The totals of the opening and closing columns: of the accounts of the first level, each on its side."""
        top = [row for row in rows if not row.level]
        return {
            "opening": sum(row.sides(row.opening)[0] for row in top),
            "closing": sum(row.sides(row.closing)[0] for row in top),
        }

    def sheets(self, period: Period, given: dict) -> list[Sheet]:
        return [trial_sheet(trial_balance(period=period), title=self.title)]


class AccountPage(ReportPage):
    """明细账 of an account and what is below it; of one party in it, if asked."""

    roles = READERS
    template_name = "ledger/account.html"
    form_class = OfParty
    period_kinds = ("month", "quarter", "year")
    crumbs = (BOOKS,)
    wide = True

    @property
    def account(self) -> Account:
        return get_object_or_404(Account.objects.visible_to(self.request.user), code=self.kwargs["code"])

    def get_title(self) -> str:
        return str(self.account)

    def ledger(self, period: Period, given: dict):
        return account_ledger(
            self.kwargs["code"], period=period, party=given.get("party"), visible_to=self.request.user
        )

    def report(self, period: Period, given: dict) -> dict:
        ledger = self.ledger(period, given)
        figures = [
            (pgettext("books", "Opening"), ledger.opening),
            (_("Debit"), ledger.debit),
            (pgettext("books", "Credit"), ledger.credit),
            (pgettext("books", "Closing"), ledger.closing),
        ]
        lines = [
            (line, record_address(line.kind, line.record), record_words(line.kind, line.number))
            for line in ledger.lines
        ]
        events = dict(Entry._meta.get_field("event").choices)
        return {
            "ledger": ledger,
            "lines": [(line, url, words, events.get(line.event, line.event)) for line, url, words in lines],
            "figures": [{"label": label, "value": money(value)} for label, value in figures],
        }

    def sheets(self, period: Period, given: dict) -> list[Sheet]:
        return [account_sheet(self.ledger(period, given), title=self.get_title())]


class MonthPage(DetailPage):
    """A month of the books: what it holds, and closing it by two people."""

    roles = READERS
    model = AccountingPeriod
    template_name = "ledger/month.html"
    crumbs = ((gettext_lazy("Accounting months"), "ledger:months"),)
    doors = {
        "ask_to_close": ask_to_close,
        "close": close,
        "ask_to_reopen": ask_to_reopen,
        "reopen": reopen,
        "refuse_request": refuse_request,
    }

    def get_queryset(self):
        return super().get_queryset().select_related("requested_by", "decided_by")

    @property
    def month(self) -> Month:
        return Month.containing(date(self.object.year, self.object.month, 1))

    def get_title(self) -> str:
        return self.month.label(get_language() or "en")

    def get_primary(self) -> None:
        return None

    def get_context_data(self, **kwargs):
        rows = trial_balance(period=self.month)
        return super().get_context_data(**kwargs) | {
            "total": trial_totals(rows),
            "entries": self.object.entries.count(),
            "rows": [(row, row.sides(row.closing)) for row in rows if not row.level],
            "earlier": [
                p
                for p in AccountingPeriod.objects.all()
                if not p.is_locked and (p.year, p.month) < (self.object.year, self.object.month)
            ],
            "choices": self.choices(),
            "form": kwargs.get("form") or Decision(person=self.request.user),
            "is_mine": self.object.requested_by_id == self.request.user.pk,
        }

    def choices(self) -> list[tuple[str, str, str]]:
        """(act, words, tone) that this person may take now."""
        state, mine = self.object.state, self.object.requested_by_id == self.request.user.pk
        if state == State.OPEN:
            return [("ask_to_close", _("Ask to close"), "primary")]
        if state == State.CLOSED:
            return [("ask_to_reopen", _("Ask to open again"), "quiet")]
        if mine:
            return [("refuse_request", _("Take the request back"), "quiet")]
        agree = ("close", _("Close the month")) if state == State.CLOSING else ("reopen", _("Open the month again"))
        return [(*agree, "primary"), ("refuse_request", _("Refuse"), "danger")]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        door = self.doors.get(request.POST.get("act", ""))
        form = Decision(request.POST, person=request.user)
        if door is None:
            raise Http404
        if form.is_valid():
            try:
                door(self.object, by=request.user, note=form.cleaned_data["note"])
            except Refused as refusal:
                form.add_error("note" if refusal.field == "note" else None, str(refusal))
            else:
                messages.success(
                    request, _("Done: %(month)s is now «%(state)s».") % {"month": self.get_title(), "state": self.now()}
                )
                return redirect(request.path)
        return self.render(form=form, status=422)

    def now(self) -> str:
        return AccountingPeriod.objects.get(pk=self.object.pk).get_state_display()
