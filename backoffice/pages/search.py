"""The search: every source that an app registered, asked in turn; exact hits first."""

import re
from functools import cache, lru_cache

from django.urls import get_resolver
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.documents.kinds import label_of
from backoffice.parties.search import fold, search_key
from backoffice.register.models import Record

from .chain import link_to
from .page import may_open, opens
from .registry import Found, finds, navigation_for, shelf

MOST, SHORTEST = 6, 3
AMOUNT = re.compile(r"[¥￥]?\s*(\d{1,3}(?:[,，]\d{3}){1,4}(?:\.\d{1,2})?|\d{1,14}(?:\.\d{1,2})?)", re.ASCII)


def hits_for(typed: str, person) -> list[tuple[str, list[Found]]]:
    """[(label of the source, its hits)]; a source with an exact hit comes first."""
    groups = []
    for finder in sorted(shelf.finders, key=lambda f: f.order):
        if may_open(person, finder.roles):
            hits = [hit for hit in finder.find(typed, person) if opens(person, hit.url)][:MOST]
            if hits:
                groups.append((finder.label, hits))
    return sorted(groups, key=lambda group: not any(hit.exact for hit in group[1]))


@finds(_("Documents"), order=10)
def documents(typed, person):
    """Any document by its number or theirs; the index knows three signs and more."""
    if len(typed) < SHORTEST:
        return
    rows = Record.objects.visible_to(person).matching(typed).select_related("party")
    for record in rows.order_by("-dated_on", "-pk")[:MOST]:
        link = link_to(record)
        if link:
            detail = f"{label_of(record.kind)} · {record.party or ''} · {link.state}"
            yield Found(
                str(record), link.url, detail, "file", exact=typed.casefold() == (record.number or "").casefold()
            )


@finds(_("Of this amount"), order=15)
def amounts(typed, person):
    """Documents of exactly the amount typed, as it stands on a bank's statement: 2,373.00, ¥2373 (X14)."""
    wanted = AMOUNT.fullmatch(typed)
    if wanted is None or len(typed) < SHORTEST:
        return
    rows = Record.objects.visible_to(person).filter(amount=wanted[1].replace(",", "").replace("，", ""))
    for record in rows.select_related("party").order_by("-dated_on", "-pk")[:MOST]:
        link = link_to(record)
        if link:
            detail = f"{label_of(record.kind)} · {record.party or ''} · {link.state} · {record.amount:,.2f}"
            yield Found(str(record), link.url, detail, "file")


@finds(_("Parties"), order=20)
def parties(typed, person):
    """Customers, suppliers and carriers by code, name, initials, telephone or tax number."""
    rows = shelf.lookups["party"].best(typed, person, {}) if typed else []
    for party in rows[:MOST]:
        url = party.get_absolute_url()
        if not url:
            continue
        detail = " · ".join(filter(None, [party.code, party.city, party.phone, str(party.owner or "")]))
        yield Found(party.name, url, detail, "building", exact=typed.casefold() == party.code.casefold())


@finds(_("Acts"), order=70)
def acts(typed, person):
    """What the person may begin: every page that makes something new."""
    for url, view in makers():
        label = gettext("New %(what)s") % {"what": view.model._meta.verbose_name}
        if may_open(person, view.roles) and fits(typed, label):
            yield Found(label, url, "", "plus")


@finds(_("Pages"), order=80)
def pages(typed, person):
    """Every page of the navigation."""
    for _section, entries in navigation_for(person):
        for entry in entries:
            if fits(typed, str(entry.label)):
                yield Found(str(entry.label), entry.url, "", entry.icon)


@cache
def makers() -> list[tuple[str, type]]:
    """(address, page) of every page named `<app>:<kind>-new` that needs nothing to begin with."""
    pages = [(prefix, page) for prefix in get_resolver().url_patterns for page in getattr(prefix, "url_patterns", ())]
    return [
        (f"/{prefix.pattern}{page.pattern}", page.callback.view_class)
        for prefix, page in pages
        if (getattr(page, "name", None) or "").endswith("-new")
        and not page.pattern.converters
        and getattr(page.callback.view_class, "model", None)
    ]


@lru_cache(maxsize=500)
def key_of(label: str) -> str:
    return search_key(label)


def fits(typed: str, label: str) -> bool:
    """Whether a label holds what was typed, as text, pinyin or initials."""
    return fold(typed) in key_of(label)
