"""Which words of a page are in the wrong language: what the interface says is told from what the database holds."""

import re
from collections.abc import Iterable

from django.apps import apps
from django.db.models import CharField, TextField
from playwright.sync_api import Page

CHINESE = re.compile(r"[\u3400-\u9fff]+")
LATIN = re.compile(r"[A-Za-z]{3,}")
NEVER_SAID = re.compile(  # the seed of somebody's codes; the name of a place to be filled, which is the same in both languages; an address
    r"\b[A-Z2-7]{32}\b|\{[^{}]*\}|https?://\S+"
)
# Names and signs that are the same in every language; the switch says the other language in its own words.
SAME_EVERYWHERE = {
    "Excel", "PDF", "CSV", "OFD", "Word", "Redis", "xlsx", "csv", "Ctrl", "Esc", "Enter", "Tab", "Shift", "Space", "Insert", "Home", "End",
    "PgUp", "PgDn", "Alt", "Delete", "COMPANY", "NAME", "net", "gross", "margin", "unit", "whole", "slice", "wang", "English", "Switch", "Chrome", "Linux", "Asia", "Shanghai", "CNY", "beat", "TOTP", "east",
}  # fmt: skip
IN_ENGLISH = {
    "合同签订后",
    "天内",
    "发货前",
    "余款",
    "验收后",
    "天",
    "中",
    "切换到中文",
    "简体中文",
    "月底",
    "万",
    "零元整",
}
TEXTS = """() => {
  const said = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) if (!['SCRIPT', 'STYLE', 'TEXTAREA'].includes(walker.currentNode.parentElement.tagName)) said.push(walker.currentNode.data)
  for (const name of ['title', 'aria-label', 'placeholder', 'data-label', 'alt'])
    for (const element of document.querySelectorAll(`[${name}]`)) said.push(element.getAttribute(name))
  return [...new Set(said.map((text) => text.trim()).filter(Boolean))]
}"""


def held() -> list[str]:
    """Every text of the database, the longest first."""
    found: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, CharField | TextField) and not field.choices:
                found.update(model._base_manager.values_list(field.attname, flat=True))
    lines = {line.strip() for text in found if text for line in text.splitlines()}
    return sorted(filter(None, lines), key=len, reverse=True)


def wrong_words(texts: Iterable[str], language: str, known: Iterable[str]) -> list[str]:
    """The texts that hold words of the other language which are not out of the database."""
    wrong = []
    for text in texts:
        if language == "en" and any(text in value for value in known):  # a clause of which a place is marked
            continue
        left = NEVER_SAID.sub(" ", text)
        for value in known:
            if CHINESE.search(value):
                left = left.replace(value, " ")
            elif len(value) > 1 and value in left:
                left = re.sub(rf"(?<![A-Za-z]){re.escape(value)}(?![A-Za-z])", " ", left)
        found = LATIN.findall(left) if language == "zh-hans" else CHINESE.findall(left)
        if set(found) - (SAME_EVERYWHERE if language == "zh-hans" else IN_ENGLISH):
            wrong.append(text)
    return wrong


def said(page: Page) -> list[str]:
    return page.evaluate(TEXTS)
