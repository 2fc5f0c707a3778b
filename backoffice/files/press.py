"""The press: loads WeasyPrint once; then, for each order on its input, a child prints one PDF of one or more documents to its output and ends.

The child alone reads the order and writes the answer (each eight bytes of length, then that many), so no document is ever in the
same memory as another; a child that fails ends the whole press with it. Knows neither Django nor the database.

Everything a document refers to goes through one fetcher that denies by default: styles, pictures and fonts below the given folders
under the private scheme `asset:`, and pictures written into the page (`data:image/…`). Never a file, never the network.
"""

import json
import logging
import mimetypes
import os
import resource
import select
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib import parse
from urllib.parse import unquote, urlsplit

SCHEME = "asset"
BASE = f"{SCHEME}://press/"
SUFFIXES = {".css", ".ttf", ".png", ".jpg", ".svg"}
NO_PANGO = 3
FAILED = 4
TOO_SLOW = 5
SIZE = 8
IDLE_SECONDS = 600
FIRST = "<!doctype html><html lang=zh><body style=\"font-family:'Noto Sans SC'\">一<b>二</b>"


def limit(seconds: int, megabytes: int) -> None:
    """The kernel ends us where we ask for more, by processor, by clock and by memory (as far as it knows such limits)."""
    size = megabytes * 1024**2
    limits = {
        resource.RLIMIT_CPU: (seconds, seconds + 1),
        resource.RLIMIT_AS: (size, size),
        resource.RLIMIT_CORE: (0, 0),
    }
    for what, bounds in limits.items():
        with suppress(ValueError, OSError):
            resource.setrlimit(what, bounds)
    signal.alarm(seconds)


def allowed(url: str, roots: list[tuple[str, Path]]) -> Path:
    """The file below one of the folders that an address of ours stands for, or ValueError."""
    parts = urlsplit(url)
    for prefix, folder in roots:
        if parts.scheme == SCHEME and parts.netloc == "press" and parts.path.startswith(prefix):
            path = (folder / unquote(parts.path[len(prefix) :])).resolve()
            if path.is_relative_to(folder) and path.suffix.lower() in SUFFIXES and path.is_file():
                return path
    raise ValueError("A document may only use our own styles, pictures and fonts.")


def read(size: int) -> bytes:
    """So many bytes of the input; fewer where whoever started us has gone."""
    parts = []
    while size and (part := os.read(0, min(size, 1 << 20))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def answer(pdf: bytes) -> None:
    with open(1, "wb", closefd=False) as out:
        out.write(len(pdf).to_bytes(SIZE, "big") + pdf)


def printed(documents: list[str], roots: list[tuple[str, Path]]) -> bytes:
    """The pages of all documents, each counted from one, with their fonts once. WeasyPrint is imported before the fork, by `main`."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Denying(URLFetcher):  # type: ignore[misc]
        """Denies by default."""

        def fetch(self, url: str, headers: object = None) -> object:
            if url.startswith("data:image/"):
                return super().fetch(url)
            path = allowed(url, roots)
            return URLFetcherResponse(
                url, path.read_bytes(), {"Content-Type": mimetypes.guess_type(path.name)[0] or "font/ttf"}
            )

    fetcher: Any = Denying(allowed_protocols=("data",), allow_redirects=False)
    laid_out = [
        HTML(string=html, base_url=BASE, url_fetcher=fetcher, media_type="print").render() for html in documents
    ]
    return bytes(laid_out[0].copy([page for one in laid_out for page in one.pages]).write_pdf())


def work(size: int) -> None:
    """What the child does: the order comes in, the document goes out."""
    limit(int(sys.argv[1]), int(sys.argv[2]))
    given = json.loads(read(size))
    answer(printed(given["documents"], [(prefix, Path(folder).resolve()) for prefix, folder in given["roots"]]))


def child_of(size: int) -> int:
    """Fork, let the child work, and say how that ended: 0, or the code with which all of us end."""
    child = os.fork()
    if not child:
        try:
            work(size)
        except BaseException:  # noqa: BLE001  (a forked child never returns into its parent's code)
            sys.excepthook(*sys.exc_info())
            sys.stderr.flush()
            os._exit(FAILED)
        os._exit(0)
    ended = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(ended) and os.WTERMSIG(ended) in (signal.SIGALRM, signal.SIGXCPU, signal.SIGKILL):
        return TOO_SLOW
    return FAILED if ended else 0


def main() -> int:
    """Orders in, PDFs out, until nobody has asked for a while or whoever started us has gone."""
    for known in (parse.uses_relative, parse.uses_netloc):
        known.append(SCHEME)  # so that «../img/logo.svg» inside a style sheet finds its way
    try:
        printed([FIRST], [])  # loads the libraries and the fonts, for all that follow
    except OSError as error:
        sys.stderr.write(str(error))
        return NO_PANGO
    logging.disable(logging.WARNING)
    while select.select([0], [], [], IDLE_SECONDS)[0] and len(head := read(SIZE)) == SIZE:
        if code := child_of(int.from_bytes(head, "big")):
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
