"""Taking a step: what it will do in words, what it asks for, and the one call of the service; and reviewing one after another."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from backoffice.documents.gate import GATES
from backoffice.documents.kinds import model_of
from backoffice.documents.offers import agreements, steps_for
from backoffice.refusals import Refused, Stale
from backoffice.register.models import Record

from .chain import chain_of
from .forms import NoteForm
from .page import EVERYONE, Page
from .registry import address_or_nothing, asked_by, check_of
from .timeline import entries_of


class StepPage(Page):
    """One step of one document, of whatever kind: asks what the step needs, says what will happen, calls its service."""

    roles = EVERYONE  # who may take the step is the lifecycle's business; what is not visible is not found
    template_name = "pages/step.html"
    changed: list = []

    @cached_property
    def document(self):
        record = get_object_or_404(Record.objects.visible_to(self.request.user), pk=self.kwargs["pk"])
        rows = model_of(record.kind).objects.visible_to(self.request.user)
        return get_object_or_404(rows.select_related("party", "author", "salesperson"), pk=record.pk)

    @cached_property
    def step(self):
        step = self.document.lifecycle.by_name.get(self.kwargs["step"])
        if step is None or step.automatic:
            raise Http404
        return step

    @cached_property
    def offer(self):
        return next((o for o in steps_for(self.document, self.request.user) if o.step == self.step), None)

    def get_title(self):
        return f"{self.step.label}: {self.document}"

    def get_crumbs(self):
        return [(str(self.document), self.document.get_absolute_url())]

    def get_form(self, fields=None, files=None):
        return asked_by(self.step.name, NoteForm)(
            fields, files, person=self.request.user, step=self.step, document=self.document
        )

    def get(self, request, *args, **kwargs):
        return self.render(form=self.get_form())

    def post(self, request, *args, **kwargs):
        form = self.get_form(request.POST, request.FILES)
        if not form.is_valid():
            return self.render(form=form, status=422)
        try:
            with transaction.atomic():
                address = self.take(form)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            self.changed = entries_of(refusal.changes) if isinstance(refusal, Stale) else []
            return self.render(form=form, status=409)
        messages.success(request, _("%(step)s: done.") % {"step": self.step.label})
        return HttpResponseRedirect(address)

    def take(self, form) -> str:
        """Call the service with what was asked and what was seen; answer where to go."""
        typed = self.request.POST
        version = typed.get("version", "")
        gate = GATES[self.step.name]
        gate(self.document, by=self.request.user, version=int(version) if version.isdigit() else None,
             fingerprint=typed.get("fingerprint") or None, **form.cleaned_data)  # fmt: skip
        return self.next_address()

    def next_address(self) -> str:
        """The document; where the step took it out of one's sight, the list of its kind."""
        document = self.document
        if type(document).objects.visible_to(self.request.user).filter(pk=document.pk).exists():
            return document.get_absolute_url()
        return address_or_nothing(f"{document._meta.app_label}:list") or reverse("home")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "document": self.document,
            "step": self.step,
            "offer": self.offer,
            "once": self.request.POST.get("once") or uuid.uuid4(),
            "changed": self.changed,
        }


class ReviewPage(StepPage):
    """Reviewing: what is to be checked on the left, the decision on the right, the next document with one key."""

    template_name = "pages/review.html"
    wide = True

    @cached_property
    def step(self):
        """The reviewed step that is possible from the present state."""
        wanted = self.request.POST.get("step")
        for offer in steps_for(self.document, self.request.user):
            if offer.step.name == wanted or (not wanted and offer.step.reviewed):
                return offer.step
        raise Http404

    def get_title(self):
        return _("Review: %(what)s") % {"what": self.document}

    @cached_property
    def queue(self) -> list[int]:
        """The ids of the documents of this kind that wait for me, this one first."""
        waiting = type(self.document).objects.waiting_for(self.request.user).order_by("submitted_at", "pk")
        ids = list(waiting.values_list("pk", flat=True)[:20])
        return [self.document.pk, *[pk for pk in ids if pk != self.document.pk]]

    def next_address(self):
        following = self.queue[1:2]
        return reverse("pages:review", args=following) if following else self.document.get_absolute_url()

    def get_context_data(self, **kwargs):
        document, person = self.document, self.request.user
        offers = steps_for(document, person)
        check = check_of(type(document))
        compared = check.rows(document, person) if check else {"lines": getattr(document, "lines", None)}
        return (
            super().get_context_data(**kwargs)
            | compared
            | {
                "offers": offers,
                "check_template": check.template if check else "pages/_check.html",
                "check": compared,
                "agreements": agreements(document),
                "chain": chain_of(document, person),
                "queue": self.queue,
                "following": self.queue[1] if len(self.queue) > 1 else None,
            }
        )
