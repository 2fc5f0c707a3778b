"""Planning calls and visits: by hand, put off, let go; what customers wish; the rhythm of each grade (C3)."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.pages.views import EditPage
from backoffice.parties.models import Party
from customers.models import Customer
from customers.visits import forms, services
from customers.visits.lifecycle import CALLS, LEADS
from customers.visits.models import Rhythm, Visit, Wish
from customers.visits.views.talks import CRUMBS


class OfCustomer(EditPage):
    """A form about the calls of one customer, whose id is `customer` in the address."""

    roles = CALLS
    crumbs = CRUMBS

    @cached_property
    def customer(self):
        rows = Customer.objects.visible_to(self.request.user).select_related("party")
        return get_object_or_404(rows, pk=self.kwargs["customer"])

    def get_crumbs(self):
        return [*super().get_crumbs(), (str(self.customer), self.customer.get_absolute_url())]

    def address_after(self, saved):
        return self.customer.get_absolute_url()


class PlanVisit(OfCustomer):
    model, form_class = Visit, forms.PlanVisitForm
    saved_message = gettext_lazy("It is planned.")

    def get_initial(self):
        return {"person": self.request.user, "way": self.request.GET.get("way", "call")}

    def save(self, form):
        return services.plan_visit(self.customer.party, by=self.request.user, **form.cleaned_data)


class NewWish(OfCustomer):
    model, form_class = Wish, forms.WishForm

    def save(self, form):
        return services.save_wish(self.customer.party, by=self.request.user, **form.cleaned_data)


class EditWish(EditPage):
    """What one customer agreed with us; its way stays."""

    roles = CALLS
    model, form_class = Wish, forms.WishForm
    crumbs = CRUMBS

    def get_queryset(self):
        return Wish.objects.filter(party__in=Party.objects.visible_to(self.request.user)).select_related("party")

    def get_initial(self):
        return {name: getattr(self.object, name) for name in ("way", "days", "best_time", "reason")}

    def save(self, form):
        given = form.cleaned_data | {"way": self.object.way}
        return services.save_wish(self.object.party, by=self.request.user, **given, version=self.version)

    def address_after(self, saved):
        return saved.party.get_absolute_url()


class OfVisit(EditPage):
    """A form about one planned visit; back to the queue afterwards."""

    roles = CALLS
    model = Visit
    crumbs = CRUMBS

    def address_after(self, saved):
        return reverse("visits:today")


class PutOff(OfVisit):
    form_class = forms.PutOffForm
    save_label = gettext_lazy("Put off")

    def get_title(self):
        return _("Put off: %(what)s") % {"what": self.object.party}

    def get_initial(self):
        return {"person": self.object.person}

    def save(self, form):
        return services.put_off(self.object, by=self.request.user, **form.cleaned_data)


class Drop(OfVisit):
    form_class = forms.DropForm
    save_label = gettext_lazy("Let go")

    def get_title(self):
        return _("Let go: %(what)s") % {"what": self.object.party}

    def save(self, form):
        return services.drop_visit(self.object, by=self.request.user, **form.cleaned_data)


class RhythmsPage(EditPage):
    """How often customers of each grade are called and visited; the manager's."""

    roles = LEADS
    model, form_class = Rhythm, forms.RhythmsForm
    template_name = "visits/rhythms.html"
    crumbs = CRUMBS
    saved_message = gettext_lazy("From the next night on calls are planned by it.")

    def get_title(self):
        return _("Rhythm of each grade")

    def save(self, form):
        services.save_rhythms(form.wanted, by=self.request.user)
        return reverse("visits:rhythms")
