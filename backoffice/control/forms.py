"""What an administrator types."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.control.words import reviewed_steps
from backoffice.pages.fields import LookupField, LookupsField, MoneyField
from backoffice.pages.forms import PersonForm, PersonModelForm
from backoffice.people.models import Department, Person, Region, Role
from backoffice.review.models import Policy


class AccountForm(PersonModelForm):
    """An account without its password, which has a page of its own."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role, required=False, widget=forms.CheckboxSelectMultiple({"span": True})
    )
    region = LookupField("region", label=_("Region"), required=False)
    serves = forms.ModelMultipleChoiceField(
        Person.objects.with_role(Role.SALESPERSON), label=_("Serves the salespeople"), required=False,
        widget=forms.CheckboxSelectMultiple({"span": True}),
        help_text=_("A sales assistant sees the customers of the salespeople they serve."),
    )  # fmt: skip
    serves_regions = LookupsField(
        "region", label=_("Serves the regions"), required=False,
        help_text=_("And all customers of these regions, with the regions below them."),
    )  # fmt: skip

    class Meta:
        model = Person
        fields = (
            "username", "name", "employee_no", "title", "email", "phone", "department", "region", "language",
            "is_active", "roles", "serves", "serves_regions",
        )  # fmt: skip


class DepartmentForm(PersonModelForm):
    class Meta:
        model = Department
        fields = ("code", "name", "parent")


class RegionForm(PersonModelForm):
    parent = LookupField("region", label=_("Belongs to"), required=False)

    class Meta:
        model = Region
        fields = ("code", "name", "parent")


class PasswordForm(PersonForm):
    """A new password for somebody: all there is to say is whether their telephone is lost as well."""

    lost_factor = forms.BooleanField(
        label=_("The telephone with the second factor is lost as well"), required=False,
        help_text=_("It is taken off; a new one is asked for at the next sign-in. Make sure whom you have before you."),
    )  # fmt: skip


class PolicyForm(PersonForm):
    """What one person asks for and a second one decides."""

    step = forms.ChoiceField(label=_("Step"), choices=reviewed_steps)
    amount_from = MoneyField(label=_("From amount"), min_value=0)
    needed = forms.IntegerField(
        label=_("People needed"), min_value=0, max_value=5, help_text=_("0 removes this row of the policy.")
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles that may agree"), choices=Role, required=False,
        widget=forms.CheckboxSelectMultiple({"span": True}),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3, "span": True}))

    @staticmethod
    def as_it_stands(policy: Policy) -> dict:
        return {"step": policy.step, "amount_from": policy.amount_from, "needed": policy.needed, "roles": policy.roles}
