"""Excel in: the sheet of salespeople says what each of them earns."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from backoffice.people.models import Person
from backoffice.sheets.fields import Field
from backoffice.sheets.salespeople import also_reads
from expenses.services import set_personal_rates


@also_reads(
    Field(
        "commission_rate",
        _("Commission"),
        ("Commission %", "提成比例", "提成率", "提成%"),
        kind="points",
        help=_("2.5 is 2.5 %."),
    )
)
def keep_commission_rates(pairs: list[tuple[Person, Decimal]], *, by: Person) -> None:
    """Each rate becomes a line of the plan of personal rates (E7)."""
    set_personal_rates(pairs, by=by)
