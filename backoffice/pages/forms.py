"""What a person types: forms that know for whom they are."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .fields import LookupField


class ForPerson:
    """Gives a form's look-ups the person whose rows they may choose from, and keeps the first wrong field in focus."""

    is_restored = False

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        for field in self.fields.values():
            if isinstance(field, LookupField):
                field.person = field.widget.person = person
            elif field.widget.attrs.get("rows") == "10":  # Django's own measure: three times what a remark takes
                field.widget.attrs["rows"] = 3


class PersonForm(ForPerson, forms.Form):
    """A form of its own."""


class PersonModelForm(ForPerson, forms.ModelForm):
    """A form over a model's explicit fields; the view's `save` gives its cleaned data to a service."""


class StepForm(PersonForm):
    """What a step asks for. Its fields go to the service by their names, the note too."""

    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea({"rows": 3}), max_length=2000)

    def __init__(self, *args, step, document, **kwargs):
        super().__init__(*args, **kwargs)
        self.step, self.document = step, document
        if step.needs_note:
            self.fields["note"].required = True
            self.fields["note"].label = _("Reason")


class NoteForm(StepForm):
    """Nothing but a note."""
