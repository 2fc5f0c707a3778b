"""The back office on a bare machine: packages, PostgreSQL, Valkey and the program, with nothing but python3 ≥ 3.11.

Only the standard library is used here, because this code runs before any package is installed.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (this is the place where an older python3 is told so)
    sys.exit("The back office needs python3 3.11 or newer.")
