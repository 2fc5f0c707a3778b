"""The search: every source that an app registered, asked in turn; exact hits first."""

from django.utils.translation import gettext_lazy as _

from backoffice.documents.kinds import label_of
from backoffice.register.models import Record

from .chain import link_to
from .page import may_open
from .registry import Found, finds, navigation_for, shelf

MOST = 6


def hits_for(typed: str, person) -> list[tuple[str, list[Found]]]:
    """[(label of the source, its hits)]; a source with an exact hit comes first."""
    groups = []
    for finder in sorted(shelf.finders, key=lambda f: f.order):
        if may_open(person, finder.roles):
            hits = list(finder.find(typed, person))[:MOST]
            if hits:
                groups.append((finder.label, hits))
    return sorted(groups, key=lambda group: not any(hit.exact for hit in group[1]))


@finds(_("Documents"), order=10)
def documents(typed, person):
    """Any document by its number or theirs."""
    if len(typed) < 2:
        return
    rows = Record.objects.visible_to(person).matching(typed).select_related("party")
    for record in rows.order_by("-dated_on", "-pk")[:MOST]:
        link = link_to(record)
        if link:
            detail = f"{label_of(record.kind)} · {record.party or ''} · {link.state}"
            yield Found(
                str(record), link.url, detail, "file", exact=typed.casefold() == (record.number or "").casefold()
            )


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


@finds(_("Pages"), order=80)
def pages(typed, person):
    """Every page of the navigation."""
    for _section, entries in navigation_for(person):
        for entry in entries:
            if typed.casefold() in str(entry.label).casefold():
                yield Found(str(entry.label), entry.url, "", entry.icon)
