"""The list page: one class shows any declared list, answers HTMX with its body, exports it and acts on many rows."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import HiddenInput
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.jobs.works import start_work
from backoffice.lists import bulk
from backoffice.lists.columns import Cell, Column
from backoffice.lists.declared import MANY, SIZES, List, NotAsked
from backoffice.lists.exports import PDF_ROWS, WRITERS, export
from backoffice.lists.filters import Related
from backoffice.lists.models import SavedView
from backoffice.lists.tasks import EXPORT_LIST, file_name
from backoffice.lists.views import default_view, drop_view, save_view
from backoffice.pages.fields import LookupInput
from backoffice.pages.page import EVERYONE, Act, Page, may_open, opens
from backoffice.pages.paper import MOST_PAPERS, paper_page, papers_of, shown_as_pdf
from backoffice.pages.registry import shelf
from backoffice.people.models import Role
from backoffice.refusals import Refused

AT_A_CLICK = 20_000  # rows written while one waits
PANEL_KEPT_FOR = 30  # seconds; a tenth of a page is its closed filter panel, which is the same on the next one


class ListPage(Page):
    """A page over one declared list: `class OrderListPage(ListPage): list = OrderList`. Roles and title are the list's."""

    list: type[List]
    template_name = "pages/list.html"
    fragment_name = "pages/list_body.html"
    figures_name = "pages/list_figures.html"
    wide = True

    def __init_subclass__(cls, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if hasattr(cls, "list") and "roles" not in cls.__dict__:
            cls.roles = tuple(cls.list.roles) or EVERYONE

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except NotAsked as refusal:
            self.template_name = self.fragment_name = "pages/list_refused.html"
            response = self.render_to_response(
                {"title": self.get_title(), "reason": str(refusal), "path": request.path}, status=400
            )
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response

    def make_list(self) -> List:
        """The list for this person and this address; a page under another document narrows it here."""
        return self.list(self.request.user, self.request.GET)

    # ── reading ─────────────────────────────────────────────────────────────────────────────
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.GET and (view := default_view(self.list, request.user)):
            return redirect(f"{request.path}?{view.query or 'view=all'}")
        self.shown = self.make_list()
        if form := request.GET.get("export"):
            return self.export(form)
        if pk := request.GET.get("peek"):
            return self.peek(pk)
        if "figures" in request.GET:
            _ = self.shown.figures
        return self.render()

    def get_template_names(self) -> list[str]:
        if self.only_figures():
            return [self.figures_name]
        htmx = self.request.htmx
        fragment = htmx and htmx.target == "list" and not htmx.history_restore_request
        return [self.fragment_name if fragment else self.template_name]

    def only_figures(self) -> bool:
        """Whether the page is there already and asks for count and totals of its many rows."""
        return "figures" in self.request.GET and self.request.htmx.target == "list-foot"

    def get_title(self) -> str:
        return self.list.title

    def get_primary(self) -> Act | None:
        if self.list.new is None:
            return None
        name, label, roles = self.list.new
        return Act(label, name if name.startswith("/") else reverse(name), icon="plus", key="n", tone="primary") if may_open(
            self.request.user, tuple(roles) or EVERYONE) else None  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = self.shown
        acts, prints = bulk.acts(shown), self.prints_many()
        rows = [] if self.only_figures() else [Row(shown, row) for row in shown.on_page()]
        return super().get_context_data(**kwargs) | {
            "shown": shown,
            "heads": [Head(shown, column) for column in shown.shown],
            "rows": rows,
            "foot": [Cell(total_of(shown, c), c.css, str(c.label)) for c in shown.shown] if shown.has_totals else [],
            "fields": fields_of(shown),
            "panel_kept_for": PANEL_KEPT_FOR,
            "tabs": self.tabs(),
            "acts_on_many": acts,
            "prints_many": prints,
            "can_choose": bool(acts) or prints,
            "pager": Pager(shown, len(rows)),
            "sizes": [(size, shown.address(n=size)) for size in SIZES],
            "export_base": shown.address(),
            "many": MANY if shown.is_many else None,
            "reset_columns": shown.address(without="c"),
            "is_narrowed": bool(shown.chips),
            "may_share": self.request.user.has_role(Role.MANAGER, Role.GM, Role.ADMINISTRATOR),
            "role_choices": Role.choices,
            "pdf_rows": PDF_ROWS,
        }

    def tabs(self) -> list[dict[str, Any]]:
        """«All», the tabs everybody has, then saved views; the one whose query this is stands out."""
        here = self.shown.query_string
        given = [{"name": str(name), "query": query} for name, query in self.list.views if query]
        saved = SavedView.objects.visible_to(self.request.user).filter(list_name=self.list.name)
        mine = [
            {
                "name": v.name,
                "query": v.query,
                "pk": v.pk if v.owner_id == self.request.user.pk else None,
                "shared": bool(v.roles),
            }
            for v in saved
        ]
        tabs = [{"name": _("All"), "query": "view=all", "is_here": not here}, *given, *mine]
        this = next((tab for tab in tabs[1:] if here and parse_qs(tab["query"]) == parse_qs(here)), None)
        if this:
            this["is_here"] = True
        return tabs

    def peek(self, pk: str) -> HttpResponse:
        row = (
            self.shown.rows(self.request.user).filter(pk=pk).first()
            if pk.isascii() and pk.isdigit() and len(pk) < 19
            else None
        )
        if row is None:
            raise Http404
        facts = [reached(self.shown, column.cell(row)) for column in self.shown.allowed.values()]
        self.template_name = "pages/list_peek.html"
        return self.render_to_response(
            {"row": row, "facts": facts, "href": led(self.shown, self.shown.href(row)), "more": self.list.peek}
        )

    def export(self, form: str) -> HttpResponse:
        if form not in WRITERS:
            raise NotAsked(_("There is no such format."))
        if self.shown.count > AT_A_CLICK and type(self).make_list is ListPage.make_list and self.list.name:
            return self.export_later(form)
        try:
            log, file = export(self.shown, form)
        except Refused as refusal:
            messages.error(self.request, str(refusal))
            return redirect(self.request.path + self.shown.address())
        return FileResponse(file, as_attachment=True, filename=file_name(self.shown, log.watermark, form))

    def export_later(self, form: str) -> HttpResponse:
        """A long one is written in the background; the person is told when it lies ready."""
        title = _("Export: %(list)s") % {"list": self.shown.title}
        start_work(
            EXPORT_LIST,
            by=self.request.user,
            title=title,
            list=self.list.name,
            query=self.shown.query_string,
            form=form,
        )
        messages.warning(
            self.request, _("So many rows are exported in the background. You are told when the file is ready.")
        )
        return redirect(self.request.path + self.shown.address())

    # ── acting ──────────────────────────────────────────────────────────────────────────────
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.shown = self.make_list()
        if "save_view" in request.POST:
            return self.save_view()
        if "drop_view" in request.POST:
            drop_view(request.POST["drop_view"], by=request.user)
            return redirect(request.path + "?view=all")
        return self.act()

    def save_view(self) -> HttpResponse:
        post = self.request.POST
        roles = post.getlist("share") if self.request.user.has_role(Role.MANAGER, Role.GM, Role.ADMINISTRATOR) else []
        try:
            view = save_view(self.shown, name=post["save_view"], roles=roles, is_default="is_default" in post)
        except (Refused, ValidationError) as refusal:
            messages.error(self.request, "; ".join(getattr(refusal, "messages", [str(refusal)])))
            return redirect(self.request.path + self.shown.address())
        messages.success(self.request, _("The view «%(name)s» is saved.") % {"name": view.name})
        return redirect(f"{self.request.path}?{view.query or 'view=all'}")

    def prints_many(self) -> bool:
        place = self.list.paper
        return bool(place) and may_open(self.request.user, paper_page(place).roles)

    def print_chosen(self) -> HttpResponse:
        """The papers of the chosen rows as one PDF, in the order of the list. X16"""
        post = self.request.POST
        try:
            rows = bulk.chosen(self.shown, post.getlist("ids"), everything=post.get("all") == "1", most=MOST_PAPERS)
            pdf = papers_of(self.list.paper, rows, self.request)
        except Refused as refusal:
            messages.error(self.request, str(refusal))
            return redirect(self.request.path + self.shown.address())
        return shown_as_pdf(pdf, f"{self.list.name}-{len(rows)}.pdf")

    def act(self) -> HttpResponse:
        post = self.request.POST
        if post.get("act") == "print" and self.prints_many():
            return self.print_chosen()
        act = next((a for a in bulk.acts(self.shown) if a.name == post.get("act")), None)
        if act is None:
            raise NotAsked(_("This act is not for you, or not for this list."))
        try:
            rows = bulk.chosen(self.shown, post.getlist("ids"), everything=post.get("all") == "1")
            outcomes = bulk.run(act, self.shown, rows, note=post.get("note", "").strip()[:1000])
        except Refused as refusal:
            messages.error(self.request, str(refusal))
            return redirect(self.request.path + self.shown.address())
        self.template_name = "pages/list_result.html"
        done = sum(outcome.done for outcome in outcomes)
        return self.render_to_response(
            Page.get_context_data(self) | {
                "act": act, "outcomes": sorted(outcomes, key=lambda o: o.done), "done": done, "refused": len(outcomes) - done,
                "title": ngettext("%(act)s: %(count)d row", "%(act)s: %(count)d rows", len(outcomes)) % {"act": act.label, "count": len(outcomes)},
                "back": self.request.path + self.shown.address(),
            }
        )  # fmt: skip


def fields_of(shown: List) -> Iterator[Any]:
    """The filter's fields as typed; a filter over a large table is a look-up, or reached by links only."""
    for field in shown.filterset.form:
        each = shown.filterset.filters[field.name]
        if isinstance(each, Related) and each.lookup in shelf.lookups:
            field.field.widget = LookupInput(each.lookup)
            field.field.widget.person = shown.person
        elif isinstance(each, Related):
            field.field.widget = HiddenInput()
        yield field


def led(shown: List, href: str) -> str:
    """The address, if its page is one that the reader's roles may open."""
    return href if href and opens(shown.person, href) else ""


def reached(shown: List, cell: Cell) -> Cell:
    """The cell, its words alone where the link would lead to a page of other roles."""
    return replace(cell, href="") if cell.href and not led(shown, cell.href) else cell


class Row:
    """A row with its prepared cells; the template only prints."""

    __slots__ = ("cells", "css", "href", "label", "pk")

    def __init__(self, shown: List, row: Any) -> None:
        self.pk, self.href, self.css = row.pk, led(shown, shown.href(row)), shown.row_css(row)
        self.cells = [reached(shown, column.cell(row, label)) for column, label in shown.labelled]
        self.label = str(row)


class Head:
    """A column's head: its words, and where a click on it leads."""

    __slots__ = ("aria", "css", "href", "label", "name")

    def __init__(self, shown: List, column: Any) -> None:
        self.name, self.label, self.css = column.name, column.label, column.css
        up, down = shown.order_by == column.name, shown.order_by == f"-{column.name}"
        first = f"-{column.name}" if column.css.startswith(("num", "date")) else column.name
        other = {column.name: f"-{column.name}", f"-{column.name}": column.name}
        self.href = shown.address(o=other[shown.order_by] if up or down else first) if column.order else ""
        self.aria = "ascending" if up else "descending" if down else ""


def total_of(shown: List, column: Column) -> str:
    """What stands below a column; of many rows the totals follow the page."""
    if not column.total:
        return ""
    return "…" if shown.is_many else column.text(shown.total(column))


class Pager:
    """Where we are in the whole set, and the addresses before and after. Of many rows count and last page follow (`rest`)."""

    def __init__(self, shown: List, rows: int) -> None:
        self.page, self.size = shown.page, shown.size
        self.pages, self.count = (None, None) if shown.is_many else (shown.pages, shown.count)
        skipped = (self.page - 1) * self.size
        rows = rows if self.count is None else max(0, min(self.size, self.count - skipped))
        self.first, self.last = skipped + min(1, rows), skipped + rows
        self.before = shown.address(p=self.page - 1) if self.page > 1 else ""
        self.after = shown.address(p=self.page + 1) if rows == self.size and self.page != self.pages else ""
        self.begin = shown.address(p=1) if self.page > 1 else ""
        self.end = shown.address(p=self.pages) if self.pages and self.page < self.pages else ""
        self.rest = shown.address(p=self.page, figures=1) if shown.is_many else ""
