"""The text part of a mail, made from its HTML: what a telephone's preview and a screen reader get."""

import re
from html.parser import HTMLParser

ROWS = {"tr", "br"}
BLOCKS = {"p", "div", "table", "h1", "h2", "h3", "h4", "ul", "ol", "section", "header", "footer"}
SILENT = {"style", "script", "head", "title"}


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0
        self.address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in SILENT:
            self.silent += 1
        elif tag in BLOCKS or tag in ROWS:
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in ("td", "th"):
            self.parts.append("  ")
        elif tag == "img" and given.get("alt"):
            self.parts.append(f"[{given['alt']}]")
        elif tag == "a":
            self.address = given.get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in BLOCKS:
            self.parts.append("\n")
        elif tag == "a" and self.address:
            self.parts.append(f" <{self.address}>")
            self.address = ""

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def plain_text(html: str) -> str:
    """Readable text of an HTML mail: rows as lines, links with their address, at most one empty line in a row."""
    parser = _Plain()
    parser.feed(html)
    lines = (re.sub(r"[ \t]{3,}", "  ", line).strip() for line in "".join(parser.parts).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
