"""What higher apps show in the frame and on lower apps' pages; each app says it in its own `panels.py`.

`nav(...)` adds an entry to the navigation, `@panel` a panel to a detail page, `@finds` a source to the search,
`@looks_up` a kind of look-up. The modules `panels` of all apps are read once, when the program starts.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from django.urls import NoReverseMatch, reverse

from .page import EVERYONE, may_open, offered


@dataclass(frozen=True)
class Nav:
    """One entry of the navigation; `waits(person)` are the rows of it that wait for that person, as a queryset."""

    section: str
    label: str
    url_name: str
    roles: tuple = EVERYONE
    icon: str = "dot"
    order: int = 50
    waits: Callable | None = None
    query: str = ""

    @property
    def url(self) -> str:
        return address_or_nothing(self.url_name) + self.query


@dataclass(frozen=True)
class Panel:
    """A part of another app's page: `rows(thing, person)` gives the template's context, None for nothing to show."""

    on: type
    name: str
    title: str
    template: str
    rows: Callable
    roles: tuple = EVERYONE
    order: int = 50
    icon: str = ""


@dataclass(frozen=True)
class Found:
    """One hit of the search."""

    title: str
    url: str
    detail: str = ""
    icon: str = "file"
    exact: bool = False


@dataclass(frozen=True)
class Finder:
    label: str
    find: Callable
    roles: tuple = EVERYONE
    order: int = 50


@dataclass
class _Shelf:
    navigation: list[Nav] = field(default_factory=list)
    panels: dict[str, Panel] = field(default_factory=dict)
    finders: list[Finder] = field(default_factory=list)
    lookups: dict[str, object] = field(default_factory=dict)
    bells: list[Callable] = field(default_factory=list)
    asked: dict[str, type] = field(default_factory=dict)
    checks: dict[type, "Panel"] = field(default_factory=dict)
    made_next: list[tuple[type, Callable]] = field(default_factory=list)
    act_words: dict[str, object] = field(default_factory=dict)


shelf = _Shelf()


class Section:
    """The sections of the navigation, in their order."""

    DAY = "day"
    CUSTOMERS = "customers"
    SALES = "sales"
    GOODS = "goods"
    MONEY = "money"
    OFFICE = "office"
    FIGURES = "figures"
    CONTROL = "control"
    ORDER = (DAY, CUSTOMERS, SALES, GOODS, MONEY, OFFICE, FIGURES, CONTROL)


def nav(section, label, url_name, *, roles=EVERYONE, icon="dot", order=50, waits=None, query=""):
    """Add an entry to the navigation: `nav(Section.SALES, _("Orders"), "orders:list", roles=(…), icon="order")`."""
    if section not in Section.ORDER:
        raise ValueError(f"{section!r} is no section of the navigation: {Section.ORDER}")
    shelf.navigation.append(Nav(section, label, url_name, tuple(roles), icon, order, waits, query))


def panel(*, on, title, template, order=50, roles=EVERYONE, icon="", name=""):
    """Show a panel on the pages of `on`: `@panel(on=Customer, title=_("Orders"), template="orders/_of_customer.html")`."""

    def register(rows):
        key = name or rows.__name__
        if key in shelf.panels:
            raise ValueError(f"There are two panels named {key!r}.")
        shelf.panels[key] = Panel(on, key, title, template, rows, tuple(roles), order, icon)
        return rows

    return register


def acts_on(model):
    """What can be made next from a thing of a lower app: `@acts_on(Order)` over `(order, person) -> iterable of Act`."""

    def register(acts):
        shelf.made_next.append((model, acts))
        return acts

    return register


def names_act(name, words):
    """What the history calls an act that is no step of a lifecycle: `names_act("clear_shipment", _("Money confirmed"))`."""
    shelf.act_words[name] = words


def acts_for(thing, person):
    """The acts of higher apps that stand at the head of this thing's page."""
    made = (act for on, acts in shelf.made_next if isinstance(thing, on) for act in acts(thing, person))
    return offered(person, made)


def finds(label, *, roles=EVERYONE, order=50):
    """Add a source to the search: `@finds(_("Products"))` over a function `(text, person) -> iterable of Found`."""

    def register(find):
        shelf.finders.append(Finder(label, find, tuple(roles), order))
        return find

    return register


def looks_up(name):
    """Make a Lookup class known by its name: `@looks_up("customer")`."""

    def register(lookup):
        shelf.lookups[name] = lookup(name)
        return lookup

    return register


def rings(unread):
    """The function `(person) -> queryset` whose rows are counted on the bell; its page is `control:notifications`."""
    shelf.bells.append(unread)
    return unread


def asks(*steps):
    """What a step asks for before it is taken: `@asks("dispatch_shipment")` over a StepForm; its fields go to the service by name."""

    def register(form):
        shelf.asked.update(dict.fromkeys(steps, form))
        return form

    return register


def asked_by(step: str, default: type) -> type:
    return shelf.asked.get(step, default)


def checks(*, on, template):
    """What a reviewer of `on` compares, on the left of the review page: a function `(document, person) -> context`."""

    def register(rows):
        shelf.checks[on] = Panel(on, f"check_{on.__name__}", "", template, rows)
        return rows

    return register


def check_of(model) -> Panel | None:
    return next((found for on, found in shelf.checks.items() if issubclass(model, on)), None)


def navigation_for(person):
    """[(section, [entries])] of what the person may open, in order; entries whose page does not exist are left out."""
    entries = [e for e in shelf.navigation if may_open(person, e.roles) and e.url]
    return [
        (section, sorted((e for e in entries if e.section == section), key=lambda e: e.order))
        for section in Section.ORDER
        if any(e.section == section for e in entries)
    ]


def panels_for(model, person):
    """The panels a person may see on pages of the model, in order."""
    found = [p for p in shelf.panels.values() if issubclass(model, p.on) and may_open(person, p.roles)]
    return sorted(found, key=lambda p: (p.order, p.name))


@cache
def address_or_nothing(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
