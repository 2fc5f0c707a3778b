"""What a person types to write to customers; rules are the services'."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.outbox.models import Channel
from backoffice.pages.fields import DateField, LookupField, LookupInput, LookupsField
from backoffice.pages.forms import PersonForm, PersonModelForm, StepForm
from backoffice.pages.registry import asks
from backoffice.people.models import Person
from customers.mailings.lifecycle import PLAN
from customers.mailings.models import LetterTemplate, Mailing
from customers.mailings.wording import known_fields

WIDE = {"span": True}
MOST_BODY = 20_000


class WithTemplates(PersonForm):
    """A form that begins with the words of a template: choosing one loads the page with them."""

    use = LetterTemplate.Use.MAILING

    def templates(self):
        """(name, address of this form with its words) of the templates for this."""
        return LetterTemplate.objects.filter(use=self.use, is_active=True)

    def known_fields(self) -> str:
        return known_fields()


class MailingForm(WithTemplates):
    title = forms.CharField(
        label=_("Occasion"), max_length=200, widget=forms.TextInput({"autofocus": True}),
        help_text=_("For us: what this mailing is for. Customers do not see it."),
    )  # fmt: skip
    way = forms.ChoiceField(label=_("Way"), choices=Mailing.Way.choices)
    reach = forms.ChoiceField(label=_("To whom"), choices=Mailing.Reach.choices)
    left_out = LookupsField("customer", label=_("But not to"), required=False)
    subject = forms.CharField(label=_("Subject"), max_length=200, widget=forms.TextInput(WIDE))
    body = forms.CharField(label=_("Text"), max_length=MOST_BODY, widget=forms.Textarea({"rows": 14, **WIDE}))


@asks(PLAN.name)
class PlanForm(StepForm):
    """When it leaves by itself."""

    field_order = ("on", "at", "note")

    on = DateField(label=_("Day"))
    at = forms.TimeField(label=_("Hour"), widget=forms.TimeInput({"type": "time"}))


class TemplateForm(PersonModelForm):
    body = forms.CharField(label=_("Text"), max_length=MOST_BODY, widget=forms.Textarea({"rows": 14, **WIDE}))

    class Meta:
        model = LetterTemplate
        fields = ["name", "use", "is_active", "subject", "body"]
        widgets = {"subject": forms.TextInput(WIDE)}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].help_text = _("Fields: %(known)s") % {"known": known_fields()}


class MessageForm(WithTemplates):
    """A message to one customer, by mail or to a telephone."""

    use = LetterTemplate.Use.MESSAGE

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, initial=Channel.MAIL)
    to = forms.CharField(
        label=pgettext_lazy("recipient", "To"), max_length=254, help_text=_("An e-mail address, or a mobile telephone.")
    )
    contact = forms.CharField(label=_("Contact person"), max_length=100, required=False)
    subject = forms.CharField(label=_("Subject"), max_length=200, required=False, widget=forms.TextInput(WIDE))
    text = forms.CharField(label=_("Text"), max_length=4000, widget=forms.Textarea({"rows": 8, **WIDE}))
    with_link = forms.BooleanField(label=_("With a link that shows its state"), required=False)
    with_paper = forms.BooleanField(label=_("With its paper as PDF"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, has in (("with_link", "has_record"), ("with_paper", "has_paper")):
            if not self.initial.get(has):
                del self.fields[name]

    def clean(self):
        given = super().clean()
        if given.get("channel") == Channel.MAIL:
            if not given.get("subject"):
                self.add_error("subject", _("A mail needs a subject."))
            if given.get("to"):
                try:
                    forms.EmailField().clean(given["to"])
                except forms.ValidationError as error:
                    self.add_error("to", error)
        elif given.get("with_paper"):
            self.add_error("with_paper", _("A text message carries no paper."))
        elif len(given.get("text", "")) > 400:
            self.add_error("text", _("A text message has at most 400 characters."))
        return given


class OptOutForm(PersonForm):
    party = LookupField("customer", label=_("Customer"), widget=LookupInput("customer", autofocus=True))
    email = forms.EmailField(label=_("E-mail"))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class TakeBackForm(PersonForm):
    note = forms.CharField(
        label=_("Who asked for it, and when"), max_length=300, widget=forms.Textarea({"rows": 2, **WIDE})
    )


class WishForm(PersonForm):
    by_mail = forms.BooleanField(label=_("By e-mail"), required=False)
    by_sms = forms.BooleanField(label=_("By text message"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=Person.Language.choices)


class LinkForm(PersonForm):
    days = forms.IntegerField(label=_("Valid for days"), min_value=1, max_value=365, initial=30)
    told = forms.CharField(label=_("For whom"), max_length=200, required=False)
