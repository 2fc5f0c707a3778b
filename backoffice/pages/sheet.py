"""The sheet: a document's lines typed as in a spreadsheet, priced and checked by the server while one types.

The whole form goes to one endpoint on every change. The answer holds what the server computed for each line, the
totals and what is to be said; the browser puts it beside what is being typed and never over it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.http import Http404, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from . import drafts
from .edit import EditPage
from .pasting import arranged
from .registry import shelf

MOST_LINES = 500
PREFIX = "lines"


@dataclass(frozen=True)
class Column:
    """One column of the sheet.

    `kind` is text, lookup, quantity, price, money, percent or date. `computed` cells are the server's; `fills` marks a
    typed cell that the server may fill as long as nobody typed into it (the price from the list). `skip` cells are passed
    over by Enter unless something is wrong with them; Tab stops at each. `given` names header fields that a look-up needs.
    `also` are other headings of the column in a pasted table. `width` is tiny, narrow, mid,
    code, wide or grow.
    """

    name: str
    label: str
    kind: str = "text"
    lookup: str = ""
    width: str = "code"
    computed: bool = False
    fills: bool = False
    skip: bool = False
    given: str = ""
    also: tuple[str, ...] = ()
    help: str = ""

    @property
    def is_figure(self) -> bool:
        return self.kind in ("quantity", "price", "money", "percent")


@dataclass
class Line:
    """One line as typed: its form, its key in the browser, what was typed by hand; and what the server says of it."""

    key: str
    form: object
    typed: set[str]
    position: int
    cells: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> dict[str, str]:
        return {name: " ".join(words) for name, words in self.form.errors.items()}

    @property
    def values(self) -> dict:
        """What was understood of the line; a cell that is wrong is missing."""
        return getattr(self.form, "cleaned_data", {})

    def is_by_hand(self, name: str) -> bool:
        return name in self.typed

    def say(self, name: str, text: str) -> None:
        """Show a value in a computed cell, or fill a cell nobody typed into."""
        self.cells[name] = text

    def warn(self, name: str, text: str) -> None:
        self.warnings[name] = text


@dataclass
class Answer:
    """What the server says of the whole form beside the lines.

    `fields` fill empty header fields; those in `instead` are filled whatever stands there (another customer was chosen).
    `words` and `tones` go to the places of the page marked `data-says` and `data-tone`.
    """

    totals: dict[str, str] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    instead: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    tones: dict[str, str] = field(default_factory=dict)

    def note(self, text: str, tone: str = "info") -> None:
        """A line under the totals: exposure, stock, what the term means."""
        self.notes.append((tone, str(text)))


class SheetPage(EditPage):
    """An edit page with lines. A subclass says `columns`, `line_form`, `compute(form, lines)`, `save_lines(form, lines)`.

    `compute` fills `line.cells` and returns an Answer; it must use the code that saves. `start(object)` gives the lines
    of an existing document as dicts of text.
    """

    template_name = "pages/sheet.html"
    columns: Iterable[Column] = ()
    line_form: type
    totals: Iterable[tuple[str, str]] = ()
    wide = True

    def compute(self, form, lines: list[Line]) -> Answer:
        return Answer()

    def save_lines(self, form, lines: list[Line]):
        raise NotImplementedError

    def start(self, document) -> list[dict]:
        return []

    def needs_lines(self) -> bool:
        """Whether what is sent says nothing without a line."""
        return True

    # ── reading ──
    def read_lines(self, posted) -> list[Line]:
        """The lines of the form in their order, without empty ones."""
        lines = []
        known = self._known_codes(posted)
        for index in range(_count(posted)):
            prefix = f"{PREFIX}-{index}"
            if any(
                posted.get(f"{prefix}-{c.name}", "").strip() for c in self.columns if not c.computed and not c.fills
            ):
                typed = set(posted.get(f"{prefix}-typed", "").split())
                form = self.line_form(self._cells(posted, prefix), prefix=prefix, person=self.request.user)
                for name, rows in known.items():
                    form.fields[name].known = rows
                lines.append(Line(posted.get(f"{prefix}-key", str(index)), form, typed, len(lines) + 1))
        return lines

    def _known_codes(self, posted) -> dict[str, dict]:
        """Column → code → row for all codes of the sheet at once, so that 300 lines ask the database once."""
        known = {}
        for column in self.columns:
            if column.lookup:
                typed = {posted.get(f"{PREFIX}-{index}-{column.name}", "").strip() for index in range(_count(posted))}
                known[column.name] = shelf.lookups[column.lookup].by_codes(typed - {""}, self.request.user)
        return known

    def _cells(self, posted, prefix: str):
        """The line's cells as a form expects them: a look-up cell holds a code, so it goes in as text."""
        return {
            f"{prefix}-{c.name}{'-text' if c.lookup else ''}": posted.get(f"{prefix}-{c.name}", "")
            for c in self.columns
            if not c.computed
        }

    # ── answering ──
    def keep(self, request):
        """Keep the draft, unless nothing was typed yet, and answer with everything the server computes."""
        said = self.say(request.POST)
        if request.headers["HX-Draft"] != "compute":
            draft = drafts.keep_draft(request.user, self.place, request.POST)
            said["saved"] = timezone.localtime(draft.changed_at).strftime("%H:%M")
        said["others"] = drafts.others_in(request.user, self.place)
        return JsonResponse(said)

    def say(self, posted) -> dict:
        form, lines = self.get_form(posted), self.read_lines(posted)
        form.is_valid()
        for line in lines:
            line.form.is_valid()
        answer = self.compute(form, lines)
        return {
            "lines": {line.key: {"cells": line.cells, "errors": line.errors, "warnings": line.warnings} for line in lines},
            "totals": answer.totals, "notes": answer.notes, "fields": answer.fields, "instead": answer.instead,
            "words": answer.words, "tones": answer.tones, "count": len(lines),
        }  # fmt: skip

    def pull(self, name: str, pk: int) -> list[dict[str, str]]:
        """Lines of another document to begin with: a field with `data-pull="<name>"` asks for them when something is chosen."""
        raise Http404

    def get(self, request, *args, **kwargs):
        if "pull" in request.GET:
            pk = request.GET.get("pk", "")
            return JsonResponse({"lines": self.pull(request.GET["pull"], int(pk) if pk.isdigit() else 0)})
        return super().get(request, *args, **kwargs)

    def save(self, form):
        return self.save_lines(form, self.lines)

    @cached_property
    def lines(self) -> list[Line]:
        return self.read_lines(self.request.POST)

    def post(self, request, *args, **kwargs):
        if "HX-Draft" in request.headers:
            return self.keep(request)
        if "HX-Paste" in request.headers:
            return JsonResponse({"lines": arranged(request.POST.get("table", ""), list(self.columns), request.user)})
        wrong = [line for line in self.lines if not line.form.is_valid()]
        if wrong or (not self.lines and self.needs_lines()):
            form = self.get_form(request.POST, request.FILES)
            form.is_valid()
            form.add_error(None, _("Nothing was saved: line %(n)d is not right yet.") % {"n": wrong[0].position} if wrong
                           else _("A document needs at least one line."))  # fmt: skip
            return self.show(form, status=422)
        return super().post(request, *args, **kwargs)

    # ── showing ──
    def rows(self, form) -> list[dict]:
        """The lines as they stand in the page: of a form sent or kept, else of the document."""
        if form.is_bound:
            texts = [self._texts(form.data, index) for index in range(_count(form.data))]
        else:
            texts = self.start(self.object)
        return [{"key": text.pop("key", f"s{i}"), "typed": text.pop("typed", ""), "cells": [
            (column, text.get(column.name, "")) for column in self.columns]} for i, text in enumerate(texts)]  # fmt: skip

    def empty_row(self) -> dict:
        return {"key": "s0", "typed": "", "cells": [(column, "") for column in self.columns]}

    def _texts(self, posted, index: int) -> dict:
        names = ["key", "typed", *(c.name for c in self.columns)]
        return {name: posted.get(f"{PREFIX}-{index}-{name}", "") for name in names}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {
            "columns": self.columns,
            "rows": self.rows(context["form"]) or [self.empty_row()],
            "blank": [(column, "") for column in self.columns],
            "sheet_totals": self.totals,
            "adds": {
                c.lookup: shelf.lookups[c.lookup].add_address() for c in self.columns if c.lookup in shelf.lookups
            },
        }


def _count(posted) -> int:
    """How many lines the form holds."""
    typed = posted.get(f"{PREFIX}-count", "0")
    return min(int(typed), MOST_LINES) if typed.isascii() and typed.isdigit() else 0
