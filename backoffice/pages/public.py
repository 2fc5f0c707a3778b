"""The page that whoever has its address may open, signed in or not: below /public/, in the reader's language, found by no search engine."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.generic.base import View

from .page import EVERYONE, Page


class PublicPage(Page):
    """A page without a frame: nothing of the inside is shown, and it leads nowhere inside.

    What it shows follows from its address alone, never from who is signed in. A form of it carries no key of its own:
    its service does the same thing once however often it is sent.
    """

    roles = EVERYONE

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = View.dispatch(self, request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def gone(self, words: str) -> HttpResponse:
        """What the address led to is no more: said kindly, and the same whatever the reason."""
        self.template_name = "pages/public_gone.html"
        return self.render(status=404, words=words)
