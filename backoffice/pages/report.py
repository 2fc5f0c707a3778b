"""The page of figures: period and filters in its address, charts with their tables, the same numbers in Excel and PDF."""

from django.core.exceptions import SuspiciousOperation
from django.http import FileResponse
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from backoffice import periods
from backoffice.files.pdf import render_pdf
from backoffice.lists.exports import export_sheets

from .page import Page


class ReportPage(Page):
    """A report. A subclass says `report(period, given)`, which gives the template's context from selectors.

    The period stands in the address (`?period=2026-11`, `?period=2026-W47` …); `form_class` holds further filters.
    `sheets(period, given)` gives the same figures as sheets of a workbook; then the page has an Excel of itself.
    `paper` names a template below `pdf/`; then it has a PDF of itself, of what `on_paper(period, given)` gives.
    """

    template_name = "pages/report.html"
    form_class: type | None = None
    period_kinds = ("day", "week", "five_days", "month", "quarter", "year")
    default_period = "month"
    excel_url = paper = ""

    @property
    def period(self):
        typed = self.request.GET.get("period")
        if not typed:
            return self.first_period(timezone.localdate())
        try:
            return periods.parse(typed)
        except ValueError as error:
            raise SuspiciousOperation(_("«%(typed)s» is no period.") % {"typed": typed[:40]}) from error

    def first_period(self, today):
        return periods.KINDS[self.default_period].containing(today)

    def given(self) -> dict:
        """The other filters, read by the form; what is wrong is left out and said."""
        if self.form_class is None:
            return {}
        form = self.form = self.form_class(self.request.GET or None, person=self.request.user)
        return form.cleaned_data if form.is_valid() else {}

    def report(self, period, given: dict) -> dict:
        raise NotImplementedError

    def sheets(self, period, given: dict) -> list:
        return []

    def get(self, request, *args, **kwargs):
        if request.GET.get("export") == "xlsx" and self.has_excel:
            return self.excel()
        if request.GET.get("export") == "pdf" and self.paper:
            return self.pdf()
        return super().get(request, *args, **kwargs)

    def on_paper(self, period, given: dict) -> dict:
        return self.report(period, given)

    def paper_language(self) -> str:
        return self.request.user.language

    def pdf(self):
        """The figures of this address on paper."""
        period, language = self.period, self.paper_language()
        with translation.override(language):
            context = {"heading": self.get_title(), "period_label": period.label(get_language() or "en")}
            pdf = render_pdf(self.paper, context | self.on_paper(period, self.given()), language)
        name = f"{self.paper}-{period}.pdf".replace("_", "-")
        return FileResponse(iter([pdf]), content_type="application/pdf", filename=name)

    @property
    def has_excel(self) -> bool:
        return type(self).sheets is not ReportPage.sheets

    def excel(self):
        """The figures of this address as a workbook, with its line in the export log."""
        period, title = self.period, str(self.get_title())
        words = period.label(get_language() or "en")
        sheets = self.sheets(period, self.given())
        name = self.request.resolver_match.view_name
        log, file = export_sheets(
            sheets,
            person=self.request.user,
            name=name,
            title=f"{title} {words}",
            query=self.request.GET.urlencode(),
            words=words,
        )
        return FileResponse(
            file, as_attachment=True, filename=f"{title} {period} {log.watermark}.xlsx".replace("/", "-")
        )

    def excel_address(self) -> str:
        """Where the Excel button leads: an address of its own, or this one with `export=xlsx`."""
        if self.excel_url:
            return f"{self.excel_url}?{self.request.GET.urlencode()}"
        return self.address_with(export="xlsx") if self.has_excel else ""

    def address_with(self, **more: str) -> str:
        query = self.request.GET.copy()
        query.update(more)
        return f"?{query.urlencode()}"

    def switches(self, period) -> list[dict]:
        """The kinds of period to switch between, each at the same place in time."""
        day = min(period.last, max(period.first, timezone.localdate()))
        return [
            {"label": word, "code": str(periods.KINDS[kind].containing(day)), "here": kind == period.kind}
            for kind, word in PERIOD_WORDS.items()
            if kind in self.period_kinds
        ]

    def get_context_data(self, **kwargs):
        self.form = None
        period = self.period
        shown = self.report(period, self.given())
        return (
            super().get_context_data(**kwargs)
            | shown
            | {
                "period": period,
                "period_label": period.label(get_language() or "en"),
                "switches": self.switches(period),
                "form": self.form,
                "query": self.request.GET.urlencode(),
                "excel_url": self.excel_address(),
                "pdf_url": self.address_with(export="pdf") if self.paper else "",
            }
        )


PERIOD_WORDS = {
    "day": pgettext_lazy("period", "Day"),
    "week": pgettext_lazy("period", "Week"),
    "five_days": gettext_lazy("Five days"),
    "month": pgettext_lazy("period", "Month"),
    "quarter": pgettext_lazy("period", "Quarter"),
    "year": pgettext_lazy("period", "Year"),
}
