"""The web's health check: asks /readyz as the proxy would, under the first name the program answers to."""

import os
import sys
import urllib.request

host = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip().lstrip(".")
request = urllib.request.Request("http://127.0.0.1:8000/readyz", headers={"Host": host, "X-Forwarded-Proto": "https"})
try:
    with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310  (http, to ourselves)
        sys.exit(0 if answer.status == 200 else 1)
except OSError as trouble:
    sys.exit(f"not ready: {trouble}")
