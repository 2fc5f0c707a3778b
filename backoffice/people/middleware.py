"""Everything is for signed-in people, unless an address says otherwise; in their language; never kept by a cache."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

PUBLIC = ("/accounts/", "/healthz", "/readyz", "/static/", "/public/")
# Reviewing, moving money and administering need a second factor (reliability.md §3).
NEEDS_TOTP = {"manager", "finance", "gm", "administrator", "warehouse"}


class SignedInMiddleware:
    """Sign-in wall, idle limit, second factor, language of the person, no-store."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refused = None if request.path.startswith(PUBLIC) else self.refuse(request)
        language = request.user.language if request.user.is_authenticated else chosen(request)
        with translation.override(language):
            response = refused or self.get_response(request)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Content-Language", language)
        return response

    def refuse(self, request: HttpRequest) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        now = int(time.time())
        seen = request.session.get("seen_at", now)
        if now - seen > settings.SESSION_IDLE_SECONDS:
            logout(request)
            return to_sign_in(request)
        if now - seen > 60 or "seen_at" not in request.session:
            request.session["seen_at"] = now
        if settings.REQUIRE_TOTP and NEEDS_TOTP.intersection(request.user.roles) and not has_totp(request):
            return redirect("mfa_activate_totp")
        return None


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
