"""Documents on paper: a template and its figures become a PDF, in a process of its own that can reach nothing.

The press (press.py) stands ready with WeasyPrint and the fonts loaded and forks a child for each document: a click is answered in
some hundred milliseconds, a document that runs wild is stopped by limits of time and memory, and the web process never hangs.
What has been printed is kept under the hash of its content, so the same content is never printed twice.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import structlog
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from backoffice.refusals import Refused

from . import press
from .services import write_whole

log = structlog.get_logger(__name__)
PRESS = Path(__file__).with_name("press.py")
MOST_LINES = 500
SECONDS = 20
MEGABYTES = 1536
EXIT_RESTED = 0


def render_pdf(template: str, context: Mapping[str, Any], language: str = "") -> bytes:
    """`templates/pdf/<template>.html` with `context` as a PDF, in `language` (the person's, by default the company's)."""
    return print_html(html_of(template, context, language))


def html_of(template: str, context: Mapping[str, Any], language: str = "") -> str:
    """The same before it is printed."""
    with translation.override(language or settings.LANGUAGE_CODE):
        return render_to_string(f"pdf/{template}.html", {"company": settings.COMPANY_NAME, **context})


def print_html(*documents: str) -> bytes:
    """HTML of our own templates as one PDF, each document on pages of its own; from the store if this very content was printed before."""
    if any(html.count("<tr") > MOST_LINES + 50 for html in documents):
        raise Refused(
            _("A document on paper has at most %(lines)s lines; take longer ones as Excel.") % {"lines": MOST_LINES}
        )
    kept = _store() / f"{_fingerprint(documents)}.pdf"
    if kept.exists():
        return kept.read_bytes()
    pdf = _press.print(documents)
    write_whole(kept, pdf)
    return pdf


def remove_old_prints(kept: timedelta = timedelta(days=90)) -> int:
    """What was printed long ago is printed anew if it is asked for again; how many went."""
    before = time.time() - kept.total_seconds()
    old = [path for path in _store().glob("*.pdf") if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _store() -> Path:
    return Path(settings.MEDIA_ROOT) / "pdf"


class _Press:
    """One process that has the libraries and fonts loaded and forks a child for each document.

    Stays for as long as this process; ends by itself after ten minutes without work, and with a document that fails.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def print(self, documents: Sequence[str]) -> bytes:
        order = json.dumps(
            {"documents": documents, "roots": [[prefix, str(path)] for prefix, path in _roots()]}
        ).encode()
        if not self._lock.acquire(timeout=SECONDS):
            raise Refused(_("Many documents are being printed just now. Please try again in a minute."))
        try:
            code, pdf = self._exchange(order)
            if code == EXIT_RESTED:  # it went to rest just as we came
                code, pdf = self._exchange(order)
        finally:
            self._lock.release()
        if code is None:
            return pdf
        if code == press.NO_PANGO:
            raise Refused(
                _("PDF needs the libraries Pango and HarfBuzz. On Debian or Ubuntu: %(command)s")
                % {"command": "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"}
            )
        if code in (press.TOO_SLOW, -signal.SIGKILL):
            log.warning("pdf_too_slow", characters=sum(map(len, documents)))
            raise Refused(_("This document took longer than %(seconds)s seconds to print.") % {"seconds": SECONDS})
        log.error("pdf_failed", code=code, words=pdf.decode(errors="replace")[-2000:])
        raise Refused(_("This document could not be printed; the administrator finds the reason in the log."))

    def _exchange(self, order: bytes) -> tuple[int | None, bytes]:
        """None and the PDF; or the code with which the press ended, and its words."""
        process, words = self._take()
        clock = threading.Timer(SECONDS + 5, process.kill)  # should the kernel know no limits
        clock.start()
        try:
            assert process.stdin and process.stdout
            with suppress(BrokenPipeError):
                process.stdin.write(len(order).to_bytes(press.SIZE, "big") + order)
                process.stdin.flush()
            size = int.from_bytes(process.stdout.read(press.SIZE), "big")
            pdf = process.stdout.read(size)
        finally:
            clock.cancel()
        if size and len(pdf) == size and pdf.startswith(b"%PDF-"):
            return None, pdf
        process.kill() if size else process.communicate()
        words.seek(0)
        return process.wait(), words.read()

    def _take(self) -> "tuple[subprocess.Popen[bytes], IO[bytes]]":
        """The press of this very process (one from before a fork belongs to the other), started where it has gone."""
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            self._words = tempfile.TemporaryFile()  # noqa: SIM115  (open for as long as the press is)
            self._process, self._owner = _start(self._words), os.getpid()
        return self._process, self._words


_press = _Press()


def _start(words: "IO[bytes]") -> "subprocess.Popen[bytes]":
    """The press knows no secret: of our environment it gets the fonts and nothing else."""
    env = {"PATH": os.defpath, "LANG": "C.UTF-8", "FONTCONFIG_FILE": str(_fonts_conf()), "HOME": tempfile.gettempdir()}
    command = [sys.executable, "-I", str(PRESS), str(SECONDS), str(MEGABYTES)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words, env=env, cwd="/")


def _roots() -> list[tuple[str, Path]]:
    """Where the press may read styles, pictures and fonts: our static files and the pinned assets, by prefix of the address."""
    return [
        (f"{settings.STATIC_URL}vendor/", Path(settings.ASSETS_DIR)),
        (settings.STATIC_URL, Path(settings.STATIC_ROOT)),
        (settings.STATIC_URL, Path(settings.BASE_DIR) / "static"),
    ]


def _fonts_conf() -> Path:
    """A font configuration of our own: Noto Sans SC by path, the system's fonts only where ours are missing."""
    folder = _store()
    fonts = Path(settings.ASSETS_DIR)
    own = any(fonts.rglob("*.ttf")) if fonts.exists() else False
    where = fonts if own else Path("/usr/share/fonts")
    words = (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{where}</dir><cachedir>{folder / 'fontcache'}</cachedir>"
        "<alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias></fontconfig>"
    )
    conf = folder / "fonts.conf"
    if not conf.exists() or conf.read_text() != words:
        (folder / "fontcache").mkdir(parents=True, exist_ok=True)
        write_whole(conf, words.encode())
    return conf


def _fingerprint(documents: Sequence[str]) -> str:
    """Of what is printed: the HTML, our print styles, the press itself."""
    seen = hashlib.sha256(json.dumps(documents).encode())
    for path in [PRESS, *sorted((Path(settings.BASE_DIR) / "static" / "css").glob("*.css"))]:
        seen.update(path.read_bytes())
    return seen.hexdigest()
