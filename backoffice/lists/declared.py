"""A declared list: columns, filters, search, order, bulk steps and who may see it, once for page, Excel, CSV and PDF.

A declaration is a class; an instance is that list for one person and one query string, which holds everything it shows.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.db.models import Count, F, Model, OrderBy, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.lists.columns import OWN, Column, may_be_empty, relations
from backoffice.lists.filters import FilterBase, Spoken
from backoffice.parties.search import fold
from backoffice.people.models import Person

RESERVED = ("q", "o", "c", "p", "n", "view", "export", "peek", "figures")
SIZES = (25, 50, 100, 200)
MANY = 10_000  # rows that are counted while one waits: no page takes longer because there are more
REGISTRY: dict[str, type["List"]] = {}


class NotAsked(BadRequest):
    """The address asks for something this list does not know; it is refused rather than ignored."""


class List:
    name: ClassVar[str] = ""  # key of saved views, exports and the page; set it to make the list known
    title: ClassVar[Any] = ""
    model: ClassVar[type[Model] | None] = None
    columns: ClassVar[Sequence[Column]] = ()
    filters: ClassVar[Sequence[Any]] = ()
    search: ClassVar[Sequence[str]] = ()
    search_hint: ClassVar[Any] = _("Number, name, code, initials")
    default_order: ClassVar[str] = "-pk"
    bulk: ClassVar[Sequence[str]] = ()  # names of steps, offered to those whom the step admits
    paper: ClassVar[str] = ""  # address name of one row's paper: those of chosen rows are printed together
    roles: ClassVar[Sequence[str]] = ()  # empty: everybody signed in
    views: ClassVar[Sequence[tuple[Any, str]]] = ()  # (name, query string): tabs that everybody has
    new: ClassVar[tuple[str, Any, Sequence[str]] | None] = None  # (url name, words, roles)
    empty: ClassVar[Any] = _("Nothing is here yet.")
    peek: ClassVar[str] = ""  # a template with more of one row, shown beside the list
    page_size: ClassVar[int] = 50
    _filterset: ClassVar[type[FilterBase]]
    _known: ClassVar[frozenset[str]]

    def __init_subclass__(cls, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        cls.columns = [column.bound(cls.model) for column in cls.columns]
        for each in cls.filters:
            each.bound(cls.model)
        cls._filterset = type(f"{cls.__name__}Filters", (FilterBase,), {each.name: each for each in cls.filters})
        cls._known = frozenset((*RESERVED, *(key for each in cls.filters for key in each.parameters(each.name))))
        if cls.name:
            REGISTRY[cls.name] = cls

    def __init__(self, person: Person, query: QueryDict | str = "") -> None:
        self.person = person
        self.query = QueryDict(query) if isinstance(query, str) else query
        if unknown := sorted(set(self.query) - self._known):
            raise NotAsked(gettext("This list does not know: %(names)s.") % {"names": ", ".join(unknown)})
        self.filterset = self._filterset(person=person, data=self.query, queryset=self.rows(person))
        if not self.filterset.is_valid():
            raise NotAsked("; ".join(str(text) for errors in self.filterset.errors.values() for text in errors))
        self.order_by = self._order()
        _ = self.shown, self.size, self._number("p", 1)  # refused now or never

    # ── what a list may say for itself ──────────────────────────────────────────────────────
    def rows(self, person: Person) -> QuerySet[Any]:
        """All rows this person may see; override to annotate, and keep `visible_to`."""
        assert self.model is not None
        return self.model._default_manager.visible_to(person)  # type: ignore[attr-defined]

    def href(self, row: Any) -> str:
        return row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""

    def row_css(self, row: Any) -> str:
        return ""

    # ── columns ─────────────────────────────────────────────────────────────────────────────
    @cached_property
    def allowed(self) -> dict[str, Column]:
        return {c.name: c for c in self.columns if not c.roles or self.person.has_role(*c.roles)}

    @cached_property
    def shown(self) -> list[Column]:
        asked = [name for text in self.query.getlist("c") for name in text.split(",") if name]
        if unknown := [name for name in asked if name not in self.allowed]:
            raise NotAsked(gettext("There is no column %(names)s here.") % {"names": ", ".join(unknown)})
        return [self.allowed[name] for name in dict.fromkeys(asked)] or [
            c for c in self.allowed.values() if not c.hidden
        ]

    @cached_property
    def labelled(self) -> list[tuple[Column, str]]:
        """The columns shown with their labels in the reader's language."""
        return [(column, str(column.label)) for column in self.shown]

    def _order(self) -> str:
        asked = self.query.get("o", "") or self.default_order
        name = asked.removeprefix("-")
        if "o" in self.query and self.query["o"] and not (name in self.allowed and self.allowed[name].order):
            raise NotAsked(gettext("This list cannot be ordered by %(name)s.") % {"name": name})
        return asked

    # ── rows ────────────────────────────────────────────────────────────────────────────────
    @cached_property
    def found(self) -> QuerySet[Any]:
        """The whole filtered set, unordered: for counting, totals and acts on «all N»."""
        rows = self.filterset.qs.order_by()
        for term in self.term.split():
            plain, key = Q(), fold(term)
            for path in self.search:
                plain |= Q(**{f"{path}__holds": key}) if path.endswith("search") else Q(**{f"{path}__icontains": term})
            rows = rows.filter(plain)
        return rows

    @cached_property
    def ordered(self) -> QuerySet[Any]:
        """The filtered set in the order asked for, the primary key last so that pages never overlap."""
        return self.found.select_related(*self.joins).order_by(*self.keys)

    @cached_property
    def keys(self) -> list[OrderBy]:
        """What the database sorts by. Where nothing can be empty it is not told where empty ones go, so that an index answers."""
        name, down = self.order_by.removeprefix("-"), self.order_by.startswith("-")
        path = self.allowed[name].order if name in self.allowed else name
        last = True if path != "pk" and may_be_empty(self.model, path) else None
        key = F(path).desc(nulls_last=last) if down else F(path).asc(nulls_last=last)
        return [key] if path == "pk" else [key, F("pk").desc() if down else F("pk").asc()]

    @cached_property
    def joins(self) -> list[str]:
        paths = [
            path for c in self.shown for path in (c.path, "__".join(c.hint_names), c.link) if isinstance(path, str)
        ]
        return relations(self.model, (path for path in paths if path))

    @cached_property
    def figures(self) -> dict[str, Any]:
        """Count and totals of the whole filtered set, in one statement; a total that is asked another way has its own."""
        found = self.glimpse if self.glimpse["rows"] <= MANY else self._added_up(self.found)
        own = {f"sum_{c.name}": c.total(self.found) for c in self.shown if callable(c.total)}
        own |= {f"sum_{c.name}": self.own_totals[c.name] for c in self.shown if c.total == OWN}
        return found | own

    @cached_property
    def glimpse(self) -> dict[str, Any]:
        """Count and sums of the first rows, as many as say whether there are many: all there is to know, where there are not."""
        return self._added_up(self.found[: MANY + 1])

    @property
    def is_many(self) -> bool:
        """Whether a page goes out before its rows are counted and added up; false once somebody has asked for `figures`."""
        return "figures" not in self.__dict__ and self.glimpse["rows"] > MANY

    def _added_up(self, rows: QuerySet[Any]) -> dict[str, Any]:
        sums = {f"sum_{c.name}": c.sum() for c in self.shown if c.total is True}
        found = rows.aggregate(count_of_rows=Count("pk"), **sums)
        return {"rows": found.pop("count_of_rows"), **found}

    @cached_property
    def own_totals(self) -> dict[str, Any]:
        """Totals by column name that this list tells itself; override it for columns with `total=c.OWN`."""
        return {}

    @property
    def count(self) -> int:
        return self.figures["rows"]

    @property
    def has_totals(self) -> bool:
        return any(c.total for c in self.shown)

    def total(self, column: Column) -> Decimal | None:
        return (self.figures[f"sum_{column.name}"] or Decimal(0)) if column.total else None

    @property
    def size(self) -> int:
        return self._number("n", self.page_size, SIZES)

    @property
    def page(self) -> int:
        """The page asked for, the last one at most; of many rows nobody knows yet which that is."""
        asked = self._number("p", 1)
        return asked if self.is_many else min(asked, self.pages)

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // self.size))

    def on_page(self) -> Sequence[Any]:
        """The rows of this page. Where the page asked for lies behind the end of many, all are counted and it is the last one."""
        rows = list(self._on_page())
        if not rows and self.is_many:
            _ = self.figures
            rows = list(self._on_page())
        return rows

    def _on_page(self) -> QuerySet[Any]:
        """The rows of this page. Where each row carries figures of its own, the keys are found first: those skipped are not computed."""
        span = slice((self.page - 1) * self.size, self.page * self.size)
        query = self.ordered.query
        if (
            not query.annotations
            or query.group_by is not None
            or query.distinct
            or query.combinator
            or query.values_select
        ):
            return self.ordered[span]
        keys = self.found.order_by(*self.keys).values("pk")[span]
        return self.rows(self.person).filter(pk__in=keys).select_related(*self.joins).order_by(*self.keys)

    def _number(self, key: str, default: int, among: Iterable[int] = ()) -> int:
        text = self.query.get(key, "")
        if not text:
            return default
        if (
            not text.isascii()
            or not text.isdigit()
            or len(text) > 9
            or int(text) < 1
            or (among and int(text) not in among)
        ):
            raise NotAsked(gettext("«%(text)s» is not a number this list can use.") % {"text": text[:20]})
        return int(text)

    # ── what is filtered, in words and as an address ────────────────────────────────────────
    @property
    def term(self) -> str:
        return self.query.get("q", "").strip().replace("\0", "")[:100]

    @cached_property
    def active(self) -> list[tuple[str, Spoken, Any]]:
        cleaned = self.filterset.form.cleaned_data
        return [
            (name, each, cleaned[name])
            for name, each in self.filterset.filters.items()
            if cleaned.get(name) not in (None, "", [])
        ]

    @cached_property
    def chips(self) -> list[tuple[str, str, str]]:
        """(label, value in words, address without it) of each active filter."""
        found = [(str(each.label), each.words(value), self.address(without=name)) for name, each, value in self.active]
        return [(gettext("Search"), self.term, self.address(without="q")), *found] if self.term else found

    def in_words(self) -> str:
        return "; ".join(f"{label}: {words}" if words else label for label, words, _url in self.chips) or gettext(
            "everything"
        )

    @cached_property
    def canonical(self) -> dict[str, list[str]]:
        """The query without empty parts and without the page: the one form that is saved, logged and compared."""
        kept = {name: each.canonical(value) for name, each, value in self.active}
        if self.term:
            kept["q"] = [self.term]
        if self.order_by != self.default_order:
            kept["o"] = [self.order_by]
        if self.query.get("c"):
            kept["c"] = [",".join(c.name for c in self.shown)]
        if self.size != self.page_size:
            kept["n"] = [str(self.size)]
        return kept

    def address(self, *, without: str = "", **change: Any) -> str:
        """«?…» with parts changed or left out; the page is kept only when it is named. Never empty: that would open the default view."""
        parts = {**self.canonical, **{key: [str(value)] for key, value in change.items() if value not in (None, "")}}
        parts.pop(without, None)
        return "?" + urlencode(parts or {"view": "all"}, doseq=True)

    @property
    def query_string(self) -> str:
        return urlencode(self.canonical, doseq=True)

    def may(self, roles: Sequence[str]) -> bool:
        return not roles or self.person.has_role(*roles)
