"""Everything that is fetched from outside, side by side."""

from functools import partial
from pathlib import Path

from . import packages, system
from .children import side_by_side
from .place import LOCAL, alone


def install(dev: bool) -> tuple[Path, str]:
    """Python and Node packages and the system's libraries; returns Node and a remark on PDFs."""
    with alone(LOCAL, "install", waits=True):
        acts = partial(packages.python, dev), partial(packages.node_packages, dev), system.pdf_libraries
        _, node, remark = side_by_side(*acts)
        return node, remark
