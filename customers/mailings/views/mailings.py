"""Pages of mailings: written, looked at customer by customer, tried, sent, followed; their paper; templates and opt-outs (C9)."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backoffice.control.views.outbox import IN_ITS_FRAME
from backoffice.files.models import File
from backoffice.files.pdf import render_pdf
from backoffice.lists.declared import NotAsked
from backoffice.outbox.services import render_mail
from backoffice.pages import drafts
from backoffice.pages.list_page import ListPage, fields_of
from backoffice.pages.page import Act, Page
from backoffice.pages.views import DetailPage, DocumentPage, EditPage
from backoffice.parties.models import Party
from backoffice.refusals import Refused
from customers.mailings import forms, services, wording
from customers.mailings.lifecycle import OFFICE
from customers.mailings.models import LetterTemplate, Mailing, OptOut
from customers.mailings.selectors import (
    addressees,
    asked_of,
    audience,
    audience_words,
    kept_of,
    reach_of,
    results_of,
)
from customers.mailings.services.mailings import letter, values
from customers.mailings.tables import READS, MailingList, OptOutList, RecipientList, TemplateList

CRUMBS = [(gettext_lazy("Mailings"), "mailings:list")]
ON_A_SHEET = 24  # labels of 70 × 36 mm
MOST_ON_PAPER = 480


class MailingListPage(ListPage):
    list = MailingList

    def get_acts(self):
        return [
            Act(_("Letter templates"), reverse("mailings:templates"), "file"),
            Act(_("Recipients of mailings"), reverse("mailings:recipients"), "people"),
            Act(_("Opt-outs"), reverse("mailings:opt-outs"), "x"),
        ]


class RecipientListPage(ListPage):
    list = RecipientList


class TemplateListPage(ListPage):
    list = TemplateList


class OptOutListPage(ListPage):
    list = OptOutList


# ── writing ─────────────────────────────────────────────────────────────────────────────────


class MailingEdit(EditPage):
    """Words on the left, whom they go to on the right: the filter of the list of customers, counted while one chooses."""

    roles = OFFICE
    model, form_class = Mailing, forms.MailingForm
    crumbs = CRUMBS
    template_name = "mailings/edit.html"
    wide = True

    def get_initial(self):
        if self.object:
            found = {name: getattr(self.object, name) for name in services.mailings.HEADER}
            return found | {"left_out": Party.objects.filter(pk__in=self.object.left_out)}
        template = LetterTemplate.objects.filter(pk=chosen_number(self.request, "template")).first()
        return {"subject": template.subject, "body": template.body} if template else {}

    @cached_property
    def asked(self) -> QueryDict:
        """The filter as sent, as the draft was kept, as it is saved, or as the address says."""
        if self.request.method == "POST":
            return asked_of(self.request.POST)
        draft = drafts.draft_of(self.request.user, self.place)
        if draft is not None:
            return asked_of(drafts.typed_in(draft))
        return QueryDict(self.object.audience) if self.object else asked_of(self.request.GET)

    def save(self, form):
        given = form.cleaned_data | {
            "audience": self.asked.urlencode(),
            "left_out": [p.pk for p in form.cleaned_data["left_out"]],
        }
        return services.save_mailing(
            self.object or Mailing(), by=self.request.user, given=given, version=self.version
        )  # fmt: skip

    def get_context_data(self, **kwargs):
        try:
            shown = audience(self.request.user, self.asked)
        except NotAsked:
            shown = audience(self.request.user, "")
        return super().get_context_data(**kwargs) | {"fields": list(fields_of(shown)), "term": shown.term}


class ReachPage(Page):
    """How many customers the filter being typed finds, and how many letters that makes."""

    roles = OFFICE
    template_name = "mailings/_reach.html"

    def get(self, request, *args, **kwargs):
        typed = request.GET
        try:
            asked = kept_of(audience(request.user, asked_of(typed)))
        except NotAsked as refusal:
            return self.render(refused=str(refusal))
        left_out = [int(pk) for pk in typed.getlist("left_out") if pk.isdigit()]
        way = typed.get("way") if typed.get("way") in Mailing.Way.values else Mailing.Way.MAIL
        mailing = Mailing(audience=asked, left_out=left_out, way=way, reach=typed.get("reach", Mailing.Reach.MAIN))
        return self.render(reach=reach_of(mailing, request.user))


def chosen_number(request, name: str) -> int:
    typed = request.GET.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0


# ── one mailing ─────────────────────────────────────────────────────────────────────────────


class MailingPage(DocumentPage):
    """A draft says whom it would reach now; one that went out says what became of each letter."""

    roles = READS
    model = Mailing
    crumbs = CRUMBS
    template_name = "mailings/mailing.html"

    @property
    def is_out(self) -> bool:
        return self.object.state in ("sending", "sent")

    def facts(self):
        row = self.object
        found = [
            (_("Occasion"), row.title), (_("Way"), row.get_way_display()), (_("To whom"), row.get_reach_display()),
            (_("Which customers"), audience_words(row, self.request.user)),
            *([(_("Leaves at"), row.send_at)] if row.state == "planned" else []),
        ]  # fmt: skip
        left_out = Party.objects.filter(pk__in=row.left_out)
        return [*found, (_("But not to"), "、".join(map(str, left_out)))] if row.left_out else found

    def figures(self):
        row = self.object
        rows = f"{reverse('mailings:recipients')}?mailing={row.pk}"
        if self.is_out:
            return figures_of(results_of(row), rows, is_mail=row.is_mail)
        try:
            reach = reach_of(row, self.request.user)
        except NotAsked:
            return []
        customers = f"{reverse('customers:list')}?{row.audience or 'view=all'}"
        return [
            {"label": _("Customers found"), "value": reach.customers, "url": customers},
            {"label": _("Letters"), "value": reach.letters, "url": reverse("mailings:preview", args=[row.pk])},
            {"label": _("Without address"), "value": reach.without_address, "tone": "bad" if reach.without_address else ""},
            {"label": _("Want no mailings"), "value": reach.opted_out, "url": reverse("mailings:opt-outs")},
        ]  # fmt: skip

    def get_acts(self):
        row, acts = self.object, super().get_acts()
        if row.state == "cancelled":
            return acts
        acts.append(Act(_("Look at each letter"), reverse("mailings:preview", args=[row.pk]), icon="eye", key="F8"))
        if row.is_editable and row.is_mail and self.request.user.has_role(*OFFICE):
            acts.append(Act(_("Send me a test"), reverse("mailings:test", args=[row.pk]), icon="mail", method="post"))
        if not row.is_mail:
            acts.append(Act(_("Labels (PDF)"), reverse("mailings:labels", args=[row.pk]), icon="print"))
            acts.append(Act(_("Letters (PDF)"), reverse("mailings:letters", args=[row.pk]), icon="print"))
        return acts

    def lines(self):
        return self.object.lines.visible_to(self.request.user).select_related("message", "party")[:20]

    def get_context_data(self, **kwargs):
        rows = f"{reverse('mailings:recipients')}?mailing={self.object.pk}"
        return super().get_context_data(**kwargs) | {"recipients_url": rows}


def figures_of(found: dict[str, int], rows: str, *, is_mail: bool) -> list[dict]:
    """What became of the letters, each figure with its rows."""
    figures = [
        {"label": _("Letters"), "value": found["out"] + found["waiting"], "url": f"{rows}&fate=out&fate=waiting",
         "note": ngettext("%(n)d to hand over", "%(n)d to hand over", found["waiting"]) % {"n": found["waiting"]} if found["waiting"] else ""},
        {"label": _("Without address"), "value": found["no_address"], "url": f"{rows}&fate=no_address"},
        {"label": _("Wanted no mailings"), "value": found["opted_out"], "url": f"{rows}&fate=opted_out"},
        {"label": _("Answered"), "value": found["answered"], "url": f"{rows}&answered=1"},
    ]  # fmt: skip
    if not is_mail:
        return figures
    of_mail = [
        {"label": _("Delivered to their server"), "value": found["taken"], "url": f"{rows}&message_state=sent"},
        {"label": _("Given up"), "value": found["dead"], "url": f"{rows}&message_state=dead", "tone": "bad" if found["dead"] else ""},
        {"label": _("Opted out by this letter"), "value": found["left"], "url": f"{rows}&opted=1"},
    ]  # fmt: skip
    return [figures[0], *of_mail, *figures[1:]]


class OfMailing(DetailPage):
    """Something of one mailing that the person sees."""

    roles = READS
    model = Mailing
    has_timeline = False

    def get_queryset(self):
        return super().get_queryset().select_related("author")

    def get_crumbs(self):
        return [(_("Mailings"), reverse("mailings:list")), (str(self.object), self.object.get_absolute_url())]

    @cached_property
    def reached(self):
        """Who gets the letter: as written down when it went out, before that as it would go out now."""
        mailing, person = self.object, self.request.user
        if mailing.is_editable:
            return [one for one in addressees(mailing, person) if one.is_reached]
        rows = mailing.lines.visible_to(person).exclude(fate__in=("no_address", "opted_out"))
        return list(rows.select_related("party__owner").order_by("position"))


class PreviewPage(OfMailing):
    """The letter of one customer after the other, as it goes out."""

    template_name = "mailings/preview.html"

    def get_title(self):
        return _("Letters: %(what)s") % {"what": self.object.title}

    def get_primary(self):
        return None

    def get_context_data(self, **kwargs):
        count = len(self.reached)
        number = max(1, min(chosen_number(self.request, "n") or 1, count))
        one = self.reached[number - 1] if count else None
        subject = wording.filled(self.object.subject, values(one)) if one else ""
        return super().get_context_data(**kwargs) | {
            "one": one, "number": number, "count": count, "subject": subject, "mailing": self.object,
            "before": number - 1 if number > 1 else None, "after": number + 1 if number < count else None,
            "body": wording.filled(self.object.body, values(one)) if one else "", "attached": File.objects.of(self.object),
        }  # fmt: skip


class LetterAsItLooks(OfMailing):
    """The mail's own HTML for one customer, in a frame that can do nothing."""

    def get(self, request, *args, **kwargs):
        number = max(1, min(chosen_number(request, "n") or 1, len(self.reached)))
        one = self.reached[number - 1] if self.reached else None
        if one is None:
            return HttpResponse("")
        context = letter(self.object, one) | {"subject": wording.filled(self.object.subject, values(one)), "leave": "#"}
        response = HttpResponse(render_mail("mailings/letter", context))
        response["Content-Security-Policy"] = IN_ITS_FRAME
        response["X-Frame-Options"] = "SAMEORIGIN"
        return response


