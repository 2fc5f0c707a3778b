"""What one has been told, and how one wants to be told."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.outbox.models import MailWish, Notification
from backoffice.outbox.notices import choose_mail, mark_read
from backoffice.outbox.selectors import wishes_of
from backoffice.pages.acted import note_act
from backoffice.pages.views import EVERYONE, Act, Page

NEWEST = 200


class NotificationsPage(Page):
    """消息: unread first; opening one reads it."""

    roles = EVERYONE
    title = gettext_lazy("Notifications")
    template_name = "control/notifications.html"

    def get_primary(self) -> Act | None:
        return Act(_("Read all"), "", "check-double", method="post")

    def get_acts(self) -> list[Act]:
        return [Act(_("What comes by mail"), "wishes/", "mail")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = Notification.objects.visible_to(self.request.user)
        return super().get_context_data(**kwargs) | {
            "notices": own.select_related("record").order_by("-created_at")[:NEWEST]
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mark_read(request.user)
        return redirect("control:notifications")


class NotificationOpen(Page):
    """The way to what it is about; read from then on."""

    roles = EVERYONE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        notice = get_object_or_404(Notification.objects.visible_to(request.user), pk=kwargs["pk"])
        mark_read(request.user, only=[notice.pk])
        response = redirect(notice.link or "control:notifications")
        note_act(response)
        return response


class WishesPage(Page):
    """Per topic: only here, also by mail at once, or once a day."""

    roles = EVERYONE
    title = gettext_lazy("What comes by mail")
    crumbs = ((gettext_lazy("Notifications"), "control:notifications"),)
    template_name = "control/wishes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"rows": wishes_of(self.request.user), "choices": MailWish.choices}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        choose_mail(request.user, {name: value for name, value in request.POST.items() if value in MailWish.values})
        messages.success(request, _("Saved."))
        return redirect("control:wishes")
