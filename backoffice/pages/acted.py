"""When somebody last did something: what is kept for a moment to save work is made anew for them after it, in whichever process."""

import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse

REMEMBERED_FOR = 120  # seconds; longer than anything is kept by it


def acted_at(request: HttpRequest) -> str:
    """When this browser last sent something, as its cookie says; a cookie that is none of ours says nothing."""
    said = request.COOKIES.get(settings.ACTED_COOKIE_NAME, "")
    return said if said.isascii() and said.isdigit() and len(said) < 25 else ""


def note_act(response: HttpResponse) -> None:
    """From here on this browser sees what was made after this moment."""
    response.set_cookie(
        settings.ACTED_COOKIE_NAME,
        str(time.time_ns()),
        max_age=REMEMBERED_FOR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
