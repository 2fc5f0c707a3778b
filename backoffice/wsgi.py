"""The door for the web server."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings")
application = get_wsgi_application()
# All pages are loaded now: shared by the workers, and nobody's first click waits for them.
list(get_resolver().reverse_dict)
