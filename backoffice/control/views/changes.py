"""The search of the book of changes."""

from backoffice.control.books import ChangeList
from backoffice.pages.list_page import ListPage


class ChangesPage(ListPage):
    list = ChangeList
