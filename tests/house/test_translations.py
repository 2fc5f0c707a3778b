"""Nothing is shown untranslated: every text has its Chinese, and every label is a text."""

import re
from collections import defaultdict
from collections.abc import Iterator

import polib
import pytest
from django.apps import apps
from django.db.models import Field
from django.forms import BaseForm
from django.utils.translation import override

from backoffice.control import translations

from . import exemptions
from .source import PROGRAM, ROOT

CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)[^}]*\}")


def test_every_text_is_translated() -> None:
    there = translations.translated(ROOT)
    missing = {t.msgid: t.place for t in translations.texts(ROOT, PROGRAM) if (t.context, t.msgid) not in there}
    assert not missing, f"{len(missing)} without Chinese (make messages lists them): {missing}"


def test_a_text_has_one_translation_wherever_it_stands() -> None:
    """Django merges the catalogues and the last one wins: what means two things needs a context (pgettext)."""
    said = defaultdict(set)
    for path in translations.catalogues(ROOT):
        for entry in polib.pofile(str(path)):
            said[entry.msgctxt or "", entry.msgid].add(entry.msgstr or str(entry.msgstr_plural))
    assert {text: words for text, words in said.items() if len(words) > 1} == {}


def test_no_catalogue_keeps_what_nothing_says() -> None:
    used = {(t.context, t.msgid) for t in translations.texts(ROOT, PROGRAM)}
    kept = {
        (entry.msgctxt or "", entry.msgid): path.parts[-5]
        for path in translations.catalogues(ROOT)
        for entry in polib.pofile(str(path))
    }
    assert {
        text: app for text, app in kept.items() if text not in used and text[1] not in exemptions.SAID_BY_PACKAGES
    } == {}


def test_a_translation_keeps_the_places_for_values() -> None:
    def places(text: str) -> set[str]:
        return {match.group() for match in PLACEHOLDER.finditer(text)}

    wrong = []
    for entry in translations.translated(ROOT).values():
        for translated in [entry.msgstr] if entry.msgstr else list(entry.msgstr_plural.values()):
            if not places(translated) <= places(entry.msgid) | places(entry.msgid_plural):
                wrong.append(entry.msgid)
            if not entry.msgid_plural and places(entry.msgid) - places(translated):
                wrong.append(entry.msgid)
    assert not wrong


def _is_shown_in_chinese(label: object) -> bool:
    text = str(label)
    return bool(CHINESE.search(text)) or not re.search(r"[A-Za-z]{2}", text) or text in exemptions.UNTRANSLATED_LABELS


def _own_fields() -> Iterator[tuple[str, Field]]:
    for model in apps.get_models():
        if model.__module__.split(".")[0] in PROGRAM:
            for field in model._meta.local_fields:
                yield f"{model._meta.label}.{field.name}", field


def test_every_choice_of_a_field_is_a_text() -> None:
    with override("zh-hans"):
        found = {
            f"{name}={value}": str(label)
            for name, field in _own_fields()
            for value, label in field.flatchoices
            if not _is_shown_in_chinese(label)
        }
    assert not found


def _forms(of: type[BaseForm]) -> Iterator[type[BaseForm]]:
    for form in of.__subclasses__():
        yield form
        yield from _forms(form)


@pytest.mark.usefixtures("urls")
def test_every_label_of_a_form_is_a_text() -> None:
    with override("zh-hans"):
        found = {
            f"{form.__module__}.{form.__name__}.{name}": str(field.label)
            for form in _forms(BaseForm)
            if form.__module__.split(".")[0] in PROGRAM
            for name, field in getattr(form, "base_fields", {}).items()
            if field.label and not field.widget.is_hidden and not _is_shown_in_chinese(field.label)
        }
    assert not found, f"give these a translated label: {found}"
