"""What people outside the house see: the state of their order, and the way out of a mailing. Nothing of the inside (C9, C10)."""

from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from backoffice.pages.public import PublicPage
from backoffice.people.adapters import address_of, comes_too_often
from customers.mailings.models import OptOut, Recipient
from customers.mailings.services import note_visit, opt_out_by_link
from customers.mailings.services.links import link_of
from customers.mailings.showing import parts_of

TOO_MANY = 429


class StatePage(PublicPage):
    """The state of one document for whoever has its link; run out, revoked and never been look alike."""

    template_name = "mailings/state.html"

    def get(self, request, *args, **kwargs):
        link = link_of(kwargs["key"])
        if link is None:
            return self.gone(_("It has run out or was taken back. Please ask whoever sent it to you for a new one."))
        note_visit(link, address=address_of(request), agent=request.headers.get("User-Agent", ""))
        return self.render(
            link=link, parts=parts_of(link.record), ours=link.record.salesperson or link.record.party.owner
        )

    def get_title(self):
        return _("State of your order")


@method_decorator(csrf_exempt, name="dispatch")
class OptOutPage(PublicPage):
    """Wanting no more mailings: one button, no question; a look at the page alone changes nothing (mail programs look at every link).

    The button of a mail program sends the same form without having seen the page (RFC 8058): what counts is the secret in the address.
    """

    template_name = "mailings/opt_out.html"

    def get_title(self):
        return _("No more mailings")

    def get(self, request, *args, **kwargs):
        row = Recipient.objects.filter(secret=kwargs["key"]).exclude(email="").first()
        return self.shown(row, is_done=bool(row) and OptOut.objects.filter(email=row.email).exists())

    def post(self, request, *args, **kwargs):
        if comes_too_often(request, act="opt_out"):
            return HttpResponse(
                _("Too many at once. Please try again in a minute."), status=TOO_MANY, headers={"Retry-After": "60"}
            )
        return self.shown(opt_out_by_link(kwargs["key"]), is_done=True)

    def shown(self, row, *, is_done):
        if row is None:
            return self.gone(_("We know no letter with this link."))
        return self.render(email=veiled(row.email), is_done=is_done)


def veiled(email: str) -> str:
    """li***@example.com: enough for its owner to know it again."""
    name, _at, place = email.partition("@")
    return f"{name[:2]}***@{place}"