class SendTest(OfMailing):
    """The letter of the first customer, to oneself."""

    roles = OFFICE
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        try:
            mail = services.send_test(self.object, by=request.user)
            messages.success(request, _("The test is on its way to %(address)s.") % {"address": mail.recipient})
        except Refused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(self.object.get_absolute_url())


class OnPaper(OfMailing):
    """A PDF of all recipients; so many that no printer likes them are refused in words."""

    paper = ""

    def rows(self):
        if self.object.is_mail:
            raise Refused(_("This mailing goes by e-mail: it has no paper."))
        if not self.reached:
            raise Refused(_("Nobody would get this letter: look at the filter."))
        if len(self.reached) > MOST_ON_PAPER:
            raise Refused(_("At most %(most)s on paper at once: narrow the filter.") % {"most": MOST_ON_PAPER})
        return self.reached

    def get(self, request, *args, **kwargs):
        try:
            pdf = render_pdf(self.paper, self.paper_context(), request.user.language)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(self.object.get_absolute_url())
        name = f"{self.paper.rpartition('/')[2]}-{self.object.number or self.object.pk}.pdf"
        return FileResponse(iter([pdf]), content_type="application/pdf", filename=name)

    def paper_context(self):
        return {}


class LabelsPdf(OnPaper):
    """Addresses on sheets of three times eight labels."""

    paper = "mailings/labels"

    def paper_context(self):
        rows = self.rows()
        return {"sheets": [rows[at : at + ON_A_SHEET] for at in range(0, len(rows), ON_A_SHEET)]}


