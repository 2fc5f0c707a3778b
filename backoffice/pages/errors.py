"""What is shown when a page cannot be: in words, with what to do next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _shown(
        request,
        400,
        _("This address is not understood"),
        _("A part of the address is not one this page knows."),
        exception,
    )


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _shown(request, 403, _("Not for your role"), _("Your role may not open this page."), exception, "lock")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _shown(
        request, 404, _("Not found"), _("There is no such page, or what it shows belongs to others."), None, "search"
    )


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    words = _("The form was too old or came from elsewhere. Go back, load the page again, and send it once more.")
    return _shown(request, 403, _("Please send it again"), words, None, "refresh")


def _shown(request, status, heading, words, exception, sign="alert"):
    detail = str(exception) if exception and str(exception) else ""
    given = {"heading": heading, "title": heading, "words": detail or words, "sign": sign}
    return render(request, "pages/error.html", given, status=status)
