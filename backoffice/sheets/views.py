"""The pages of the imports: what can come in, uploads, mapping, result of the check, apply."""

from itertools import islice
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.files.screening import XLSX
from backoffice.jobs.models import Work
from backoffice.jobs.works import start_work
from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Page
from backoffice.refusals import Refused
from backoffice.sheets import services
from backoffice.sheets.declared import REGISTRY, Problem, known_to, remarks_in_words
from backoffice.sheets.mapping import CRUMB, IMPORTERS, OfBatch, start_check
from backoffice.sheets.marked import marked, template
from backoffice.sheets.models import APPLIERS, Batch, State
from backoffice.sheets.passing import table_of
from backoffice.sheets.reading import letters
from backoffice.sheets.recognising import columns_of

SHOWN_PROBLEMS = 200
SHOWN_CELLS = 6


class OverviewPage(Page):
    """What can be imported, the templates, and the place to drop files."""

    roles = IMPORTERS
    title = gettext_lazy("Imports")
    template_name = "sheets/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batches = Batch.objects.visible_to(self.request.user).select_related("file", "uploaded_by", "applied_by")
        return super().get_context_data(**kwargs) | {
            "kinds": known_to(self.request.user),
            "waiting": batches.open()[:20],
            "recent": batches.filter(state=State.APPLIED)[:10],
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        files = [
            (file.name or "", file.read())
            for file in request.FILES.getlist("files")
            if file.size <= services.MOST_UPLOAD
        ]
        if len(files) < len(request.FILES.getlist("files")):
            messages.warning(request, _("A file larger than 10 MB was left out."))
        try:
            if not files:
                raise Refused(_("Choose at least one workbook."))
            done = services.upload(files, by=request.user, kind=request.POST.get("kind", ""))
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("sheets:overview")
        say_what_became(request, done)
        if not done.batches:
            return redirect("sheets:overview")
        if not any(services.unmapped(batch) for batch in done.batches):
            start_check(done.group, request)
        return redirect("sheets:group", group=done.group)


def say_what_became(request: HttpRequest, done: services.Uploaded) -> None:
    for batch in done.repeated:
        messages.warning(
            request,
            _("«%(file)s» (%(kind)s) was applied by %(who)s on %(day)s already; nothing was changed.")
            % {"file": batch.file, "kind": batch.title, "who": batch.applied_by, "day": f"{batch.applied_at:%Y-%m-%d}"},
        )
    for name in done.hidden:
        messages.warning(
            request,
            _("«%(name)s» is hidden in the workbook and was left out: nobody sees what it holds.") % {"name": name},
        )
    for name in done.unknown:
        messages.warning(
            request,
            _(
                "«%(name)s» fits no import by its headings and was left out. If it is one, say which and upload it again."
            )
            % {"name": name},
        )


class OfGroup(Page):
    """Pages about one upload; what another uploaded is found only by those who may apply it."""

    roles = IMPORTERS
    crumbs = (CRUMB,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            self.find(**kwargs)
        return super().dispatch(request, *args, **kwargs)

    def find(self, group: UUID) -> None:
        rows = (
            Batch.objects.visible_to(self.request.user)
            .filter(group=group)
            .select_related("file", "uploaded_by", "applied_by")
        )
        self.group = group
        self.batches = sorted(rows, key=lambda batch: (batch.sheet.order, batch.pk))
        if not self.batches:
            raise Http404


class GroupPage(OfGroup):
    """One upload: its sheets in the order in which they are applied, what is wrong, and what to do next."""

    template_name = "sheets/group.html"
    fragment_name = "sheets/_progress.html"
    title = gettext_lazy("Import")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = self.render()
        if request.htmx and not self.work_open():
            response["HX-Refresh"] = "true"
        return response

    def work(self) -> Work | None:
        if not hasattr(self, "_work"):
            self._work = (
                Work.objects.filter(kind__in=("check_import", "apply_import"), args__group=str(self.group))
                .order_by("-pk")
                .first()
            )
        return self._work

    def work_open(self) -> bool:
        work = self.work()
        return work is not None and work.is_open

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        work, person = self.work(), self.request.user
        opening = any(batch.is_opening for batch in self.batches)
        open_ones = [batch for batch in self.batches if batch.state not in (State.APPLIED, State.UNDONE)]
        why_not = refusal_to_apply(open_ones, person)
        return super().get_context_data(**kwargs) | {
            "sheets": [Shown(batch) for batch in self.batches],
            "group": self.group, "work": work, "busy": self.work_open(), "is_over": not open_ones, "is_opening": opening,
            "wrong": sum(batch.wrong_rows for batch in open_ones), "why_not": why_not,
            "may_leave_out": any(batch.errors and not batch.leave_out for batch in open_ones) and all(p.row for b in open_ones for p in b.problems),
            "needs_mapping": any(services.unmapped(batch) for batch in open_ones),
            "url": reverse("sheets:group", args=[self.group]),
        }  # fmt: skip

    def post(self, request: HttpRequest, group: UUID) -> HttpResponse:
        act = request.POST.get("act", "")
        try:
            if act == "check":
                start_check(group, request)
            elif act == "leave_out":
                services.leave_wrong_rows_out(group, by=request.user, leave_out=True)
                start_check(group, request)
            elif act == "apply":
                for batch in self.batches:
                    if batch.state != State.APPLIED:
                        services.may_apply(batch, request.user)
                start_work("apply_import", by=request.user, title=_("Apply an import"), group=str(group))
            elif act == "withdraw":
                services.withdraw(group, by=request.user)
                return redirect("sheets:overview")
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("sheets:group", group=group)


def refusal_to_apply(batches: list[Batch], person: Any) -> str:
    """Why this person may not apply these yet, in words; empty if they may."""
    try:
        for batch in batches:
            services.may_apply(batch, person)
    except Refused as refusal:
        return str(refusal)
    return ""


class Shown:
    """A batch as its card shows it."""

    def __init__(self, batch: Batch) -> None:
        self.batch, self.problems = batch, sorted(batch.problems, key=lambda problem: problem.row)
        self.missing = services.unmapped(batch) if batch.state not in (State.APPLIED, State.UNDONE) else []
        self.counts = {key: batch.counts.get(key, 0) for key in ("made", "changed", "same", "left_out")}
        self.remarks = remarks_in_words(batch.counts)
        heading = table_of(batch, screened=True).heading(batch.heading_at) if self.problems else []
        self.places = columns_of(batch.mapping, heading)
        self.fields = {field.name: field for field in batch.sheet.fields}
        alike: dict[tuple[str, str], list[Problem]] = {}
        for problem in self.problems:
            alike.setdefault((problem.field, problem.in_words()), []).append(problem)
        self.lines = [self.line(*each, some) for each, some in islice(alike.items(), SHOWN_PROBLEMS)]
        self.more = max(0, len(alike) - SHOWN_PROBLEMS)

    def line(self, name: str, reason: str, some: list[Problem]) -> dict[str, Any]:
        """One reason with all the cells it stands in; an unknown word can be told what it means on the mapping page."""
        field = self.fields.get(name)
        cells = [self.cell(problem) for problem in some[:SHOWN_CELLS]]
        return {
            "row": some[0].row or "", "cells": " ".join(filter(None, cells)), "more": max(0, len(some) - SHOWN_CELLS), "reason": reason,
            "label": (field.label or name) if field else "", "is_word": bool(field and field.has_words and name in self.places),
        }  # fmt: skip

    def cell(self, problem: Problem) -> str:
        there = problem.field in self.places and problem.row
        return f"{letters(self.places[problem.field])}{problem.row}" if there else ""


class MarkedWorkbook(OfBatch):
    """The sheet with its wrong cells marked, to mend and upload again."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        only_wrong = request.GET.get("rows") == "wrong"
        stem = self.batch.file.original_name.rpartition(".")[0]
        return as_file(marked(self.batch, only_wrong=only_wrong), f"{stem} {_('errors')}.xlsx")


class TemplateWorkbook(Page):
    """An empty workbook with the headings of one kind."""

    roles = IMPORTERS

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        if kind not in REGISTRY or not request.user.has_role(*REGISTRY[kind].by, *APPLIERS):
            raise Http404
        return as_file(template(REGISTRY[kind]), f"{REGISTRY[kind].title}.xlsx")


def as_file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


class BatchList(List):
    name = "imports"
    title = gettext_lazy("All imports")
    model = Batch
    columns = (
        c.Text("kind", value=lambda batch: batch.title, link=True),
        c.Text("file", path="file__original_name"),
        c.Text("table", hidden=True),
        c.State(),
        c.Count("rows", total=True),
        c.Count("wrong_rows"),
        c.Bool("is_opening", hidden=True),
        c.Person("uploaded_by"),
        c.Moment("uploaded_at"),
        c.Person("applied_by"),
        c.Moment("applied_at"),
    )
    filters = (f.Choice("state"), f.PersonIs("uploaded_by"), f.MomentRange("uploaded_at"), f.PersonIs("applied_by"))
    search = ("file__original_name", "kind")
    default_order = "-uploaded_at"
    roles = IMPORTERS
    empty = gettext_lazy("No workbook has been brought in yet. Start with the masters: regions, products, customers.")


class BatchListPage(ListPage):
    list = BatchList
    crumbs = (CRUMB,)
