"""The calendar of working days: what was published, and what the office says instead."""

from calendar import monthcalendar
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.jobs import calendar
from backoffice.jobs.models import Holiday
from backoffice.pages.views import EVERYONE, Page
from backoffice.people.models import Role


class HolidaysPage(Page):
    """工作日历: a year on one screen; the administrator switches a day by a click."""

    roles = EVERYONE
    title = gettext_lazy("Working days")
    template_name = "control/holidays.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        this_year = timezone.localdate().year
        asked = self.request.GET.get("year", "")
        year = int(asked) if asked.isascii() and asked.isdigit() and 2000 <= int(asked) <= this_year + 5 else this_year
        return super().get_context_data(**kwargs) | {
            "year": year, "before": year - 1, "after": year + 1, "is_known": calendar.is_known(year),
            "months": _months(year), "may_change": self.request.user.has_role(Role.ADMINISTRATOR, Role.HR),
            "weekdays": [_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su")],
        }  # fmt: skip


class HolidaySwitch(Page):
    """A working day becomes free, a free day a working day."""

    roles = (Role.ADMINISTRATOR, Role.HR)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        day = parse_date(request.POST.get("day", ""))
        if day is None:
            raise Http404
        is_working = calendar.overrule(day, by=request.user)
        words = _("%(day)s is a working day now.") if is_working else _("%(day)s is free now.")
        messages.success(request, words % {"day": day})
        return redirect(f"{reverse('control:holidays')}?year={day.year}")


def _months(year: int) -> list[dict[str, Any]]:
    named = dict(Holiday.objects.filter(day__year=year).values_list("day", "name"))
    working = set(calendar.working_days(date(year, 1, 1), date(year, 12, 31)))
    today = timezone.localdate()

    def cell(month: int, number: int) -> dict[str, Any] | None:
        if not number:
            return None
        day = date(year, month, number)
        return {
            "day": day,
            "works": day in working,
            "name": named.get(day, ""),
            "differs": day in named,
            "today": day == today,
        }

    return [
        {
            "first": date(year, month, 1),
            "weeks": [[cell(month, number) for number in week] for week in monthcalendar(year, month)],
        }
        for month in range(1, 13)
    ]
