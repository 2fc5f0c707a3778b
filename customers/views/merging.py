"""Pages on which customers become one, and on which they go from one salesperson to another."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Page
from backoffice.pages.views import DocumentPage, EditPage
from customers import handing
from customers.comparing import JOINED, TAKEN, in_store, shown, sides
from customers.forms import HandOverForm, HandOverManyForm, MergeForm, OtherForm
from customers.merging import request_merge, submit_customer_merge
from customers.models import Customer, CustomerMerge, HandOver
from customers.tables import READS, DuplicateList, HandOverList, MergeList
from customers.views.archive import CRUMBS, OfCustomer

MERGES = [*CRUMBS, (gettext_lazy("Mergings of customers"), "customers:merge-list")]


class DuplicateListPage(ListPage):
    list = DuplicateList
    crumbs = CRUMBS


class MergeListPage(ListPage):
    list = MergeList
    crumbs = CRUMBS


class HandOverListPage(ListPage):
    list = HandOverList
    crumbs = CRUMBS


class ChooseOther(OfCustomer):
    """With whom a customer is to be merged."""

    model, form_class = Customer, OtherForm
    save_label = gettext_lazy("Compare both")
    saved_message = gettext_lazy("Pick what stays, field by field.")

    def get_title(self):
        return _("Merge another customer into %(what)s") % {"what": self.customer}

    def save(self, form):
        return form.cleaned_data["merged"]

    def address_after(self, saved):
        return reverse("customers:customer_merge-new", args=[self.customer.pk, saved.pk])


class EditMerge(OfCustomer):
    """Both customers beside each other; what the one takes from the other is picked field by field."""

    model, form_class = CustomerMerge, MergeForm
    template_name = "customers/merge_edit.html"
    save_label = gettext_lazy("Submit for agreement")
    saved_message = gettext_lazy("Now somebody else looks at it and agrees.")
    wide = True

    @cached_property
    def pair(self):
        given = (
            (self.object.party_id, self.object.merged_id)
            if self.object
            else (self.kwargs["customer"], self.kwargs["merged"])
        )
        if given[0] == given[1]:
            raise Http404
        rows = Customer.objects.visible_to(self.request.user).select_related("party__owner", "party__region", "term")
        return tuple(get_object_or_404(rows, pk=pk) for pk in given)

    @property
    def customer(self):
        return self.pair[0]

    @cached_property
    def sides(self):
        return sides(*self.pair)

    def get_title(self):
        return _("Merge %(merged)s into %(kept)s") % {
            "merged": self.pair[1].party.name,
            "kept": self.pair[0].party.name,
        }

    def get_initial(self):
        picked = {side.name: side.suggested for side in self.sides}
        if self.object:
            taken = {key: after for key, (_before, after) in self.object.changes.items()}
            picked |= {s.name: TAKEN if taken[s.key] == s.taken else JOINED for s in self.sides if s.key in taken}
        return picked | {"reason": self.object.reason if self.object else ""}

    def get_form(self, fields=None, files=None):
        return MergeForm(fields, files, person=self.request.user, initial=self.get_initial(), sides=self.sides)

    def save(self, form):
        given, by = dict(form.cleaned_data), self.request.user
        merge = request_merge(
            *self.pair, by=by, reason=given.pop("reason"), picks=given, merge=self.object, version=self.version
        )
        return merge if "draft" in self.request.POST else submit_customer_merge(merge, by=by)

    def address_after(self, saved):
        return saved.get_absolute_url()

    def get_context_data(self, **kwargs):
        kept, merged = self.pair
        form = kwargs["form"]
        rows = [(side, form[side.name] if side.differs else None) for side in self.sides if side.kept or side.taken]
        swap = "" if self.object else reverse("customers:customer_merge-new", args=[merged.pk, kept.pk])
        store = in_store(kept, merged, on=timezone.localdate())
        return super().get_context_data(**kwargs) | store | {"rows": rows, "swap": swap}


class MergePage(DocumentPage):
    """A merging: both sides while it waits, afterwards what the one took, what went over and what met its like."""

    roles = READS
    model = CustomerMerge
    crumbs = MERGES
    template_name = "customers/merge.html"

    def get_queryset(self):
        return super().get_queryset().select_related("merged")

    def get_title(self):
        return _("Merge %(merged)s into %(kept)s") % {"merged": self.object.merged.name, "kept": self.object.party.name}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | shown(self.object, on=timezone.localdate())


class HandOverOne(OfCustomer):
    """Another salesperson for one customer, as of a day."""

    roles = handing.HANDS_OVER
    model, form_class = Customer, HandOverForm
    save_label = gettext_lazy("Hand over")

    def get_title(self):
        return _("Hand over %(what)s") % {"what": self.customer}

    def get_initial(self):
        return {"on": timezone.localdate()}

    def save(self, form):
        handing.hand_over([self.customer], by=self.request.user, **form.cleaned_data)
        return self.customer

    def address_after(self, saved):
        seen = Customer.objects.visible_to(self.request.user).filter(pk=saved.pk).exists()
        return saved.get_absolute_url() if seen else reverse("customers:list")


class HandOverMany(EditPage):
    """All customers of a salesperson, or those of a region, of a grade or with a tag, to another, as of a day."""

    roles = handing.HANDS_OVER
    model, form_class = HandOver, HandOverManyForm
    crumbs = [*CRUMBS, (gettext_lazy("Hand-overs"), "customers:hand-over-list")]
    template_name = "customers/hand_over_many.html"
    title = gettext_lazy("Hand over many customers")
    save_label = gettext_lazy("Hand over")

    def get_title(self):
        return self.title

    def get_initial(self):
        return {"on": timezone.localdate()}

    def save(self, form):
        given = dict(form.cleaned_data)
        rows = form.chosen(Customer.objects.visible_to(self.request.user))
        number = handing.hand_over(rows, to=given["to"], on=given["on"], note=given["note"], by=self.request.user)
        self.saved_message = ngettext(
            "%(number)d customer handed over.", "%(number)d customers handed over.", number
        ) % {"number": number}
        return reverse("customers:hand-over-list")


class HowMany(Page):
    """How many customers a choice means, while it is typed."""

    roles = handing.HANDS_OVER
    template_name = "customers/_how_many.html"

    def get(self, request, *args, **kwargs):
        form = HandOverManyForm(request.GET, person=request.user)
        form.is_valid()
        rows = (
            form.chosen(Customer.objects.visible_to(request.user))
            if form.cleaned_data.get("giver")
            else Customer.objects.none()
        )
        return self.render(
            number=rows.count(), rows=rows.select_related("party")[:8], is_asked=bool(form.cleaned_data.get("giver"))
        )


class CancelHandOver(Page):
    """Give up a hand-over that lies ahead."""

    roles = handing.HANDS_OVER

    def post(self, request, *args, **kwargs):
        row = get_object_or_404(HandOver.objects.visible_to(request.user), pk=kwargs["pk"])
        handing.cancel_hand_over(row, by=request.user)
        messages.success(request, _("The customer stays with %(person)s.") % {"person": row.giver or "—"})
        return HttpResponseRedirect(row.party.get_absolute_url())
