"""The page on which something is typed: kept while typed, saved once, never over somebody else's change."""

import uuid

from django.contrib import messages
from django.db import models, transaction
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit.changes import last_change
from backoffice.refusals import Refused, Stale

from . import drafts
from .page import Page
from .timeline import entries_of


class EditPage(Page):
    """A form for a new row or an existing one. A subclass says `model`, `form_class` and `save(form)`.

    `save` calls the service and returns what was saved; a `Refused` of the service stands beside its field. The
    form carries the version it was opened with (`self.version`) and a key that makes sending it twice one act.
    """

    model: type[models.Model]
    form_class: type
    template_name = "pages/edit.html"
    save_label = ""
    saved_message = ""
    changed: list = []
    is_stale = False

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self._object = None

    @property
    def place(self) -> str:
        """What a draft of this form is kept under: a form begun from a quotation is another one than an empty one."""
        return drafts.place_of(self.request)

    @property
    def object(self):
        """The row that is edited, None for a new one; what is not visible is not found."""
        if self._object is None and "pk" in self.kwargs:
            self._object = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        return self._object

    def get_queryset(self):
        return self.model._default_manager.visible_to(self.request.user)

    def get_title(self):
        name = self.model._meta.verbose_name
        return _("Edit %(what)s") % {"what": self.object} if self.object else _("New %(what)s") % {"what": name}

    def get_initial(self) -> dict:
        return {}

    def get_form(self, fields=None, files=None):
        given = {"person": self.request.user, "initial": self.get_initial()}
        if hasattr(self.form_class, "_meta"):
            given["instance"] = self.object
        return self.form_class(fields, files, **given)

    def save(self, form):
        raise NotImplementedError

    # ── opening ──
    def get(self, request, *args, **kwargs):
        if drafts.DISCARD in request.GET:
            drafts.drop_draft(request.user, self.place)
            return HttpResponseRedirect(drafts.address_of(request))
        draft = drafts.draft_of(request.user, self.place)
        if draft is None:
            return self.show(self.get_form())
        form = self.get_form(drafts.typed_in(draft))
        form.is_restored = True
        return self.show(form, draft=draft)

    def show(self, form, *, status=200, **context):
        return self.render(form=form, status=status, **context)

    # ── sending ──
    def post(self, request, *args, **kwargs):
        if "HX-Draft" in request.headers:
            return self.keep(request)
        form = self.get_form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            with transaction.atomic():  # what a page saves by several services is saved whole
                address = self.address_after(self.save(form))
        except Refused as refusal:
            self.tell(form, refusal)
            return self.show(form, status=409 if refusal.code == "stale" else 422)
        drafts.drop_draft(request.user, self.place)
        messages.success(request, self.saved_message or _("Saved."))
        return HttpResponseRedirect(address)

    def keep(self, request):
        """Keep the form as it stands; answer when, and who else is in it."""
        draft = drafts.keep_draft(request.user, self.place, request.POST)
        return JsonResponse({
            "saved": timezone.localtime(draft.changed_at).strftime("%H:%M"),
            "others": drafts.others_in(request.user, self.place),
        })  # fmt: skip

    def tell(self, form, refusal: Refused) -> None:
        """Put a refusal beside the field it speaks of, and show what changed meanwhile."""
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        if isinstance(refusal, Stale):
            self.changed, self.is_stale = entries_of(refusal.changes), True

    def address_after(self, saved) -> str:
        return saved if isinstance(saved, str) else saved.get_absolute_url()

    @property
    def version(self) -> int | None:
        """The version the form was opened with."""
        typed = self.request.POST.get("version", "")
        return int(typed) if typed.isdigit() else None

    def version_seen(self, draft=None) -> str | int:
        """What the form says it was opened with: as sent, as the draft was begun, else as it stands now.

        Who was just shown what changed has seen it: saving again is their decision.
        """
        begun = draft.fields.get("version", [""])[0] if draft else ""
        if not self.is_stale and (kept := self.request.POST.get("version") or begun):
            return kept
        return self.version_now() if self.object else ""

    def version_now(self) -> int:
        """The version the row keeps, else the number of its last change."""
        row = self.get_queryset().get(pk=self.object.pk) if self.is_stale else self.object
        return getattr(row, "version", None) or last_change(row)

    def get_context_data(self, **kwargs):
        given = self.request.POST
        return super().get_context_data(**kwargs) | {
            "object": self.object,
            "version": self.version_seen(kwargs.get("draft")),
            "once": given.get("once") or uuid.uuid4(),
            "changed": self.changed,
            "without_draft": drafts.address_of(self.request, discard=True),
            "save_label": self.save_label or _("Save"),
            "others": drafts.others_in(self.request.user, self.place),
        }
