"""The five generic pages and their first class; build every page of the program on one of these (docs/pages.md)."""

from .detail import DetailPage, DocumentPage
from .edit import EditPage
from .page import EVERYONE, Act, Page
from .report import ReportPage
from .sheet import Column, SheetPage
from .step import ReviewPage, StepPage

__all__ = [
    "EVERYONE",
    "Act",
    "Column",
    "DetailPage",
    "DocumentPage",
    "EditPage",
    "Page",
    "ReportPage",
    "ReviewPage",
    "SheetPage",
    "StepPage",
]
