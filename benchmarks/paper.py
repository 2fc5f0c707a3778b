"""Documents on paper: never from the store of what was printed before."""

from collections.abc import Callable
from itertools import count
from typing import Any

from backoffice.files.pdf import print_html, render_pdf
from backoffice.money import amount_in_words
from backoffice.pages.paper import barcode_of
from benchmarks.measuring import Work, row
from invoices.models import Invoice

fresh = count(1)


def printed(invoice: Invoice) -> bytes:
    bars, width = barcode_of(invoice.number or "")
    return render_pdf(
        "invoice",
        {
            "document": invoice, "heading": "发票", "bars": bars, "bars_width": width, "in_words": amount_in_words(invoice.amount),
            "signs": ["开票", "复核"], "is_draft": False, "company_name": f"示例公司 {next(fresh)}", "printed_by": "测量", "lines": invoice.lines.all(),
        },
    )  # fmt: skip


def poor() -> Callable[[], bytes]:
    """The least a document can be: one line of Chinese in the same press."""
    return lambda: print_html(
        f"<!doctype html><html lang=zh><link rel=stylesheet href='/static/css/paper.css'><p>发票 {next(fresh)}</p>"
    )


@row("invoice PDF with Chinese text", goal=250, ratio=2, rounds=6)
def one(load: Any) -> Work:
    return Work(ours=lambda: printed(load.invoice), baselines={"one line of text": poor()})


@row("20 invoices on paper in a batch", goal=900, rounds=2, in_short=False)
def batch(load: Any) -> Work:
    invoices = list(Invoice.objects.filter(state="issued").order_by("-pk")[:20])
    return Work(ours=lambda: [printed(invoice) for invoice in invoices])
