"""The public pages of offers (C6): no sign-in, no script needed, nothing of the inside, and no room for abuse."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.pages.public import PublicPage
from backoffice.people.adapters import address_of
from customers.leads.answering import FIELDS, TooMany, take_answer
from customers.leads.forms import CONSENT, AnswerForm
from customers.leads.models import Offer

TOO_MANY = 429


class Found(PublicPage):
    """Unlike what is meant for one customer, an offer is to be found by search engines."""

    def dispatch(self, request, *args, **kwargs) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        del response.headers["X-Robots-Tag"]
        return response


class CurrentOffers(Found):
    """All that is offered now."""

    title = gettext_lazy("Become our partner")
    template_name = "leads/public_offers.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"offers": Offer.objects.current(timezone.localdate())[:50]}


class OfOffer(Found):
    """A page of one current offer; what is not current is not there."""

    @cached_property
    def offer(self):
        return Offer.objects.current(timezone.localdate()).filter(code=self.kwargs["code"]).first()

    def get_title(self):
        return self.offer.title if self.offer else ""

    def get(self, request, *args, **kwargs) -> HttpResponse:
        return self.render() if self.offer else self.gone(_("This offer is not open any more."))

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"offer": self.offer}


class PublicOffer(OfOffer):
    """The offer and the form that answers it. A machine that fills what people do not see gets the same thanks, and nothing is kept."""

    template_name = "leads/public_offer.html"

    def post(self, request, *args, **kwargs) -> HttpResponse:
        if not self.offer:
            return self.gone(_("This offer is not open any more."))
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self.render(form=form, status=422)
        if not form.is_from_a_machine:
            given = {name: form.cleaned_data[name] for name in FIELDS}
            try:
                take_answer(self.offer, given=given, address=address_of(request) or "", consent=str(CONSENT))
            except TooMany as refusal:
                form.add_error(None, str(refusal))
                return self.render(form=form, status=TOO_MANY)
        return HttpResponseRedirect(reverse("offers:thanks", args=[self.offer.code]))

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"form": kwargs.get("form") or AnswerForm()}


class Thanks(OfOffer):
    template_name = "leads/public_thanks.html"
