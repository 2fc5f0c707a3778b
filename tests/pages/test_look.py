"""The look: figures, charts without Node, signs that exist, a style that stays small and a browser that runs nothing inline."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils.translation import override

from backoffice.documents.enforcement import documents
from backoffice.pages import charts
from backoffice.pages.templatetags import show
from backoffice.pages.words import SIGNS

STATIC, TEMPLATES = Path(settings.BASE_DIR) / "static", Path(settings.BASE_DIR) / "templates"
OWN = ("tokens", "parts", "frame", "pages", "print", "list")
MOST_CSS = 45_000


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("1234.5"), "1,234.50"),
        (Decimal("-3"), '<span class="neg">−3.00</span>'),
        (None, "—"),
        (Decimal(0), "0.00"),
    ],
)
def test_an_amount_has_separators_two_decimals_and_a_real_minus(value, shown):
    assert show.money(value) == shown


def test_short_amounts_follow_the_language():
    with override("zh-hans"):
        assert show.short_money(Decimal("12345678")) == "¥1,234.6万"
    with override("en"):
        assert show.short_money(Decimal("12345678")) == "¥12.3M"


def test_quantities_and_prices_show_no_empty_decimals():
    assert (show.quantity(Decimal("12.500")), show.quantity(Decimal("100.000"), "件")) == ("12.5", "100 件")
    assert (show.price(Decimal("45.000000")), show.price(Decimal("2.357000"))) == ("45.00", "2.357")


def sample() -> charts.Chart:
    return charts.ranking("Ranking", [("王", Decimal(120)), ("李", Decimal(-30))], label="Sales", head="Person")


def test_a_chart_is_drawn_on_the_server_in_both_forms():
    assert charts.svg(sample()).startswith("<svg")
    assert charts.png(sample())[:4] == b"\x89PNG"


def test_without_node_a_chart_is_a_table_with_bars_and_never_an_error():
    with override_settings(NODE="/no/such/node"):
        lonely = charts.bars("Other", ["1"], [Decimal(7)], label="Sales", head="Month")
        assert "<table" in charts.svg(lonely)
        assert charts.png(lonely) is None


def test_no_figure_of_a_chart_is_a_float():
    def floats(part):
        if isinstance(part, dict):
            return [f for value in part.values() for f in floats(value)]
        if isinstance(part, list):
            return [f for value in part for f in floats(value)]
        return [part] if isinstance(part, float) else []

    made = charts.bars("Months", ["1", "2"], [Decimal("0.10"), None], label="Sales", head="Month")
    assert floats([s["data"] for s in made.option["series"]]) == []


def test_every_sign_that_is_used_exists():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "img/icons.svg").read_text()))
    used = {sign for _tone, sign in SIGNS.values()}
    for page in TEMPLATES.rglob("*.html"):
        used |= set(re.findall(r'{% icon "([\w-]+)"', page.read_text()))
    for source in Path(settings.BASE_DIR).glob("**/panels.py"):
        used |= set(re.findall(r'icon="([\w-]+)"', source.read_text()))
    assert used <= drawn, sorted(used - drawn)


def test_our_style_stays_small():
    assert sum((STATIC / f"css/{name}.css").stat().st_size for name in OWN) < MOST_CSS


def test_no_page_carries_what_the_browser_would_refuse():
    wrong = []
    for page in TEMPLATES.rglob("*.html"):
        if {"pdf", "mail"} & set(page.relative_to(TEMPLATES).parts):
            continue
        text = page.read_text()
        inline = re.findall(
            r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*(?:src=|application/json))|hx-on|hx-vals='?js:", text
        )
        wrong += [f"{page.name}: {found}" for found in inline]
    assert wrong == []


def test_a_session_is_named_by_browser_and_system():
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0"
    assert show.browser(agent) == "Edge, Windows"
    assert show.browser("curl/8") == "curl/8"


def test_every_state_of_a_document_has_a_sign_of_its_own():
    """A list knows a state by its name alone: one without a sign stood there as a grey dot, whatever its lifecycle said."""
    states = {str(state) for document in documents() for state in document.lifecycle.states}
    assert states - set(SIGNS) == set()
