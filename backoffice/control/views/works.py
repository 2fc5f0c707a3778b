"""Long work: one's own, with its progress, wherever one is; an administrator sees all of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _

from backoffice.jobs.models import Work, WorkState
from backoffice.jobs.works import cancel_work
from backoffice.pages.views import EVERYONE, Page
from backoffice.people.models import Role

NEWEST = 100


class WorksPage(Page):
    """后台工作: what goes on and what is over."""

    roles = EVERYONE
    title = _("Background work")
    template_name = "control/works.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.request.user
        everybodys = person.has_role(Role.ADMINISTRATOR) and self.request.GET.get("of") == "all"
        works = (Work.objects.all() if everybodys else Work.objects.visible_to(person)).select_related(
            "by", "result_file"
        )
        return super().get_context_data(**kwargs) | {
            "open_works": works.unfinished().order_by("created_at"),
            "over_works": works.exclude(state__in=(WorkState.WAITING, WorkState.RUNNING)).order_by("-created_at")[
                :NEWEST
            ],
            "everybodys": everybodys,
            "may_see_all": person.has_role(Role.ADMINISTRATOR),
        }


class _OneWork(Page):
    roles = EVERYONE

    def get_work(self) -> Work:
        works = Work.objects.visible_to(self.request.user).select_related("by", "result_file")
        return get_object_or_404(works, pk=self.kwargs["pk"])


class WorkPage(_OneWork):
    """One piece of work; leads on to its result when asked to."""

    template_name = "control/work.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        work = self.get_work()
        return super().get_context_data(**kwargs) | {"work": work, "title": work.title, "go": "go" in self.request.GET}


class WorkProgress(_OneWork):
    """The bar itself, for any page that shows one."""

    template_name = "components/progress.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        work = self.get_work()
        if "go" in request.GET and work.state == WorkState.DONE and work.result_url:
            return HttpResponse(headers={"HX-Redirect": work.result_url})
        return self.render(work=work, go="go" in request.GET)


class WorkStop(_OneWork):
    """Stop it at its next row; nothing of it is kept."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        work = self.get_work()
        cancel_work(work)
        return redirect("control:work", work.pk)
