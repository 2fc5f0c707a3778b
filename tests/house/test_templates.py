"""What a browser gets obeys the content security policy: no inline script, no inline style."""

import re

import pytest

from .source import files_of, text

RULES = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.S),
    "a style element": re.compile(r"<style\b"),
    "an inline script": re.compile(r"<script\b(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>"),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.S),
    "a script address": re.compile(r"javascript:", re.I),
    "an htmx script": re.compile(r"\bhx-on\b|\bhx-vals=['\"]js:"),
}
ON_PAPER = ("/mail/", "/pdf/")  # no browser and no policy: mails need their styles inline


@pytest.mark.parametrize("rule", RULES)
def test_no_page_template_has(rule: str) -> None:
    found = [
        f"{name}: {match.group()[:80]}"
        for name in files_of(".html", without=ON_PAPER)
        for match in RULES[rule].finditer(re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", text(name), flags=re.S))
    ]
    assert not found, f"{rule}: {found}"


def test_every_posted_form_carries_the_token() -> None:
    bare = [
        name
        for name in files_of(".html", without=ON_PAPER)
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text(name), re.S | re.I)
        if "csrf_token" not in form
    ]
    assert not bare


CELL = re.compile(r"<td\b(?:{%.*?%}|{{.*?}}|[^>])*>")
FIRST = re.compile(r"(<tr\b(?:{%.*?%}|{{.*?}}|[^>])*>\s*)<td\b")


def test_every_figure_of_a_card_says_what_it_is() -> None:
    """On a telephone a table of cards has no head: a figure without its word could be anything; the first cell is the card's own."""
    bare = [
        f"{name}: {cell}"
        for name in files_of(".html", without=ON_PAPER)
        for table in re.findall(r"<table class=\"[^\"]*\bcards\b.*?</table>", text(name), re.S)
        for cell in CELL.findall(FIRST.sub(r"\1<first", table))
        if 'class="num' in cell and "data-label" not in cell
    ]
    assert not bare
