"""The pages of the frame itself: search, panels, look-ups, preferences, sessions, what the browser asks while one types."""

from django import forms as django_forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backoffice.audit import acting
from backoffice.people.models import Person
from backoffice.register.models import Record

from .chain import link_to
from .fields import DateField, MoneyField, PriceField, QuantityField, RateField
from .page import EVERYONE, Page, back_from, may_open
from .registry import shelf
from .search import hits_for

KINDS = {"date": DateField, "money": MoneyField, "quantity": QuantityField, "price": PriceField, "percent": RateField}


class FindPage(Page):
    """What the palette shows for what is typed: documents, parties, products, pages and acts. Also a page of its own."""

    roles = EVERYONE
    title = gettext_lazy("Search")
    template_name = "pages/find.html"
    fragment_name = "pages/_hits.html"

    def get_context_data(self, **kwargs):
        typed = self.request.GET.get("q", "").strip()[:80]
        return super().get_context_data(**kwargs) | {"typed": typed, "groups": hits_for(typed, self.request.user)}


class PanelPage(Page):
    """One panel of a detail page, asked for by itself."""

    roles = EVERYONE

    def get(self, request, *args, **kwargs):
        panel = shelf.panels.get(kwargs["name"])
        if panel is None or not may_open(request.user, panel.roles):
            raise Http404
        thing = get_object_or_404(panel.on._default_manager.visible_to(request.user), pk=kwargs["pk"])
        rows = panel.rows(thing, request.user)
        self.template_name = "components/nothing.html" if rows is None else panel.template
        return self.render(object=thing, panel=panel, **(rows or {}))


class LookupAnswer(Page):
    """The choices of a look-up for what is typed; a post says which one was taken."""

    roles = EVERYONE

    @property
    def lookup(self):
        try:
            return shelf.lookups[self.kwargs["name"]]
        except KeyError as error:
            raise Http404 from error

    def get(self, request, *args, **kwargs):
        typed = request.GET.get("q", "").strip()[:80]
        given = {key: value for key, value in request.GET.items() if key != "q"}
        choices = self.lookup.find(typed, request.user, given)
        return JsonResponse({"choices": [choice.as_json() for choice in choices], "add": self.lookup.add_address()})

    def post(self, request, *args, **kwargs):
        row = self.lookup.row(request.POST.get("pk"), request.user)
        if row is None:
            raise Http404
        self.lookup.used(row.pk, request.user)
        return HttpResponse(status=204)


class TypedAnswer(Page):
    """How the server reads what was typed into a date or figure box; the browser only echoes it."""

    roles = EVERYONE

    def get(self, request, *args, **kwargs):
        kind = KINDS.get(request.GET.get("kind"))
        if kind is None:
            raise Http404
        field = kind(required=False)
        try:
            value = field.clean(request.GET.get("text", "")[:80])
        except django_forms.ValidationError as error:
            return JsonResponse({"error": error.messages[0]})
        return JsonResponse({"text": field.prepare_value(value) or ""})


class DocumentDoor(Page):
    """The page of a document whose kind the link does not know; mails and books use it."""

    roles = EVERYONE

    def get(self, request, *args, **kwargs):
        record = get_object_or_404(Record.objects.visible_to(request.user), pk=kwargs["pk"])
        link = link_to(record)
        if link is None:
            raise Http404
        return redirect(link.url)


class PreferencesForm(django_forms.ModelForm):
    class Meta:
        model = Person
        fields = ["language", "theme", "phone"]
        widgets = {"language": django_forms.RadioSelect, "theme": django_forms.RadioSelect}


class PreferencesPage(Page):
    """Language, appearance, telephone of the person who is signed in."""

    roles = EVERYONE
    title = gettext_lazy("Preferences")
    template_name = "pages/preferences.html"

    def get(self, request, *args, **kwargs):
        return self.render(form=PreferencesForm(instance=request.user))

    def post(self, request, *args, **kwargs):
        form = PreferencesForm(request.POST, instance=request.user)
        if not form.is_valid():
            return self.render(form=form, status=422)
        with transaction.atomic(), acting(request.user, step="set_preferences"):
            form.save()
        messages.success(request, _("Saved."))
        return redirect("pages:preferences")


class PreferenceSwitch(Page):
    """One preference switched from the top bar; back to where one was."""

    roles = EVERYONE

    def post(self, request, *args, **kwargs):
        person, chosen = request.user, request.POST
        fields = {"language": Person.Language.values, "theme": Person.Theme.values}
        changed = [name for name, allowed in fields.items() if chosen.get(name) in allowed]
        for name in changed:
            setattr(person, name, chosen[name])
        if changed:
            with transaction.atomic(), acting(person, step="set_preferences"):
                person.save(update_fields=changed)
        return HttpResponseRedirect(back_from(request, "/"))

    def get(self, request, *args, **kwargs):
        return redirect("pages:preferences")


@require_POST
def choose_language(request):
    """The language of somebody not yet signed in, kept in a cookie."""
    after = request.POST.get("next", "/")
    answer = HttpResponseRedirect(after if url_has_allowed_host_and_scheme(after, {request.get_host()}) else "/")
    if request.POST.get("language") in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            request.POST["language"],
            max_age=365 * 86400,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return answer


class InboxDoor(Page):
    """The bell leads to the notifications, whose page stands above this layer."""

    roles = EVERYONE

    def get(self, request, *args, **kwargs):
        return redirect("control:notifications")
