"""Pages of licences (C2)."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act, may_open
from backoffice.pages.views import DocumentPage, EditPage
from backoffice.parties.models import Party
from customers.licences import services
from customers.licences.forms import KindForm, LicenceForm, LicenceOfForm
from customers.licences.lifecycle import OFFICE, VERIFIED
from customers.licences.models import Licence, LicenceKind
from customers.licences.tables import READS, KindList, LicenceList
from customers.licences.words import stated_rows

CRUMBS = [(gettext_lazy("Licences"), "licences:list")]
COPIED = ("licence_kind", "external_number", "issuer", "scope")


class LicenceListPage(ListPage):
    list = LicenceList

    def get_acts(self):
        kinds = Act(_("Kinds of licence"), reverse("licences:kinds"), "gear")
        return [kinds] if may_open(self.request.user, services.KEEPS_KINDS) else []


class KindListPage(ListPage):
    list = KindList


class LicencePage(DocumentPage):
    """One licence: what it says, its scan, who verified it."""

    roles = READS
    model = Licence
    crumbs = CRUMBS
    template_name = "licences/licence.html"

    def get_queryset(self):
        return super().get_queryset().select_related("licence_kind", "replaces")

    def facts(self):
        it = self.object
        return [
            (_("Kind of licence"), it.licence_kind), (_("Number of the licence"), it.external_number), (_("Issuing authority"), it.issuer),
            (_("Valid from"), it.valid_from), (_("Valid to"), it.valid_until or _("without an end")), (_("Registered by"), it.author),
        ]  # fmt: skip

    def get_acts(self):
        may_renew = self.object.get_state() == VERIFIED and may_open(self.request.user, OFFICE)
        url = f"{reverse('licences:licence-new')}?renews={self.object.pk}"
        return [*super().get_acts(), *([Act(pgettext("licence", "Renew"), url, "refresh", "F4")] if may_renew else [])]

    def get_context_data(self, **kwargs):
        it, today = self.object, timezone.localdate()
        left = it.days_left(today) if it.get_state() == VERIFIED else None
        return super().get_context_data(**kwargs) | {
            "stated": stated_rows(it), "days_left": left, "is_over": left is not None and left < 0,
            "newer": it.replaced_by.exclude(state="cancelled").order_by("-pk").first(),
            "left_words": ngettext("%(n)d day left", "%(n)d days left", left) % {"n": left} if left and left > 0 else "",
        }  # fmt: skip


class EditLicence(EditPage):
    """A new licence (`?party=` whose, `?renews=` which one), or a draft of it; sent, it goes to somebody else to verify."""

    roles = OFFICE
    model = Licence
    crumbs = CRUMBS
    template_name = "licences/edit.html"
    save_label = gettext_lazy("Submit for verification")
    wide = True

    @cached_property
    def renewed(self):
        given = self.request.GET.get("renews", "")
        return get_object_or_404(Licence.objects.visible_to(self.request.user), pk=given) if given.isdigit() else None

    @property
    def form_class(self):
        return LicenceOfForm if self.object or self.renewed else LicenceForm

    def get_initial(self):
        if source := self.object or self.renewed:
            names = (*COPIED, "valid_from", "valid_until", "note") if self.object else COPIED
            return {name: getattr(source, name) for name in names}
        given = self.request.GET.get("party", "")
        kinds = {"licence_kind": self.request.GET.get("kind", "")}
        if not given.isdigit():
            return kinds
        return kinds | {"party": get_object_or_404(Party.objects.visible_to(self.request.user).customers(), pk=given)}

    def save(self, form):
        by, header = self.request.user, form.header()
        if self.renewed:
            header |= {"party": self.renewed.party, "replaces": self.renewed}
        saved = services.save_licence(
            self.object or Licence(), by=by, header=header, scan=form.cleaned_data["scan"], version=self.version
        )
        return saved if "draft" in self.request.POST else services.submit_licence(saved, by=by)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"of": getattr(self.object or self.renewed, "party", None)}


class EditKind(EditPage):
    """A kind of licence and what its lapse does."""

    roles = services.KEEPS_KINDS
    model, form_class = LicenceKind, KindForm
    crumbs = [*CRUMBS, (gettext_lazy("Kinds of licence"), "licences:kinds")]

    def get_queryset(self):
        return LicenceKind.objects.all()

    def get_initial(self):
        return {"categories": list(self.object.categories.all())} if self.object else {}

    def save(self, form):
        given = form.cleaned_data["categories"]
        services.save_kind(form.save(commit=False), by=self.request.user, categories=given, version=self.version)
        return reverse("licences:kinds")
