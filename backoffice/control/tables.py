"""The administrator's lists."""

from django.utils.translation import gettext_lazy as _

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.outbox.models import Message
from backoffice.people.models import Role


class MailList(List):
    """发件箱: every mail that left or waits."""

    name = "mails"
    title = _("Outbox")
    model = Message
    columns = [
        c.Moment("created_at"),
        c.Text("subject", link=True, width=40),
        c.Text("recipient", hint="person"),
        c.State(),
        c.Count("attempts", hidden=True),
        c.Moment("sent_at"),
        c.Text("topic", hidden=True),
        c.Text("error", hidden=True, width=40),
    ]
    filters = [f.Choice("state"), f.MomentRange("created_at"), f.Contains("topic")]
    search = ["subject", "recipient", "person__name"]
    search_hint = _("Subject, address, name")
    default_order = "-created_at"
    views = [(_("Waiting"), "state=waiting&state=sending"), (_("Given up"), "state=dead")]
    roles = (Role.ADMINISTRATOR,)
    empty = _("Mails stand here from the moment they are written, exactly as they are sent.")
