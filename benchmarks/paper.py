"""Documents on paper: never from the store of what was printed before."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.test import Client

from backoffice.files.pdf import print_html, remove_old_prints
from benchmarks.measuring import Work, row
from invoices.models import Invoice

fresh = count(1)


def printed(client: Client, invoices: list[Invoice]) -> None:
    """Each asked for by itself, printed anew."""
    remove_old_prints(timedelta(0))
    for invoice in invoices:
        answer = client.get(f"/invoices/{invoice.pk}/pdf/")
        if not b"".join(answer.streaming_content).startswith(b"%PDF-"):
            raise RuntimeError("no PDF came")


def poor() -> bytes:
    """The least a document can be: one line of Chinese in the same press."""
    return print_html(f"<!doctype html><html lang=zh><p>发票 {next(fresh)}</p>")


@row("invoice PDF with Chinese text", goal=250, ratio=2, rounds=6, worst=10)
def one(load: Any) -> Work:
    client = load.client("finance")
    return Work(ours=lambda: printed(client, [load.invoice]), baselines={"one line of text": poor})


def printed_together(client: Client, invoices: list[Invoice]) -> None:
    """Chosen in the list and printed with one click."""
    remove_old_prints(timedelta(0))
    answer = client.post("/invoices/?view=all", {"act": "print", "ids": [invoice.pk for invoice in invoices]})
    if not b"".join(answer.streaming_content).startswith(b"%PDF-"):
        raise RuntimeError("no PDF came")


@row("20 invoices on paper in a batch", goal=900, ratio=0.5, rounds=2, in_short=False)
def batch(load: Any) -> Work:
    client, invoices = load.client("finance"), list(Invoice.objects.filter(state="issued").order_by("-pk")[:20])
    return Work(
        ours=lambda: printed_together(client, invoices),
        baselines={"one after the other": lambda: printed(client, invoices)},
    )
