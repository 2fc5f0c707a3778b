"""What is due by itself: every job with its next and its last run, every run with its state, and the button that runs it again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.celery import wake
from backoffice.control.selectors import job_rows
from backoffice.jobs.models import DueRun
from backoffice.jobs.reconcile import RUN_ONE
from backoffice.jobs.registry import JOBS
from backoffice.jobs.runs import label_of, owe_last_period, run_again
from backoffice.pages.views import Page
from backoffice.people.models import Role

NEWEST = 60


class JobsPage(Page):
    """定时任务: all jobs."""

    roles = (Role.ADMINISTRATOR,)
    title = gettext_lazy("Jobs")
    template_name = "control/jobs.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"rows": job_rows(now=timezone.now())}


class JobPage(Page):
    """One job's runs, the newest first."""

    roles = (Role.ADMINISTRATOR,)
    template_name = "control/job.html"
    crumbs = ((gettext_lazy("Jobs"), "control:jobs"),)

    def get_title(self) -> str:
        return label_of(self.kwargs["name"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        name = self.kwargs["name"]
        runs = DueRun.objects.filter(job=name).order_by("-due_at")[:NEWEST]
        if name not in JOBS and not runs:
            raise Http404
        return super().get_context_data(**kwargs) | {"job": JOBS.get(name), "name": name, "runs": runs}


class RunAgain(Page):
    """Run one period (once more); mails that left are not sent a second time."""

    roles = (Role.ADMINISTRATOR,)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, name: str, period: str) -> HttpResponse:
        run = get_object_or_404(DueRun, job=name, period=period)
        run_again(run)
        wake(RUN_ONE, name, period)
        messages.success(request, _("%(job)s %(period)s begins.") % {"job": label_of(name), "period": period})
        return redirect(reverse("control:job", args=[name]))


class RunLast(Page):
    """Run the period that has just gone by, for a company that begins in the middle of one."""

    roles = (Role.ADMINISTRATOR,)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, name: str) -> HttpResponse:
        if name not in JOBS:
            raise Http404
        run = owe_last_period(name)
        if run is None:
            messages.warning(request, _("This job has no past period."))
        else:
            run_again(run)
            wake(RUN_ONE, run.job, run.period)
            messages.success(request, _("%(job)s %(period)s begins.") % {"job": label_of(name), "period": run.period})
        return redirect(reverse("control:job", args=[name]))
