"""Everything is for signed-in people, unless an address says otherwise; in their language; never kept by a cache."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

OPEN = ("/healthz", "/readyz", "/static/", "/public/")  # to anybody, signed in or not
ENTRANCE = "/accounts/"  # the packages' pages: sign-in, second factor, sessions
# Reviewing, moving money and administering need a second factor (reliability.md §3).
SEEN_EVERY = 60  # seconds between two writes of «last seen»
NEEDS_TOTP = {"manager", "finance", "gm", "administrator", "warehouse"}


class SignedInMiddleware:
    """Sign-in wall, idle limit, second factor, language of the person, no-store."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refused = None if request.path.startswith(OPEN) else self.refuse(request)
        language = request.user.language if request.user.is_authenticated else chosen(request)
        with translation.override(language):
            response = refused or self.get_response(request)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        if request.path == settings.LOGOUT_URL_PATH and not request.user.is_authenticated:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'  # nothing of it stays in the browser
        response.headers.setdefault("Content-Language", language)
        return response

    def refuse(self, request: HttpRequest) -> HttpResponse | None:
        if request.user.is_authenticated and has_run_out(request):
            logout(request)
        if request.path.startswith(ENTRANCE):
            return None
        if not request.user.is_authenticated:
            return to_sign_in(request)
        if settings.REQUIRE_TOTP and NEEDS_TOTP.intersection(request.user.roles) and not has_totp(request):
            return redirect("mfa_activate_totp")
        return None


def has_run_out(request: HttpRequest) -> bool:
    """Whether the session is past its idle or its absolute limit; if not, that it is alive is written down, once a minute.

    What a page asks for by itself (progress, status) is no sign of somebody sitting there.
    """
    now, session = int(time.time()), request.session
    begun, seen = session.setdefault("begun_at", now), session.get("seen_at", 0)
    if now - begun > settings.SESSION_COOKIE_AGE or (seen and now - seen > settings.SESSION_IDLE_SECONDS):
        return True
    if now - seen > SEEN_EVERY and "X-By-Itself" not in request.headers:
        session["seen_at"] = now
        UserSession.objects.create_from_request(request)
    return False


def chosen(request: HttpRequest) -> str:
    """The language of somebody not yet signed in: their choice, else what their browser asks for."""
    wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or translation.get_language_from_request(request)
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def has_totp(request: HttpRequest) -> bool:
    if "has_totp" not in request.session:
        if not request.user.authenticator_set.filter(type="totp").exists():
            return False
        request.session["has_totp"] = True
    return True


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; a fragment asks the browser to go there as a whole."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": settings.LOGIN_URL_PATH})
    return redirect_to_login(request.get_full_path())
