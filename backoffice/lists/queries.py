"""The query of a list kept in a row: a saved audience, in the history readable by people."""

from typing import Any
from urllib.parse import parse_qsl

from django.db import models


class QueryField(models.CharField):
    """A list's query string, to be asked again later."""

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def in_words(self, value: str) -> str:
        """«city: 杭州; grade: A, B» for `city=%E6%9D%AD%E5%B7%9E&grade=A&grade=B`."""
        parts: dict[str, list[str]] = {}
        for name, text in parse_qsl(value):
            parts.setdefault(name, []).append(text)
        return "; ".join(f"{name}: {', '.join(texts)}" for name, texts in parts.items()) or value