class LettersPdf(OnPaper):
    """One page for each customer under our letterhead."""

    paper = "mailings/letters"

    def paper_context(self):
        mailing = self.object
        rows = [
            (one, wording.filled(mailing.subject, values(one)), wording.filled(mailing.body, values(one)))
            for one in self.rows()
        ]
        return {"letters": rows, "mailing": mailing}


# ── templates and opt-outs ──────────────────────────────────────────────────────────────────


class TemplateEdit(EditPage):
    """The words of a letter that is written again and again."""

    roles = OFFICE
    model, form_class = LetterTemplate, forms.TemplateForm
    crumbs = [*CRUMBS, (gettext_lazy("Letter templates"), "mailings:templates")]

    def save(self, form):
        services.save_template(form.save(commit=False), by=self.request.user, version=self.version)
        return reverse("mailings:templates")


class NewOptOut(EditPage):
    """A customer told somebody that they want no mailings."""

    roles = OFFICE
    model, form_class = OptOut, forms.OptOutForm
    crumbs = [*CRUMBS, (gettext_lazy("Opt-outs"), "mailings:opt-outs")]

    def save(self, form):
        given = form.cleaned_data
        services.write_opt_out(given["party"], given["email"], by=self.request.user, reason=given["reason"])
        return reverse("mailings:opt-outs")
