"""Every page says who may open it; a fragment is a page with a door."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from . import exemptions
from .source import PROGRAM


def _patterns(of: URLResolver, before: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in of.url_patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, address)
        elif isinstance(pattern, URLPattern):
            yield address, pattern.callback


def _ours() -> Iterator[tuple[str, Any]]:
    for address, callback in _patterns(get_resolver()):
        if callback.__module__.split(".")[0] in PROGRAM:
            yield address, callback


def test_every_page_declares_its_roles() -> None:
    views = {address: getattr(callback, "view_class", None) for address, callback in _ours()}
    silent = {a: v.__name__ for a, v in views.items() if v is not None and getattr(v, "roles", None) is None}
    assert not silent, f"declare `roles`: {silent}"


def test_a_page_is_a_class() -> None:
    bare = {f"{c.__module__}.{c.__name__}": address for address, c in _ours() if not hasattr(c, "view_class")}
    assert not bare.keys() - exemptions.FUNCTION_VIEWS.keys(), bare


def test_every_address_has_a_name() -> None:
    def nameless(of: URLResolver, before: str = "") -> Iterator[str]:
        for pattern in of.url_patterns:
            if isinstance(pattern, URLResolver):
                yield from nameless(pattern, before + str(pattern.pattern))
            elif not pattern.name and pattern.callback.__module__.split(".")[0] in PROGRAM:
                yield before + str(pattern.pattern)

    assert not list(nameless(get_resolver()))
