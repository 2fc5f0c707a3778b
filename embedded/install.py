"""Everything that is fetched from outside, side by side where one does not need the other."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import packages, system
from .children import end_short_ones
from .place import LOCAL, alone


def install(dev: bool) -> tuple[Path, str]:
    """Python and Node packages and the system's libraries; returns Node and a remark on PDFs."""
    with alone(LOCAL, "install", waits=True), ThreadPoolExecutor(3) as pool:
        try:
            libraries = pool.submit(system.pdf_libraries)
            node = pool.submit(packages.node_packages, dev)
            packages.python(dev)
            return node.result(), libraries.result()
        except BaseException:
            end_short_ones()
            raise
