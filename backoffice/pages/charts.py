"""Charts as data: the same option in page, PDF and mail, always with its table.

Bars for months, lines against a plan, bars for a ranking. One colour, labels
on the marks, no value axis to read off. Figures stay Decimal; the option carries them as text.
"""

import json
import logging
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from .templatetags.show import SYMBOLS, large_units

log = logging.getLogger(__name__)
SCRIPT = Path(__file__).with_name("render_chart.mjs")
PATIENCE = 20
KEPT = 3600
WIDEST_BAR = 48  # of one salesperson or one month a chart would else make a wall


@dataclass(frozen=True)
class Chart:
    """A chart and the table behind it. `size` is low, usual or tall; colours are names the renderer knows ($accent …)."""

    title: str
    option: dict[str, Any]
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]
    size: str = ""
    key: str = field(default="", compare=False)

    @property
    def unit(self) -> str:
        """The sign of the money drawn; nothing where things are counted, whose figures are whole numbers."""
        is_money = any(isinstance(figure, Decimal) for row in self.rows for figure in row[1:])
        return SYMBOLS.get(settings.CURRENCY, settings.CURRENCY) if is_money else ""

    @property
    def as_json(self) -> str:
        return json.dumps(self.option, ensure_ascii=False, default=str)

    @property
    def name(self) -> str:
        return "chart-" + sha256(self.as_json.encode()).hexdigest()[:10]


def short(value: Any) -> str:
    """What a mark has room for: 1234567 → 123万, 45600 → 4.6万."""
    for unit, word in large_units():
        if abs(value) >= unit:
            scaled = Decimal(value) / unit
            text = f"{scaled:,.0f}" if abs(scaled) >= 100 else f"{scaled:,.1f}".removesuffix(".0")
            return f"{text}{word}".replace("-", "−")
    return f"{value:,.0f}".replace("-", "−")


def bars(title: str, labels: Sequence[str], values: Sequence[Decimal], *, before: Sequence[Decimal] = (), before_label: str = "",
         label: str = "", urls: Sequence[str] = (), show=short, head: str = "") -> Chart:  # fmt: skip
    """Upright bars, one a month; `before` stands as a pale bar behind each (last year, plan)."""
    series = []
    if before:
        pale = [_mark(value, show, "", said=False) for value in before]
        series.append({"type": "bar", "name": before_label, "data": pale, "xAxisIndex": 1, "barWidth": "62%", "barMaxWidth": 74,
                       "itemStyle": {"color": "$pale", "borderRadius": [2, 2, 0, 0]}, "z": 1})  # fmt: skip
    data = [_mark(value, show, url) for value, url in zip(values, _padded(urls, values), strict=True)]
    series.append({"type": "bar", "name": label, "data": data, "barWidth": "40%" if before else "56%", "barMaxWidth": WIDEST_BAR, "z": 2,
                   "itemStyle": {"color": "$accent", "borderRadius": [2, 2, 0, 0]}, "labelLayout": {"hideOverlap": True},
                   "label": {"show": True, "position": "top", "color": "$text", "fontSize": 11}})  # fmt: skip
    axis = _category(labels)  # the pale bars have one of their own, else the others would stand at their left edge
    option = _frame(series) | {"xAxis": [axis, axis | {"show": False}] if before else axis, "yAxis": _hidden()}
    columns = [values, before] if before else [values]
    return Chart(title, option, _heads(head, label, before_label if before else ""), _rows(labels, *columns))


def lines(title: str, labels: Sequence[str], values: Sequence[Decimal | None], *, plan: Sequence[Decimal] = (), plan_label: str = "",
          label: str = "", show=short, head: str = "") -> Chart:  # fmt: skip
    """What has come together against the plan; only the last point of each line is labelled."""
    series = [_line(label, values, "$accent", show, width=2.5)]
    if plan:
        series.insert(0, _line(plan_label, plan, "$grey", show, dashed=True))
    option = _frame(series) | {"xAxis": _category(labels), "yAxis": _hidden()}
    option["grid"]["right"] = 72
    columns = [values, plan] if plan else [values]
    return Chart(title, option, _heads(head, label, plan_label if plan else ""), _rows(labels, *columns))


def ranking(title: str, rows: Sequence[tuple[str, Decimal]], *, urls: Sequence[str] = (), label: str = "", show=short,
            head: str = "") -> Chart:  # fmt: skip
    """Lying bars, the largest first."""
    marked = [_mark(value, show, url) for (_name, value), url in zip(rows, _padded(urls, rows), strict=True)]
    series = [{"type": "bar", "data": marked, "barWidth": "58%", "barMaxWidth": WIDEST_BAR, "itemStyle": {"color": "$accent", "borderRadius": [0, 2, 2, 0]},
               "label": {"show": True, "position": "right", "color": "$text", "fontSize": 11}}]  # fmt: skip
    axis = _category([name for name, _value in rows]) | {"inverse": True}
    axis["axisLabel"] |= {"width": 110, "overflow": "truncate", "interval": 0}
    option = _frame(series) | {"yAxis": axis, "xAxis": _hidden()}
    option["grid"] = {"left": 8, "right": 72, "top": 8, "bottom": 8, "containLabel": True}
    return Chart(
        title, option, _heads(head, label, ""), rows, "tall" if len(rows) > 12 else "low" if len(rows) < 3 else ""
    )


