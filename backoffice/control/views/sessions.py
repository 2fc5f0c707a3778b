"""One's own sessions: ending a single one of them; the package's page lists them and ends all others."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from backoffice.pages.views import EVERYONE, Page


class EndSession(Page):
    """Sign out one browser; another's session is not found."""

    roles = EVERYONE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        session = get_object_or_404(UserSession.objects.filter(user=request.user), pk=pk)
        session.end()
        messages.success(request, _("That browser is signed out."))
        return redirect("usersessions_list")
