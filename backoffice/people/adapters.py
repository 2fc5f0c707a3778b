"""How accounts come about, and from where somebody signs in: an administrator makes accounts; nobody signs up by themselves."""

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.core.ratelimit import consume
from django.http import HttpRequest


class ClosedSignup(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def address_of(request: HttpRequest) -> str | None:
    """The caller's address: what the last trusted proxy saw (PROXIES), else who is connected, if anybody is."""
    return get_adapter(request).get_client_ip(request) if request.META.get("REMOTE_ADDR") else None


def comes_too_often(request: HttpRequest, *, act: str) -> bool:
    """Whether the caller's address has done this more often than the settings' rate for the act allows."""
    return not consume(request, action=act)