# ── rendering on the server ────────────────────────────────────────────────────────────────


def svg(chart: Chart, width: int = 720, height: int = 300) -> SafeString:
    """The chart for a PDF; where Node is missing, the table with bars."""
    drawn = _drawn(chart, width, height, "svg")
    return mark_safe(drawn.decode()) if drawn else fallback(chart)  # noqa: S308  (drawn by our own script from our own option)


def png(chart: Chart, width: int = 720, height: int = 300) -> bytes | None:
    """The chart for a mail; None where Node is missing: the mail then shows `fallback`."""
    return _drawn(chart, width, height, "png")


def fallback(chart: Chart) -> SafeString:
    """The table with a bar in each row, in plain HTML."""
    figures = [row[1] for row in chart.rows if len(row) > 1 and row[1]]
    largest = max(map(abs, figures), default=Decimal(1)) or Decimal(1)
    rows = [(row, int(100 * abs(row[1] or 0) / largest)) for row in chart.rows]
    return render_to_string("components/bars.html", {"chart": chart, "rows": rows})


def _drawn(chart: Chart, width: int, height: int, kind: str) -> bytes | None:
    asked = {"option": chart.option, "width": width, "height": height, "kind": kind, "modules": str(settings.NODE_MODULES),
             "fonts": [str(path) for path in sorted(Path(settings.ASSETS_DIR).glob("NotoSansSC*.ttf"))]}  # fmt: skip
    text = json.dumps(asked, ensure_ascii=False)
    key = f"chart:{sha256(text.encode()).hexdigest()}"
    known = cache.get(key)
    if known is not None:
        return known
    try:
        done = subprocess.run(
            [settings.NODE, str(SCRIPT)], input=text.encode(), capture_output=True, timeout=PATIENCE, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("chart not drawn", extra={"chart": chart.title, "error": str(error)})
        return None
    cache.set(key, done.stdout, KEPT)
    return done.stdout


# ── parts of an option ─────────────────────────────────────────────────────────────────────


def _frame(series: list[dict]) -> dict:
    named = [s["name"] for s in series if s.get("name")]
    return {
        "animation": False,
        "grid": {"left": 16, "right": 16, "top": 34 if len(named) > 1 else 22, "bottom": 4, "containLabel": True},
        "legend": {"show": len(named) > 1, "top": 0, "left": 0, "itemWidth": 14, "itemHeight": 8, "textStyle": {"color": "$text2", "fontSize": 12}},
        "textStyle": {"fontFamily": "$font"},
        "series": series,
    }  # fmt: skip


def _category(labels: Sequence[str]) -> dict:
    return {"type": "category", "data": [str(label) for label in labels], "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": "$line"}}, "axisLabel": {"color": "$text2", "fontSize": 11}}  # fmt: skip


def _hidden() -> dict:
    return {"type": "value", "show": False, "axisLabel": {"show": False}}


def _mark(value: Decimal | None, show, url: str, *, said: bool = True) -> dict:
    mark: dict[str, Any] = {"value": "-" if value is None else str(value)}
    if said:
        mark["label"] = {"formatter": show(value) if value else ""}
    return mark | ({"url": url} if url else {})


def _line(name, values, colour, show, *, width=1.5, dashed=False) -> dict:
    last = next((i for i in range(len(values) - 1, -1, -1) if values[i] is not None), None)
    data = [_mark(value, show, "", said=index == last) for index, value in enumerate(values)]
    if last is not None:
        data[last]["label"] |= {
            "show": True,
            "position": "right",
            "color": colour,
            "fontSize": 12,
            "fontWeight": "bold",
        }
        data[last]["symbolSize"] = 7
    return {"type": "line", "name": name, "data": data, "symbol": "circle", "symbolSize": 1, "itemStyle": {"color": colour},
            "lineStyle": {"color": colour, "width": width, "type": "dashed" if dashed else "solid"}}  # fmt: skip


def _padded(urls: Sequence[str], values: Sequence) -> Sequence[str]:
    return urls or [""] * len(values)


def _heads(*words: str) -> list[str]:
    return [words[0], *(word for word in words[1:] if word)] if any(words[1:]) else [words[0], ""]


def _rows(labels: Sequence[str], *columns: Sequence) -> list[tuple]:
    return [tuple(row) for row in zip(labels, *columns, strict=False)]
