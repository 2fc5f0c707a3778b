"""Files in and out. Lower than the pages, so plain views; each asks `visible_to`, and what is not visible is not found."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from backoffice.refusals import Refused
from backoffice.register.models import Record

from .models import File
from .services import keep_upload, remove_file
from .templatetags.files import on_file

MOST_AT_ONCE = 20


class Download(LoginRequiredMixin, View):
    """One file, always as something to save, never as a page of ours."""

    roles = ("everyone",)
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, key: str) -> HttpResponseBase:
        file = get_object_or_404(File.objects.visible_to(request.user), stored_name=key)
        return send_file(file)


def send_file(file: File) -> HttpResponseBase:
    """The bytes as an attachment; whoever calls this has asked whether the person may see it."""
    try:
        response = FileResponse(
            file.path.open("rb"), as_attachment=True, filename=file.original_name, content_type=file.content_type
        )
    except FileNotFoundError:
        raise Http404 from None
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


class Upload(LoginRequiredMixin, View):
    """Files for one document."""

    roles = ("everyone",)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, record: int) -> HttpResponse:
        row = get_object_or_404(Record.objects.visible_to(request.user), pk=record)
        label = request.POST.get("label", "")
        label = label if label in File.Label.values else File.Label.OTHER
        refusals: list[str] = []
        for upload in request.FILES.getlist("files")[:MOST_AT_ONCE]:
            try:
                keep_upload(upload, by=request.user, record=row, label=label)
            except Refused as refused:
                refusals.append(str(refused))
        return _answer(request, row, refusals)


class Remove(LoginRequiredMixin, View):
    """Take one file away from a draft."""

    roles = ("everyone",)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        file = get_object_or_404(File.objects.visible_to(request.user).select_related("record"), stored_name=key)
        refusals: list[str] = []
        try:
            remove_file(file, by=request.user)
        except Refused as refused:
            refusals.append(str(refused))
        return _answer(request, file.record, refusals)


def _answer(request: HttpRequest, record: Any, refusals: list[str]) -> HttpResponse:
    """The list of files for HTMX; else back to the page one came from."""
    if record is not None and request.headers.get("HX-Request"):
        return render(request, "components/files.html", on_file({"request": request}, record) | {"refusals": refusals})
    for refusal in refusals:
        messages.error(request, refusal)
    back = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "/")
