"""The number series."""

from backoffice.control.books import NumberList
from backoffice.pages.list_page import ListPage


class NumbersPage(ListPage):
    list = NumberList
