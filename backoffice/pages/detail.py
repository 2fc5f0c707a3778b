"""The page of one thing, and of one document: head, steps, chain, lines, reviews, files, history, panels of other apps."""

from django.db import models
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from backoffice.documents.models import Document
from backoffice.documents.offers import agreements, steps_for
from backoffice.people.models import Person

from .chain import chain_of
from .page import Act, Page, opens
from .registry import acts_for, panels_for
from .timeline import timeline_of


class DetailPage(Page):
    """One row that is no document: a customer, a product, a person. A subclass says `model`, and `facts()` if it has any."""

    model: type[models.Model]
    template_name = "pages/detail.html"
    has_timeline = True

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self._object = None

    @property
    def object(self):
        if self._object is None:
            self._object = self.find()
        return self._object

    def find(self):
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def get_queryset(self):
        return self.model._default_manager.visible_to(self.request.user)

    def get_title(self):
        return str(self.object)

    def get_edit_url(self) -> str:
        return _reverse_or_nothing(self.request.resolver_match.view_name + "-edit", self.object.pk)

    def get_primary(self):
        url = self.get_edit_url()
        return Act(_("Edit"), url, icon="pencil", key="F2") if url else None

    def facts(self) -> list[tuple[str, object]]:
        """(label, value) pairs under the title; a value may be safe HTML made by a tag of `show`."""
        return []

    def figures(self) -> list[dict]:
        """Cards: {"label", "value", "note", "url"}."""
        return []

    def get_context_data(self, **kwargs):
        thing, person = self.object, self.request.user
        return super().get_context_data(**kwargs) | {
            "object": thing,
            "facts": self.facts(),
            "figures": self.figures(),
            "panels": panels_for(type(thing), person),
            "next_acts": acts_for(thing, person),
            "tab": self.request.GET.get("tab", ""),
            "timeline": timeline_of(thing) if self.has_timeline else [],
        }


def name_people(document: Document) -> None:
    """Whoever stands in its head, in one statement: a join for each made PostgreSQL plan ten times longer than it read."""
    fields = [field for field in document._meta.concrete_fields if field.related_model is Person]
    people = Person.objects.in_bulk({getattr(document, field.attname) for field in fields} - {None})
    for field in fields:
        setattr(document, field.name, people.get(getattr(document, field.attname)))


class DocumentPage(DetailPage):
    """A document. A subclass says `model` and `lines_template`; the rest follows from the lifecycle."""

    template_name = "pages/document.html"
    lines_template = ""

    def find(self):
        document = super().find()
        name_people(document)
        return document

    def get_queryset(self):
        return super().get_queryset().select_related("party", "dossier")

    def get_title(self):
        if self.object.number or not self.object.get_state().initial:
            return self.object.number or str(self.object.lifecycle.label)
        return _("%(kind)s, draft") % {"kind": self.object.lifecycle.label}

    def get_edit_url(self):
        return super().get_edit_url() if self.object.is_editable else ""

    def get_primary(self):
        """The first step that may be taken, unless the draft is still to be written."""
        return

    def get_acts(self):
        url = self.get_edit_url()
        return [Act(_("Edit"), url, icon="pencil", key="F2")] if url else []

    def lines(self):
        rows = getattr(self.object, "lines", None)
        return rows.all() if rows is not None else []

    def get_context_data(self, **kwargs):
        document, person = self.object, self.request.user
        offers = steps_for(document, person)
        party_url = document.party.get_absolute_url() if document.party else ""
        return super().get_context_data(**kwargs) | {
            "document": document,
            "party_url": party_url if opens(person, party_url) else "",
            "offers": [o for o in offers if o.is_open],
            "closed_offers": [o for o in offers if not o.is_open],
            "agreements": agreements(document),
            "chain": chain_of(document, person),
            "lines": self.lines(),
            "lines_template": self.lines_template,
        }


def _reverse_or_nothing(name: str, *args) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
