"""For machines: is the process there, can it serve. For administrators: how everything stands."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backoffice.control import health
from backoffice.pages.views import Page
from backoffice.people.models import Role


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; asks nobody else, so that a database at rest never gets the web restarted."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database and migrations must be in order; the queue is told of. No names, no versions: this page is open."""
    ready, parts = health.readiness()
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


class StatusPage(Page):
    """运行状态: the whole machinery on one screen, worst first; looks again by itself."""

    roles = (Role.ADMINISTRATOR,)
    title = _("Status")
    template_name = "control/status.html"
    fragment_name = "control/_status.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        worst_first = {health.BAD: 0, health.WARN: 1, health.GOOD: 2}
        parts = sorted(health.parts(), key=lambda part: worst_first[part.tone])
        wrong = [part for part in parts if part.tone != health.GOOD]
        return super().get_context_data(**kwargs) | {"parts": parts, "wrong": len(wrong)}
