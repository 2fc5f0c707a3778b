"""The outbox: each mail as it looked, and the button that sends it again."""

import base64
import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from backoffice.control.tables import MailList
from backoffice.files.views import send_file
from backoffice.outbox.models import Message, MessageState
from backoffice.outbox.services import send_again
from backoffice.pages.list_page import ListPage
from backoffice.pages.views import EVERYONE, Page
from backoffice.people.models import Role

IN_ITS_FRAME = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; form-action 'none'; base-uri 'none'"


class MailsPage(ListPage):
    list = MailList


class _OneMail(Page):
    roles = EVERYONE

    def get_mail(self) -> Message:
        visible = Message.objects.visible_to(self.request.user).select_related("person", "record")
        return get_object_or_404(visible, pk=self.kwargs["pk"])


class MailPage(_OneMail):
    """One mail: to whom, when, with what, and how it looked."""

    template_name = "control/mail.html"

    def get_title(self) -> str:
        return self.mail.subject

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.mail = self.get_mail()
        is_admin = self.request.user.has_role(Role.ADMINISTRATOR)
        facts = [
            (_("To"), self.mail.recipient),
            (_("Person"), self.mail.person),
            (_("Written at"), self.mail.created_at),
            (_("Sent at"), self.mail.sent_at),
            (_("Attempts"), self.mail.attempts),
            (_("Document"), self.mail.record),
        ]
        attached = self.mail.attachments.filter(content_id="").select_related("file")
        may_resend = is_admin and self.mail.state in (MessageState.DEAD, MessageState.SENT)
        return super().get_context_data(**kwargs) | {
            "mail": self.mail, "facts": [fact for fact in facts if fact[1] is not None], "attached": attached, "may_resend": may_resend,
        }  # fmt: skip


class MailAsItLooked(_OneMail):
    """The mail's own HTML, in a frame that can do nothing: no script, no link out, no picture from elsewhere."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mail = self.get_mail()
        pictures = {row.content_id: row.file for row in mail.attachments.exclude(content_id="").select_related("file")}
        html = re.sub(r"cid:([\w.@-]+)", lambda found: _as_data(pictures.get(found[1])), mail.html)
        response = HttpResponse(html)
        response["Content-Security-Policy"] = IN_ITS_FRAME
        response["X-Frame-Options"] = "SAMEORIGIN"
        return response


class MailFile(_OneMail):
    """A file that went along, for whoever may see the mail."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        row = get_object_or_404(self.get_mail().attachments.select_related("file"), pk=kwargs["attachment"])
        return send_file(row.file)


class MailAgain(_OneMail):
    """Send it once more, as it stands, under the same Message-ID."""

    roles = (Role.ADMINISTRATOR,)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mail = self.get_mail()
        send_again(mail)
        messages.success(request, _("The mail to %(recipient)s leaves again.") % {"recipient": mail.recipient})
        return redirect(mail.get_absolute_url())


def _as_data(file: Any) -> str:
    if file is None:
        return ""
    return f"data:{file.content_type};base64,{base64.b64encode(file.read()).decode()}"
