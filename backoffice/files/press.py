"""The press: reads one order (JSON) on its input, writes one PDF on its output, ends. Knows neither Django nor the database.

Everything a document refers to goes through one fetcher that denies by default: styles, pictures and fonts below the given folders
under the private scheme `asset:`, and pictures written into the page (`data:image/…`). Never a file, never the network.
"""

import json
import mimetypes
import resource
import sys
from contextlib import suppress
from pathlib import Path
from urllib import parse
from urllib.parse import unquote, urlsplit

SCHEME = "asset"
BASE = f"{SCHEME}://press/"
SUFFIXES = {".css", ".ttf", ".png", ".jpg", ".svg"}
NO_PANGO = 3


def limit(seconds: int, megabytes: int) -> None:
    """The kernel ends us where we ask for more (as far as it knows such limits; whoever waits for us has a clock too)."""
    size = megabytes * 1024**2
    limits = {
        resource.RLIMIT_CPU: (seconds, seconds + 1),
        resource.RLIMIT_AS: (size, size),
        resource.RLIMIT_CORE: (0, 0),
    }
    for what, bounds in limits.items():
        with suppress(ValueError, OSError):
            resource.setrlimit(what, bounds)


def allowed(url: str, roots: list[tuple[str, Path]]) -> Path:
    """The file below one of the folders that an address of ours stands for, or ValueError."""
    parts = urlsplit(url)
    for prefix, folder in roots:
        if parts.scheme == SCHEME and parts.netloc == "press" and parts.path.startswith(prefix):
            path = (folder / unquote(parts.path[len(prefix) :])).resolve()
            if path.is_relative_to(folder) and path.suffix.lower() in SUFFIXES and path.is_file():
                return path
    raise ValueError("A document may only use our own styles, pictures and fonts.")


def main() -> int:
    """One order in, one PDF out."""
    limit(int(sys.argv[1]), int(sys.argv[2]))
    for known in (parse.uses_relative, parse.uses_netloc):
        known.append(SCHEME)  # so that «../img/logo.svg» inside a style sheet finds its way
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError as error:
        sys.stderr.write(str(error))
        return NO_PANGO

    class Denying(URLFetcher):  # type: ignore[misc]
        """Denies by default."""

        def fetch(self, url: str, headers: object = None) -> object:
            if url.startswith("data:image/"):
                return super().fetch(url)
            path = allowed(url, roots)
            return URLFetcherResponse(
                url, path.read_bytes(), {"Content-Type": mimetypes.guess_type(path.name)[0] or "font/ttf"}
            )

    order = sys.stdin.buffer.read()
    if not order:
        return 0  # whoever started us has gone
    given = json.loads(order)
    roots = [(prefix, Path(folder).resolve()) for prefix, folder in given["roots"]]
    fetcher = Denying(allowed_protocols=("data",), allow_redirects=False)
    pdf = HTML(string=given["html"], base_url=BASE, url_fetcher=fetcher, media_type="print").write_pdf()
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
