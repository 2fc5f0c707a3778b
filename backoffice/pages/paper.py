"""A document on paper: letterhead, number with barcode, amount in words, places for signature and seal."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from barcode.codex import Code128
from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from backoffice.documents.kinds import model_of
from backoffice.files.pdf import html_of, print_html
from backoffice.lists.declared import REGISTRY
from backoffice.money import amount_in_words
from backoffice.people.models import Person
from backoffice.register.models import Record

from .detail import DetailPage
from .page import may_open

MOST_PAPERS = 50  # printed together while one waits


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

    def html(self) -> str:
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
            "printed_by": self.request.user.name,
        }
        return html_of(self.paper, context | self.paper_context(), self.get_language())

    def get(self, request, *args, **kwargs):
        document = self.object
        return shown_as_pdf(print_html(self.html()), f"{document.kind}-{document.number or document.pk}.pdf")


def shown_as_pdf(pdf: bytes, name: str) -> FileResponse:
    """The browser shows it and offers to print or to keep it."""
    response = FileResponse(iter([pdf]), content_type="application/pdf", filename=name)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def paper_page(place: str) -> type[PaperPage]:
    """The page behind an address name, which takes the number of a document."""
    return resolve(reverse(place, args=[0])).func.view_class


def paper_of(record: Record, person: Person) -> str:
    """Address name of the paper of a document that has its number; nothing where its kind has none, or the person may not print it."""
    model = model_of(record.kind)
    place = next((shown.paper for shown in REGISTRY.values() if shown.paper and shown.model is model), "")
    return place if place and record.number and may_open(person, paper_page(place).roles) else ""


def papers_of(place: str, documents: Iterable[Any], request: HttpRequest) -> bytes:
    """The papers of several documents in one PDF, in their order; each as its own page would print it."""
    found = []
    for document in documents:
        page = paper_page(place)()
        page.setup(request, pk=document.pk)
        found.append(page.html())
    return print_html(*found)
