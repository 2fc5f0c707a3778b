"""What one asks the books for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.pages.fields import LookupField
from backoffice.pages.forms import PersonForm


class OfParty(PersonForm):
    """An account's ledger may be narrowed to one party."""

    party = LookupField("party", label=_("Party"), required=False)


class Decision(PersonForm):
    """A reason or remark beside what is done with a month."""

    note = forms.CharField(label=_("Remark"), required=False, max_length=500, widget=forms.Textarea({"rows": 2}))
