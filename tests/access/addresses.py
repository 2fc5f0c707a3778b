"""Every address of the program with its view, and the table of who may open it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver

MATRIX = Path(__file__).with_name("matrix.csv")
NOBODYS = {"pk": 0, "customer": 0, "record": 0, "group": UUID(int=0), "key": "none", "kind": "none", "name": "none", "step": "none", "code": "none",
           "period": "none", "attachment": 0, "what": "excel", "contract": 0, "number": 0, "bid": 0, "merged": 0, "previous": 0, "figure": "none", "reception": 0}  # fmt: skip


def views(resolver: Any = None, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """(name, view class) of every address of ours; the packages' own (sign-in, second factor) have tests of their own."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry, (*spaces, *((entry.namespace,) if entry.namespace else ())))
        else:
            view = getattr(entry.callback, "view_class", None)
            if view is not None and not view.__module__.startswith("allauth") and entry.name:
                yield ":".join((*spaces, entry.name)), (view, entry.pattern.converters)


def address(name: str, converters: dict[str, Any]) -> str:
    """The address with the key of something that does not exist, where it takes one."""
    given = {key: NOBODYS[key] for key in converters}
    if name == "control:notification":
        given["pk"] = UUID(int=0)
    return path_of(name, given)


def path_of(name: str, keys: dict[str, Any]) -> str:
    return reverse(name, kwargs=keys) + ("?kind=date&text=1" if name == "pages:typed" else "")
