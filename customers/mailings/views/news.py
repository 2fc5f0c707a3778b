"""Pages of what one customer is told (C10): messages, private links to a document's state with their visits, how they want to hear."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.documents.kinds import address_of, label_of
from backoffice.files.services import keep
from backoffice.outbox.models import Channel
from backoffice.outbox.services import telephone
from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act, Page
from backoffice.pages.paper import paper_of, papers_of
from backoffice.pages.views import DetailPage, EditPage
from backoffice.parties.models import Party
from backoffice.refusals import Refused
from backoffice.register.models import Record
from customers.mailings import forms, services, wording
from customers.mailings.lifecycle import OFFICE
from customers.mailings.models import LetterTemplate, News, NewsWish, PrivateLink
from customers.mailings.selectors import mail_address, mobile_of
from customers.mailings.showing import is_shown, parts_of
from customers.mailings.tables import READS, LinkList, NewsList
from customers.mailings.views.mailings import chosen_number
from customers.models import Customer

MADE = "private_link"  # in the session: the address of the link just made, shown once


class NewsListPage(ListPage):
    list = NewsList

    def get_acts(self):
        return [Act(_("Private links"), reverse("mailings:links"), "link")]


class LinkListPage(ListPage):
    list = LinkList


class AboutPage(DetailPage):
    """What the customer was told of a document, and the links that show its state."""

    roles = READS
    model = Record
    template_name = "mailings/about.html"
    has_timeline = False

    def get_queryset(self):
        return super().get_queryset().select_related("party", "salesperson")

    def get_title(self):
        return _("What the customer knows of %(what)s") % {"what": self.object}

    def get_crumbs(self):
        return [(label_of(self.object.kind), address_of(self.object.kind, self.object.pk))]

    def get_primary(self):
        if not self.request.user.has_role(*OFFICE) or self.object.party_id is None:
            return None
        return Act(
            _("Write a message"), reverse("mailings:message-about", args=[self.object.pk]), icon="send", key="F4"
        )

    def post(self, request, *args, **kwargs):
        """A new link; its address is shown once, on the page one is led to."""
        form = forms.LinkForm(request.POST, person=request.user)
        if not request.user.has_role(*OFFICE) or not form.is_valid():
            return self.render(status=422, form=form)
        try:
            _link, address = services.make_link(self.object, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            request.session[MADE] = [self.object.pk, address]
        return HttpResponseRedirect(reverse("mailings:about", args=[self.object.pk]))

    def get_context_data(self, **kwargs):
        record, made = self.object, self.request.session.get(MADE, [0, ""])
        if made[0] == record.pk and self.request.method == "GET":
            del self.request.session[MADE]
        return super().get_context_data(**kwargs) | {
            "record": record, "made": made[1] if made[0] == record.pk else "", "is_shown": is_shown(record),
            "news": News.objects.filter(record=record).select_related("message", "told_by"),
            "links": PrivateLink.objects.filter(record=record).with_visits().select_related("made_by", "revoked_by"),
            "form": kwargs.get("form") or forms.LinkForm(person=self.request.user, initial={"days": 30}),
            "may_write": self.request.user.has_role(*OFFICE), "parts": parts_of(record) if is_shown(record) else [],
        }  # fmt: skip


class RevokeLink(Page):
    """From now on the link leads nowhere."""

    roles = OFFICE
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        link = get_object_or_404(PrivateLink.objects.visible_to(request.user), pk=kwargs["pk"])
        services.revoke_link(link, by=request.user)
        messages.success(request, _("The link is revoked: it leads nowhere any more."))
        return HttpResponseRedirect(link.get_absolute_url())


class VisitsPage(DetailPage):
    """Who opened a private link, and when."""

    roles = READS
    model = PrivateLink
    template_name = "mailings/visits.html"
    has_timeline = False

    def get_crumbs(self):
        return [
            (_("Private links"), reverse("mailings:links")),
            (str(self.object.record), self.object.get_absolute_url()),
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"link": self.object, "visits": self.object.visits.all()[:200]}


class OfCustomer(EditPage):
    """A form about one customer, whose id is `customer` in the address."""

    roles = OFFICE

    @cached_property
    def customer(self):
        rows = Customer.objects.visible_to(self.request.user).select_related("party__owner")
        return get_object_or_404(rows, pk=self.kwargs["customer"])

    @property
    def party(self) -> Party:
        return self.customer.party

    def get_crumbs(self):
        return [(_("Customers"), reverse("customers:list")), (str(self.party), self.back)]

    @property
    def back(self) -> str:
        return f"{self.party.get_absolute_url()}?tab=told_to_customer"

    def address_after(self, saved):
        return self.back

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"object": self.party, "party": self.party}


class WriteMessage(OfCustomer):
    """A message to one customer, by mail or text message."""

    model, form_class = News, forms.MessageForm
    template_name = "mailings/message.html"
    save_label = gettext_lazy("Send")
    saved_message = gettext_lazy("The message is on its way.")
    record = None

    @cached_property
    def paper(self) -> str:
        return paper_of(self.record, self.request.user) if self.record else ""

    def get_title(self):
        return _("Message to %(customer)s") % {"customer": self.party}

    def get_initial(self):
        by_sms = self.request.GET.get("channel") == Channel.SMS
        contact, to = mobile_of(self.party) if by_sms else mail_address(self.party)
        found = {
            "channel": Channel.SMS if by_sms else Channel.MAIL, "to": telephone(to) if by_sms else to, "contact": contact,
            "has_record": bool(self.record and is_shown(self.record)), "with_link": True, "has_paper": bool(self.paper),
            "with_paper": bool(self.record and not is_shown(self.record)),
        }  # fmt: skip
        template = LetterTemplate.objects.filter(pk=chosen_number(self.request, "template")).first()
        if template is None:
            return found
        values = wording.values_of(self.party, contact=contact, on=timezone.localdate())
        return found | {
            "subject": wording.filled(template.subject, values),
            "text": wording.filled(template.body, values),
        }

    def save(self, form):
        given, by = form.cleaned_data, self.request.user
        papers = [self.print_paper()] if given.get("with_paper") else []
        return services.write_message(self.party, by=by, given=given, record=self.record, papers=papers)

    def print_paper(self):
        """What goes along, as it reads now; no file of the document's own, which would be part of what was reviewed."""
        pdf = papers_of(self.paper, [self.record], self.request)
        return keep(f"{self.record}.pdf", pdf, "application/pdf", by=self.request.user)


class WriteAbout(WriteMessage):
    """A message about a document, with a link to its state."""

    @cached_property
    def record(self):
        rows = Record.objects.visible_to(self.request.user).select_related("party__owner").filter(party__isnull=False)
        return get_object_or_404(rows, pk=self.kwargs["record"])

    @property
    def party(self) -> Party:
        return self.record.party

    @property
    def back(self) -> str:
        return reverse("mailings:about", args=[self.record.pk])

    def get_crumbs(self):
        return [
            (label_of(self.record.kind), address_of(self.record.kind, self.record.pk)),
            (_("What the customer knows"), self.back),
        ]

    def get_initial(self):
        return {"subject": f"{label_of(self.record.kind)} {self.record}"} | super().get_initial()


class EditWish(OfCustomer):
    """How a customer wants to hear of their goods."""

    model, form_class = NewsWish, forms.WishForm

    def get_title(self):
        return _("How %(customer)s hears of goods") % {"customer": self.party}

    def get_initial(self):
        wish = NewsWish.objects.filter(party=self.party).first() or NewsWish()
        return {name: getattr(wish, name) for name in ("by_mail", "by_sms", "language")}

    def save(self, form):
        return services.save_wish(self.party, by=self.request.user, given=form.cleaned_data)
