"""The list of reports as issued."""

from django.utils.translation import gettext_lazy as _

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.people.models import Role
from reports.models import Issued


class IssuedList(List):
    name = "issued_reports"
    title = _("Issued reports")
    model = Issued
    columns = [
        c.Text("period", link=True), c.Text("kind"), c.Count("revision"), c.Moment("watermark"), c.Bool("is_late"), c.Moment("made_at"),
        c.Text("sha256", hidden=True),
    ]  # fmt: skip
    filters = [f.Flag("late", _("Late"), lambda rows: rows.filter(is_late=True))]
    search = ["period"]
    default_order = "-made_at"
    roles = (Role.GM, Role.FINANCE)
    empty = _("The first report appears here on the next working day before 17:00.")
