"""What the foundation itself shows: the sources of the search."""

from . import search  # noqa: F401  (registers them)
