"""A document on paper: letterhead, number with barcode, amount in words, places for signature and seal."""

from collections.abc import Iterable
from dataclasses import dataclass

from barcode.codex import Code128
from django.conf import settings
from django.http import FileResponse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from backoffice.files.pdf import render_pdf
from backoffice.money import amount_in_words

from .detail import DetailPage


@dataclass(frozen=True, slots=True)
class Bar:
    """One black bar of a barcode, in modules from the left."""

    x: int
    width: int


def barcode_of(text: str) -> tuple[list[Bar], int]:
    """The bars of a Code 128 for a number, and how many modules wide it is; nothing for a draft without number."""
    if not text or not text.isascii():
        return [], 0
    modules = Code128(text).build()[0]
    bars, start = [], None
    for place, module in enumerate(modules + "0"):
        if module == "1" and start is None:
            start = place
        elif module == "0" and start is not None:
            bars.append(Bar(start, place - start))
            start = None
    return bars, len(modules)


class PaperPage(DetailPage):
    """The PDF of one document. A subclass says `model`, `paper` (a template below `pdf/`), `heading` and `paper_context()`.

    `signs` are the places to sign at the foot. A document that is not fixed yet carries a watermark that says so.
    """

    paper = ""
    heading = ""
    signs: Iterable[str] = ()
    has_timeline = False

    def paper_context(self) -> dict:
        return {}

    def get_language(self) -> str:
        """The language the paper speaks; a paper for a customer speaks theirs."""
        return self.request.user.language

    def get(self, request, *args, **kwargs):
        document = self.object
        bars, width = barcode_of(document.number or "")
        context = {
            "document": document,
            "heading": self.heading,
            "bars": bars,
            "bars_width": width,
            "in_words": amount_in_words(document.amount),
            "signs": list(self.signs),
            "is_draft": document.number is None,
            "company_name": settings.COMPANY_NAME or _("Your company"),
            "printed_by": request.user.name,
        }
        pdf = render_pdf(self.paper, context | self.paper_context(), self.get_language())
        name = get_valid_filename(f"{self.heading} {document.number or document.pk}.pdf")
        response = FileResponse(iter([pdf]), content_type="application/pdf", filename=name)
        response["Content-Disposition"] = f'inline; filename="{document.kind}-{document.number or document.pk}.pdf"'
        return response
