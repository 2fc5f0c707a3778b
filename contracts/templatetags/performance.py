"""A figure of the performance list: shown hundreds of times on a page, so it is no template of its own (K3)."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from backoffice.pages.templatetags.show import money, quantity
from contracts.performance import LinePerformance

register = template.Library()


@register.simple_tag
def done(row: LinePerformance, figure: str, url: str) -> SafeString:
    """The quantity, and below it the amount; a link to the documents behind them."""
    found, line = row.of(figure), row.line.pk if row.line else "beside"
    below = format_html('<br><span class="small faint">{}</span>', money(found.amount)) if found.amount else ""
    return format_html('<a href="{}&amp;line={}">{}</a>{}', url, line, quantity(found.quantity), below)
