"""What people type about targets."""

from decimal import Decimal

from backoffice.pages.fields import MoneyField
from backoffice.pages.forms import PersonForm
from backoffice.people.models import Person, Role
from reports.models import Target


class TargetForm(PersonForm):
    """An amount for each salesperson; empty takes the target away."""

    def __init__(self, *args, month, **kwargs):
        super().__init__(*args, **kwargs)
        kept = dict(Target.objects.filter(month=month.first).values_list("person_id", "amount"))
        self.people = list(sellers(self.person))
        for seller in self.people:
            field = MoneyField(label=seller.name, required=False, min_value=Decimal(0), initial=kept.get(seller.pk))
            self.fields[f"target-{seller.pk}"] = field

    @property
    def amounts(self) -> dict[Person, Decimal | None]:
        return {seller: self.cleaned_data.get(f"target-{seller.pk}") for seller in self.people}


def sellers(person: Person):
    """The salespeople whose targets this person sets: a manager those of the department and below."""
    rows = Person.objects.with_role(Role.SALESPERSON).order_by("name")
    if person.sees_everything or person.department is None:
        return rows
    return rows.filter(department__in=person.department.with_below())
