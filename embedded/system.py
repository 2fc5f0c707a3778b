"""What the operating system has to bring: the text libraries of PDF, a browser for the tests."""

import ctypes
import os
import shutil

from .children import run
from .place import INSTALL_LOG as LOG
from .say import Trouble, step

PDF_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def apt(*packages: str) -> bool:
    """Install Debian packages where we may; True when it went well."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        try:
            run(["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages], log=LOG, env=env)
        except Trouble:
            run(["apt-get", "update", "-q"], log=LOG, env=env)
            run(["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages], log=LOG, env=env)
    except Trouble:
        return False
    return True


def _missing_for_pdf() -> list[str]:
    missing = []
    for library, package in PDF_LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def pdf_libraries() -> str:
    """Nothing when PDFs can be made, else the line that says how; the program starts all the same."""
    with step("Libraries for PDF") as notes:
        missing = _missing_for_pdf()
        if missing:
            apt(*missing)
        if still := _missing_for_pdf():
            notes.append("missing")
            return f"PDFs cannot be made until these are installed: sudo apt-get install {' '.join(still)}"
        notes.append(f"installed {' '.join(missing)}" if missing else "there")
    return ""


def browser() -> str:
    """The Chromium of the browser tests; without one the suite fails, it never skips them."""
    with step("Chromium") as notes:
        for attempt in (1, 2):
            for name in (os.environ.get("CHROMIUM", ""), *BROWSERS):
                if name and (found := shutil.which(name)):
                    notes.append(found)
                    return found
            if attempt == 1 and not apt("chromium"):
                break
        raise Trouble("The browser tests need Chromium: sudo apt-get install chromium (or name one in CHROMIUM).")
