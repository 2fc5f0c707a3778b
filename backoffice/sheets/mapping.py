"""The page on which a person says which column is what, and what the words in it mean."""

from itertools import islice
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.jobs.works import start_work
from backoffice.pages.page import Page
from backoffice.people.models import Role
from backoffice.refusals import Refused
from backoffice.sheets import services
from backoffice.sheets.declared import known_to
from backoffice.sheets.fields import Field, word
from backoffice.sheets.models import Batch
from backoffice.sheets.passing import table_of
from backoffice.sheets.recognising import Mapping
from backoffice.sheets.words import EMPTY, columns_of_words, options_of

IMPORTERS = (Role.ASSISTANT, Role.MANAGER, Role.FINANCE, Role.ADMINISTRATOR, Role.WAREHOUSE, Role.PURCHASING, Role.HR)
CRUMB = (gettext_lazy("Imports"), "sheets:overview")
SAMPLES = 3


def start_check(group: UUID, request: HttpRequest) -> None:
    start_work("check_import", by=request.user, title=_("Check an import"), group=str(group))


class OfBatch(Page):
    """Pages about one sheet of an upload."""

    roles = IMPORTERS

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            self.batch = get_object_or_404(
                Batch.objects.visible_to(request.user).select_related("file"), pk=kwargs["pk"]
            )
        return super().dispatch(request, *args, **kwargs)

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [(str(CRUMB[0]), reverse("sheets:overview")), (str(self.batch), self.batch.get_absolute_url())]


class MappingPage(OfBatch):
    """Which column feeds which field, and what its words mean; wrong guesses are put right here and remembered."""

    template_name = "sheets/mapping.html"
    title = gettext_lazy("Columns of this sheet")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch, table = self.batch, table_of(self.batch, screened=True)
        places = {text: at for at, text in reversed(list(enumerate(table.heading(batch.heading_at)))) if text}
        samples = [cells for _number, cells in islice(table.rows(batch.heading_at), SAMPLES)]
        shown = {
            text: "、".join(str(cells[at]) for cells in samples if at < len(cells) and cells[at] not in ("", None))
            for text, at in places.items()
        }
        lines = [
            {"field": field, "to": to, "sample": shown.get(to.get("column", ""), "")}
            for field in batch.sheet.fields
            for to in [batch.mapping.get(field.name, {})]
        ]
        used = {to.get("column") for to in batch.mapping.values()}
        return super().get_context_data(**kwargs) | {
            "batch": batch, "lines": lines, "columns": shown.items(), "unused": [text for text in places if text not in used],
            "words": columns_of_words(batch.sheet, batch.mapping, table, batch.heading_at), "empty": EMPTY,
            "kinds": known_to(self.request.user),
        }  # fmt: skip

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        table, before = table_of(self.batch, screened=True), self.batch.mapping
        heading = set(table.heading(self.batch.heading_at))
        mapping: Mapping = {}
        for field in self.batch.sheet.fields:
            if to := self.chosen(field, heading):
                mapping[field.name] = to
        kind = request.POST.get("kind", "")
        kind = kind if kind in {sheet.name for sheet in known_to(request.user)} else ""
        try:
            services.change_mapping(self.batch, mapping, by=request.user, kind=kind, table=table)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(self.batch.get_absolute_url())
        if (kind and kind != self.batch.kind) or self.shows_new_words(mapping, before, table):
            return redirect(f"{reverse('sheets:mapping', args=[pk])}#words")
        start_check(self.batch.group, request)
        return redirect(self.batch.get_absolute_url())

    def chosen(self, field: Field, heading: set[str]) -> dict[str, Any]:
        """What was chosen for a field: its column, with the meaning of its words, or the same for all rows."""
        post = self.request.POST
        column, value = post.get(f"column-{field.name}", ""), post.get(f"value-{field.name}", "").strip()[:200]
        if not column or column not in heading:
            return {"value": value} if value else {}
        known = {option.value for option in options_of(field)} if field.has_words else set()
        pairs = zip(post.getlist(f"said-{field.name}"), post.getlist(f"meant-{field.name}"), strict=False)
        words = {word(said)[:200]: "" if meant == EMPTY else meant for said, meant in pairs if meant in known | {EMPTY}}
        return {"column": column, "words": words} if words else {"column": column}

    def shows_new_words(self, mapping: Mapping, before: Mapping, table: Any) -> bool:
        """Whether a column was chosen just now in whose words something is not known: they are shown before the check."""
        moved = {n for n, to in mapping.items() if to.get("column") != before.get(n, {}).get("column")}
        columns = columns_of_words(self.batch.sheet, mapping, table, self.batch.heading_at)
        new = [column for column in columns if column.field.name in moved and column.open and not column.makes]
        if new:
            messages.info(self.request, _("Some words of the new columns are not known: say below what they mean."))
        return bool(new)
