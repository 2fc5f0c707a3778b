"""Fields in the words of a letter: `{customer}` or `{客户}` becomes what it stands for; what is no field is said before it is saved."""

import datetime
import re
from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from backoffice.parties.models import Party
from backoffice.refusals import Refused

FIELD = re.compile(r"\{([^{}\n]{1,30})\}")
# name, its Chinese name, what it becomes
FIELDS = (
    ("customer", "客户", gettext_lazy("the customer's name")),
    ("contact", "联系人", gettext_lazy("the contact person, else the customer")),
    ("code", "客户编码", gettext_lazy("the customer's code")),
    ("city", "城市", gettext_lazy("the customer's city")),
    ("salesperson", "业务员", gettext_lazy("their salesperson")),
    ("salesperson_phone", "业务员电话", gettext_lazy("the salesperson's telephone")),
    ("company", "公司", gettext_lazy("our company")),
    ("date", "日期", gettext_lazy("the day it is sent")),
)
NAMES = {word: english for english, chinese, _what in FIELDS for word in (english, chinese)}


def values_of(party: Party, *, contact: str, on: datetime.date) -> dict[str, str]:
    """What each field stands for in a letter to this customer."""
    owner = party.owner
    return {
        "customer": party.name, "contact": contact or party.name, "code": party.code, "city": party.city,
        "salesperson": owner.name if owner else "", "salesperson_phone": owner.phone if owner else "",
        "company": settings.COMPANY_NAME, "date": on.isoformat(),
    }  # fmt: skip


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled; braces round anything else stay as they were typed."""
    return FIELD.sub(lambda found: values.get(NAMES.get(found[1].strip(), ""), found[0]), text)


def check_fields(*, subject: str, body: str) -> None:
    """Refuse words in braces that are no field: they would stand in the letter as they are."""
    for name, text in (("subject", subject), ("body", body)):
        wrong = [word for word in FIELD.findall(text) if word.strip() not in NAMES]
        if wrong:
            raise Refused(
                _("There is no field %(names)s. Fields are: %(known)s.")
                % {"names": "、".join(f"{{{word}}}" for word in wrong), "known": known_fields()},
                code="fields",
                field=name,
            )


def known_fields() -> str:
    """The fields as one types them, in the reader's language."""
    place = 1 if (get_language() or "").startswith("zh") else 0
    return " ".join(f"{{{field[place]}}}" for field in FIELDS)
