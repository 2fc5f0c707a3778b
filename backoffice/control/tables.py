"""The administrator's lists."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.control.books import Leads
from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import REGISTRY, List
from backoffice.lists.models import Export
from backoffice.outbox.models import Message
from backoffice.people.models import Department, Person, Region, Role


def title_of(export: Export) -> str:
    """The list by its title, as long as there is one of that name."""
    known = REGISTRY.get(export.list_name)
    return str(known.title) if known else export.list_name


class MailList(List):
    """发件箱: every mail and text message that left or waits."""

    name = "mails"
    title = _("Outbox")
    model = Message
    columns = [
        c.Moment("created_at"),
        c.Text("subject", link=True, width=40),
        c.Text("recipient", hint="person"),
        c.State(),
        c.Choice("channel", hidden=True),
        c.Count("attempts", hidden=True),
        c.Moment("sent_at"),
        c.Text("topic", hidden=True),
        c.Text("error", hidden=True, width=40),
    ]
    filters = [f.Choice("state"), f.Choice("channel"), f.MomentRange("created_at"), f.Contains("topic")]
    search = ["subject", "recipient", "person__name"]
    search_hint = _("Subject, address, name")
    default_order = "-created_at"
    views = [(_("Waiting"), "state=waiting&state=sending"), (_("Given up"), "state=dead")]
    roles = (Role.ADMINISTRATOR,)
    empty = _("Mails stand here from the moment they are written, exactly as they are sent.")


class ExportList(List):
    """导出记录: which rows left the program, by whom; the watermark of a found file leads here (F9)."""

    name = "exports"
    title = _("Exports")
    model = Export
    columns = [
        c.Text("watermark", width=14),
        c.Moment("at"),
        c.Person("person"),
        c.Text("list_name", value=title_of),
        c.Choice("format"),
        c.Count("rows", total=True),
        c.Text("words", width=60),
    ]
    filters = [
        f.PersonIs("person"),
        f.MomentRange("at"),
        f.Choice("format"),
        f.Contains("list_name"),
        f.AmountRange("rows"),
    ]
    search = ["watermark", "words", "list_name", "person__name"]
    search_hint = _("Watermark, list, person, filter")
    default_order = "-at"
    roles = (Role.ADMINISTRATOR, Role.GM)
    empty = _("Every list that leaves the program as Excel, CSV or PDF is written down here.")


def topmost(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(parent=None)


class BranchList(List):
    """Departments or regions, with how many people work there."""

    search = ["code", "name", "parent__name"]
    search_hint = _("Code, name, what it belongs to")
    default_order = "code"
    roles = (Role.ADMINISTRATOR,)

    def rows(self, person: Person) -> QuerySet[Any]:
        at_work = Count("people", filter=Q(people__is_active=True))
        return self.model._default_manager.select_related("parent").annotate(at_work=at_work)


class DepartmentList(BranchList):
    """部门."""

    name = "departments"
    title = _("Departments")
    model = Department
    columns = [
        c.Text("code", width=14),
        Leads("name", to=lambda row: reverse("control:department", args=[row.pk])),
        c.Text("parent", path="parent__name"),
        c.Count("at_work", _("People"), total=True),
    ]
    filters = [f.Flag("top", _("Topmost ones"), topmost)]
    new = ("control:department-new", _("New department"), (Role.ADMINISTRATOR,))
    empty = _("A manager sees the work of their department and of those below it. Make the first one, or import them.")


class RegionList(BranchList):
    """销售区域."""

    name = "regions"
    title = _("Regions")
    model = Region
    columns = [
        c.Text("code", width=14),
        Leads("name", to=lambda row: reverse("control:region", args=[row.pk])),
        c.Text("parent", path="parent__name"),
        c.Count("at_work", _("People"), total=True),
    ]
    filters = [f.RegionIs("within", _("Lies within"), path="id"), f.Flag("top", _("Topmost ones"), topmost)]
    new = ("control:region-new", _("New region"), (Role.ADMINISTRATOR,))
    empty = _("Customers lie in regions, and assistants may serve whole regions. Make the first one, or import them.")
