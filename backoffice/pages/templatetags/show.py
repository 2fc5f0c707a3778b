"""How things are shown: money, quantities, dates, states, people. Built into every template."""

from datetime import date as Date
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from html import escape
from uuid import uuid4

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext

from ..words import sign_of

register = template.Library()
SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$"}
LARGE_UNITS = {True: ((10**8, "亿"), (10**4, "万")), False: ((10**6, "M"), (10**3, "K"))}
BROWSERS = (
    ("Edg/", "Edge"),
    ("MicroMessenger", "WeChat"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")


def large_units() -> tuple:
    """Ten thousands and hundred millions in Chinese, thousands and millions in English."""
    return LARGE_UNITS[_chinese()]


def _grouped(value: Decimal, places: int) -> str:
    return f"{abs(value):,.{places}f}"


def _signed(value: Decimal, text: str) -> str:
    """A real minus and a colour for what is below zero."""
    return format_html('<span class="neg">−{}</span>', text) if value < 0 else text


@register.filter
def money(value, currency=None):
    """12345.6 → 12,345.60; with a currency code its sign stands before. Empty for nothing known."""
    if value is None or value == "":
        return "—"
    value = Decimal(value)
    sign = SYMBOLS.get(currency, f"{currency} ") if currency else ""
    return _signed(value, f"{sign}{_grouped(value, 2)}")


@register.filter
def yuan(value):
    """An amount with the sign of the accounting currency: ¥12,345.60."""
    return money(value, settings.CURRENCY)


@register.filter
def short_money(value):
    """An amount for a card: 1,234,567.00 → 123.5万 (1.23M in English)."""
    if value is None or value == "":
        return "—"
    value, sign = Decimal(value), SYMBOLS.get(settings.CURRENCY, "")
    for unit, word in large_units():
        if abs(value) >= unit:
            return _signed(value, f"{sign}{_grouped(value / unit, 1)}{word}")
    return _signed(value, f"{sign}{_grouped(value, 0)}")


@register.filter
def price(value, currency=None):
    """A unit price: two decimals at least, up to six where they mean something."""
    if value is None or value == "":
        return "—"
    places = max(2, min(6, -Decimal(value).normalize().as_tuple().exponent))
    sign = SYMBOLS.get(currency, "") if currency else ""
    return _signed(Decimal(value), f"{sign}{_grouped(Decimal(value), places)}")


@register.filter
def quantity(value, unit=""):
    """12.000 → 12, 12.500 → 12.5, with its unit behind."""
    if value is None or value == "":
        return "—"
    value = Decimal(value)
    places = max(0, -value.normalize().as_tuple().exponent)
    text = _grouped(value, places)
    return _signed(value, f"{text} {unit}" if unit else text)


@register.filter
def percent(value, places=1):
    """0.1234 → 12.3 %."""
    if value is None or value == "":
        return "—"
    value = Decimal(value) * 100
    return _signed(value, f"{_grouped(value, places)}%")


@register.filter
def day(value):
    """2026-11-21 周六; in English 2026-11-21 Sat."""
    if not value:
        return "—"
    value = _local(value)
    return f"{value:%Y-%m-%d} {_weekday(value)}"


@register.filter
def fact(value):
    """A fact of whatever kind as it is shown everywhere: dates and instants in their form, — for what is not known."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, Date):
        return day(value)
    return "—" if value is None or value == "" else value


@register.filter
def short_day(value):
    """11-21 in this year, 2025-11-21 before: what a list has room for."""
    if not value:
        return "—"
    value = _local(value)
    return f"{value:%m-%d}" if value.year == timezone.localdate().year else f"{value:%Y-%m-%d}"


@register.filter
def moment(value):
    """2026-11-21 10:31, and 10:31 for today."""
    if not value:
        return "—"
    value = timezone.localtime(value)
    return f"{value:%H:%M}" if value.date() == timezone.localdate() else f"{value:%Y-%m-%d %H:%M}"


def _local(value) -> Date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def _weekday(value: Date) -> str:
    return WEEKDAYS[value.weekday()] if _chinese() else f"{value:%a}"


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name, extra=""):
    """A sign from our own sprite; it says nothing to a screen reader, the word beside it does."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>', extra, static("img/icons.svg"), name
    )


@register.simple_tag
def state(thing, label=""):
    """The badge of a document's state, with sign and word; takes a document, or a state and its label."""
    value = thing.get_state() if hasattr(thing, "get_state") else getattr(thing, "state", thing)
    words = label or _label_of(thing, value)
    tone, sign = sign_of(value)
    return format_html('<span class="badge tone-{}">{}{}</span>', tone, icon(sign), words)


def _label_of(thing, value):
    shown = getattr(thing, "get_state_display", None)
    return shown() if shown else getattr(value, "label", value)


@register.simple_tag
def badge(label, tone="neutral", sign=""):
    """Any other badge: `{% badge _("Overdue") "bad" "alert" %}`."""
    return format_html('<span class="badge tone-{}">{}{}</span>', tone, icon(sign) if sign else "", label)


@register.simple_tag
def person(someone):
    """A person by name, with the initial as a picture."""
    if not someone:
        return "—"
    name = getattr(someone, "name", "") or str(someone)
    return format_html(
        '<span class="person"><span class="face" aria-hidden="true">{}</span>{}</span>', name[-1:].upper(), name
    )


@register.filter
def browser(agent):
    """«Chrome, Windows» out of what a browser says of itself."""
    program = next((word for sign, word in BROWSERS if sign in agent), agent[:40])
    system = next((word for sign, word in SYSTEMS if sign in agent), "")
    return f"{program}, {system}" if system else program


@register.filter
def number(value):
    """A count with thousands separators."""
    return "—" if value in (None, "") else f"{value + 0:,}"  # + 0: a lazy count becomes a number


@register.simple_tag(takes_context=True)
def here(context, **changes):
    """This page's address with other parameters: `{% here page=2 %}`; None takes one away."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = value
    return f"?{query.urlencode()}" if query else context["request"].path


@register.filter
def span(seconds):
    """A length of time in words one can say: 40 s, 3 min, 2 h 5 min, 4 days; takes seconds or a timedelta."""
    if seconds is None or seconds == "":
        return "—"
    seconds = int(seconds.total_seconds() if hasattr(seconds, "total_seconds") else seconds)
    hours, minutes = divmod(seconds // 60, 60)
    if seconds < 60:
        return gettext("%(number)s s") % {"number": seconds}
    if not hours:
        return gettext("%(number)s min") % {"number": minutes}
    if hours < 48:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    return gettext("%(number)s days") % {"number": hours // 24}


@register.inclusion_tag("components/chart.html")
def chart(chart):
    """A chart of `backoffice.pages.charts` with its table; loads what it needs by itself."""
    return {"chart": chart, "json": mark_safe(json_script_text(chart.as_json))}  # noqa: S308  (escaped for a script)


def json_script_text(text: str) -> str:
    """JSON that cannot end the script element it stands in."""
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


@register.simple_tag
def rows_of_list(rows, can_choose):
    """The rows of a list with their cells. A page has hundreds: written here, they take a tenth of what a template's loop takes."""
    return mark_safe("\n".join([_row(row, can_choose) for row in rows]))  # noqa: S308  (each part is escaped where it is put in)


def _row(row, can_choose):
    href = f' data-href="{escape(row.href)}"' if row.href else ""
    css = f' class="{escape(row.css)}"' if row.css else ""
    choice = (
        f'<td class="pick"><input type="checkbox" name="ids" value="{row.pk}" aria-label="{escape(row.label)}"></td>'
        if can_choose
        else ""
    )
    cells = "".join([f"{_opening(cell.css, cell.label, cell.hint)}{_inside(cell)}</td>" for cell in row.cells])
    return f'<tr id="row-{row.pk}" data-pk="{row.pk}"{href}{css}>{choice}{cells}</tr>'


def _inside(cell):
    if cell.href:
        return f'<a href="{escape(cell.href)}">{escape(cell.text)}</a>'
    return _badge(cell.state, cell.text) if cell.state else escape(cell.text)


@lru_cache(maxsize=4096)
def _opening(css, label, hint):
    """The same for all rows of a column, but for hints."""
    css = format_html(' class="{}"', css) if css else ""
    hint = format_html(' title="{}"', hint) if hint else ""
    return format_html('<td{} data-label="{}"{}>', css, label, hint)


@lru_cache(maxsize=1024)
def _badge(value, words):
    return state(value, words)


@register.simple_tag
def once_key() -> str:
    """The key that makes sending a form twice one act (pages/page.py)."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid4())
