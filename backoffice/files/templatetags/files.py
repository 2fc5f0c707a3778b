"""`{% load files %}{% files_of document %}`: the files of a document, with a place to drop more."""

from typing import Any

from django import template

from ..models import File
from ..screening import KINDS, MOST_BYTES
from ..services import may_remove

register = template.Library()


@register.inclusion_tag("components/files.html", takes_context=True, name="files_of")
def on_file(context: Any, record: Any, adding: bool = True) -> dict[str, Any]:
    """What the component shows: each file and whether this person may take it away."""
    request = context["request"]
    files = File.objects.of(record).select_related("record", "uploaded_by")
    return {
        "request": request,
        "record": record,
        "rows": [(file, may_remove(file, request.user)) for file in files],
        "adding": adding,
        "labels": File.Label.choices,
        "accept": ",".join(f".{extension}" for extension in KINDS),
        "megabytes": MOST_BYTES // 1024**2,
    }
