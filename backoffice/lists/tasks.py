"""Exports too long for a click: written in a worker, kept for whoever asked, told of when they are done."""

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.files.models import File
from backoffice.files.screening import XLSX
from backoffice.files.services import keep
from backoffice.jobs.registry import work
from backoffice.jobs.works import Progress
from backoffice.lists.declared import REGISTRY, List
from backoffice.lists.exports import export
from backoffice.refusals import Refused

EXPORT_LIST = "export_list"
TYPES = {"xlsx": XLSX, "csv": "text/csv", "pdf": "application/pdf"}
UNSAFE = str.maketrans(dict.fromkeys('/\\:*?"<>| \r\n', "-"))


def file_name(shown: List, watermark: str, form: str) -> str:
    """«订单-2026-11-21-3F2A.xlsx»: what it is, of which day, and which line of the export log."""
    return f"{shown.title} {timezone.localdate():%Y-%m-%d} {watermark}.{form}".translate(UNSAFE)


@work(EXPORT_LIST, label=gettext_lazy("Export a list"), whole=False)
def export_list(progress: Progress) -> None:
    """The same list for the same person as the page showed; what they may no longer see is not in it."""
    declared, form = REGISTRY[progress.args["list"]], progress.args["form"]
    shown = declared(progress.by, QueryDict(progress.args["query"]))
    if not shown.may(declared.roles):
        raise Refused(_("This list belongs to another role now."))
    progress.step(message=str(shown.title))
    log, file = export(shown, form)
    kept = keep(
        file_name(shown, log.watermark, form), file.read(), TYPES[form], by=progress.by, label=File.Label.ISSUED
    )
    progress.result(file=kept, message=_("%(rows)d rows") % {"rows": log.rows})
