"""The export log."""

from backoffice.control.tables import ExportList
from backoffice.pages.list_page import ListPage


class ExportsPage(ListPage):
    list = ExportList
