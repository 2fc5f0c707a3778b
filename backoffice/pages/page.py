"""The page itself: who may open it, what it is called, where it stands and the one thing done most on it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, partial

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View

from backoffice.documents.once import key_of, once

from .acted import note_act

EVERYONE = ("everyone",)
FIGURES = re.compile(r"\d+")


def may_open(person, roles) -> bool:
    """Whether one of the roles is the person's; EVERYONE is whoever is signed in."""
    return roles == EVERYONE or person.has_role(*roles)


def opens(person, address: str) -> bool:
    """Whether the page at an address belongs to a role of the person: what does not is no link and no button of theirs."""
    return may_open(person, _roles_at(FIGURES.sub("0", address.partition("?")[0])))


@lru_cache(maxsize=2048)
def _roles_at(path: str) -> tuple:
    """What the page says in `roles`; of an address that is no page of ours, everyone."""
    try:
        view = resolve(path).func
    except Resolver404:
        return EVERYONE
    return getattr(getattr(view, "view_class", None), "roles", None) or EVERYONE


@dataclass(frozen=True)
class Act:
    """A button of a page's head: a link, or with `method="post"` a form of its own; `why_not` says why it cannot be pressed yet."""

    label: str
    url: str = ""
    icon: str = ""
    key: str = ""
    tone: str = ""
    method: str = "get"
    why_not: str = ""
    note: str = ""


def back_from(request, otherwise: str) -> str:
    """Where an act leads that was taken in place: to the page that it says as `next`, if that is one of ours."""
    after = request.POST.get("next", "")
    return after if url_has_allowed_host_and_scheme(after, {request.get_host()}) else otherwise


def offered(person, acts: Iterable[Act | None]) -> list[Act]:
    """The acts that lead the person somewhere."""
    return [act for act in acts if act and opens(person, act.url)]


class ShownAgain(Exception):
    """The form was not done with: its page is shown again, and whatever was written is taken back."""

    def __init__(self, response) -> None:
        self.response = response


class Page(TemplateResponseMixin, ContextMixin, View):
    """Every page of the program. A subclass says `roles`, `title`, `template_name`; the rest has answers already.

    `fragment_name` is the template that answers HTMX: the same view, so the same permission and the same rows.
    """

    http_method_names = ["get", "head", "post"]
    roles: tuple | None = None
    title = ""
    subtitle = ""
    crumbs: Iterable[tuple[str, str]] = ()
    fragment_name = ""
    wide = False
    asides = ("HX-Draft", "HX-Paste")  # headers of what a form asks while one types: not its sending

    def dispatch(self, request, *args, **kwargs):
        if self.roles is None:
            raise ImproperlyConfigured(f"{type(self).__name__} must say in `roles` who may open it.")
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not may_open(request.user, self.roles):
            raise PermissionDenied(_("This page belongs to another role. Ask your administrator if you need it."))
        answer = partial(super().dispatch, request, *args, **kwargs)
        if request.method != "POST" or any(name in request.headers for name in self.asides):
            return answer()
        key = key_of(request.POST.get("once", ""))
        response = self.answer_once(key, answer) if key else answer()
        note_act(response)
        return response

    def answer_once(self, key, answer):
        """A form that carries a key is answered once: sent again it has no effect and gets the same address.

        Done is what leads on to another page; what is shown again (a refusal, a field that is not right) leaves no trace.
        """

        def act() -> str:
            response = answer()
            if not 300 <= response.status_code < 400:
                raise ShownAgain(response)
            return response.url

        try:
            return HttpResponseRedirect(once(key, by=self.request.user, path=self.request.path, act=act))
        except ShownAgain as shown:
            return shown.response

    def get(self, request, *args, **kwargs):
        if not self.template_name:  # an act without a page of its own
            return HttpResponseNotAllowed(["POST"])
        return self.render()

    def render(self, *, status=200, **context):
        return self.render_to_response(self.get_context_data(**context), status=status)

    def get_template_names(self):
        if self.fragment_name and self.request.htmx and not self.request.htmx.boosted:
            return [self.fragment_name]
        return super().get_template_names()

    def get_title(self) -> str:
        return self.title

    def get_crumbs(self) -> list[tuple[str, str]]:
        """(label, url name or address) of the pages above this one, the topmost first."""
        return [(label, to if to.startswith("/") else reverse(to)) for label, to in self.crumbs]

    def get_primary(self) -> Act | None:
        """The one act done most here; it stands at the right of the title."""
        return None

    def get_acts(self) -> list[Act]:
        """Further acts, kept in the menu beside the primary one."""
        return []

    def get_context_data(self, **kwargs):
        person = self.request.user
        return super().get_context_data(**kwargs) | {
            "title": kwargs.get("title") or self.get_title(),
            "crumbs": [(label, to) for label, to in self.get_crumbs() if opens(person, to)],
            "primary": next(iter(offered(person, [self.get_primary()])), None),
            "acts": offered(person, self.get_acts()),
            "person": person,
        }
