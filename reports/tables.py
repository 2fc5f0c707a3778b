"""The list of reports as issued."""

from django.utils.translation import gettext_lazy as _

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.people.models import Role
from reports.models import Issued

KEPT_FOR = (Role.GM, Role.FINANCE, Role.MANAGER)


class IssuedList(List):
    name = "issued_reports"
    title = _("Issued reports")
    model = Issued
    columns = [
        c.Text("period", link=True), c.Choice("kind"), c.Person("person"), c.Count("revision"), c.Moment("watermark"), c.Bool("is_late"), c.Moment("made_at"),
        c.Text("sha256", hidden=True),
    ]  # fmt: skip
    filters = [f.Choice("kind"), f.Flag("late", _("Late"), lambda rows: rows.filter(is_late=True))]
    search = ["period"]
    default_order = "-made_at"
    views = [(_("Sales performance"), "kind=daily_performance"), (_("Contract statistics"), "kind=contract_statistics")]
    roles = KEPT_FOR
    empty = _("The first report appears here on the next working day before 17:00.")
