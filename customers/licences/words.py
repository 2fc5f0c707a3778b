"""What a licence says, as people read it."""

from dataclasses import dataclass

from backoffice.parties.models import Party
from customers.licences.models import Licence
from customers.licences.selectors import billing_of


@dataclass(frozen=True, slots=True)
class Stated:
    """One line of the billing data: as verified, and as the archive has it now."""

    label: str
    stated: str
    now: str

    @property
    def differs(self) -> bool:
        return self.stated != self.now


def stated_rows(licence: Licence) -> list[Stated]:
    """The billing data that this licence states beside those of the archive; a draft states them when it is submitted."""
    if not licence.licence_kind.is_billing:
        return []
    now = billing_of(licence.party)
    said = licence.stated or now
    return [Stated(str(Party._meta.get_field(name).verbose_name), said.get(name, ""), now[name]) for name in now]
