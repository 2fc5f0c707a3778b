"""What there is to translate: every text in Python and in templates, and the catalogue it belongs to."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize

NAMES = {"gettext", "gettext_lazy", "gettext_noop", "_", "ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
QUOTED = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*{QUOTED}(?:\s*,\s*{QUOTED})?(?:\s*,\s*{QUOTED})?", re.S)
HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "zh_Hans",
    "Plural-Forms": "nplurals=1; plural=0;",
}


@dataclass(frozen=True)
class Text:
    """One msgid where it stands; `plural` and `context` as gettext knows them."""

    msgid: str
    place: str
    plural: str = ""
    context: str = ""


def catalogues(root: Path) -> list[Path]:
    """The catalogues of the foundation's nouns, of the apps and of their parts."""
    return sorted([*root.glob("*/*/locale/*/LC_MESSAGES/*.po"), *root.glob("*/locale/*/LC_MESSAGES/*.po")])


def catalogue_of(place: str, root: Path) -> Path:
    """An app's templates lie in a folder of its name; the shared ones belong to the pages."""
    parts = Path(place.split(":")[0]).parts
    if parts[0] == "templates":
        named = [app.parent for part in parts[1:-1] for app in sorted(root.glob(f"{part}/apps.py"))]
        nested = [app.parent for part in parts[1:-1] for app in sorted(root.glob(f"*/{part}/apps.py"))]
        owner = [*named, *nested, root / "backoffice" / "pages"][0]
    else:
        is_nested = parts[0] == "backoffice" or (root.joinpath(*parts[:2]) / "apps.py").exists()
        owner = root.joinpath(*parts[:2]) if is_nested and len(parts) > 2 else root / parts[0]
    return owner / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def texts_in_python(path: Path, place: str) -> Iterator[Text]:
    """Calls of gettext and its sisters with their text; one that is put together at run time cannot be translated."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in NAMES | IN_CONTEXT:
            continue
        at = f"{place}:{node.lineno}"
        words = [a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else "" for a in node.args]
        if isinstance(node.args[0], ast.JoinedStr | ast.BinOp) or (name in IN_CONTEXT and not all(words[:2])):
            raise ValueError(f"{at}: a text that is put together cannot be translated")
        context = words.pop(0) if name in IN_CONTEXT else ""
        plural = words[1] if name.lstrip("p").startswith("ng") or name.startswith("np") else ""
        if words[0]:
            yield Text(words[0], at, plural, context)


def texts_in_template(path: Path, place: str) -> Iterator[Text]:
    for found in CALL.finditer(templatize(path.read_text(encoding="utf-8"))):
        words = [ast.literal_eval(word) for word in found.groups()[1:] if word]
        name = found.group(1)
        context = words.pop(0) if name in ("pgettext", "npgettext") else ""
        yield Text(words[0], place, words[1] if name.startswith("n") and len(words) > 1 else "", context)


def texts(root: Path, packages: tuple[str, ...]) -> Iterator[Text]:
    """Every text of the program's packages and templates."""
    for package in packages:
        for path in sorted((root / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from texts_in_python(path, str(path.relative_to(root)))
    for path in sorted(p for p in (root / "templates").rglob("*") if p.suffix in (".html", ".txt")):
        yield from texts_in_template(path, str(path.relative_to(root)))


def translated(root: Path) -> dict[tuple[str, str], polib.POEntry]:
    """(context, msgid) → entry, over all catalogues; what is fuzzy or empty does not count."""
    entries = [entry for path in catalogues(root) for entry in polib.pofile(str(path)) if not entry.obsolete]
    done = [e for e in entries if not e.fuzzy and (e.msgstr or all(e.msgstr_plural.values() or [""]))]
    return {(e.msgctxt or "", e.msgid): e for e in done}


def add_missing(root: Path, packages: tuple[str, ...]) -> dict[Path, int]:
    """Write an empty entry for each text that no catalogue has, into the catalogue it belongs to."""
    there, added = translated(root), {}
    for text in texts(root, packages):
        path = catalogue_of(text.place, root)
        if (text.context, text.msgid) in there:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile()
        catalogue.metadata = catalogue.metadata or dict(HEADER)
        if catalogue.find(text.msgid, msgctxt=text.context or False) is None:
            more = {"msgid_plural": text.plural, "msgstr_plural": {0: ""}} if text.plural else {}
            catalogue.append(polib.POEntry(msgid=text.msgid, msgctxt=text.context or None, **more))
            catalogue.sort(key=lambda entry: entry.msgid)
            catalogue.save(str(path))
            added[path] = added.get(path, 0) + 1
    return added
