"""Words of the house that no password may be made of: whoever knows the company guesses them first."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from backoffice.people.models import Person, Role

HOUSE_WORDS = {"backoffice", "password", "mima", "welcome", "salesoffice", *(role.value for role in Role)}
SHORTEST_REST = 8


class HouseWordsValidator:
    """Refuses a password of which little is left once the words of the house, digits and signs are taken out."""

    def validate(self, password: str, user: Person | None = None) -> None:
        company = re.findall(r"\w{2,}", settings.COMPANY_NAME.casefold())
        rest = password.casefold()
        for word in sorted({*HOUSE_WORDS, *company}, key=len, reverse=True):
            rest = rest.replace(word, "")
        letters = re.sub(r"[\W\d_]", "", rest)
        if rest != password.casefold() and len(letters) < SHORTEST_REST:
            raise ValidationError(
                _("The password is made of words everybody in the company knows."), code="house_words"
            )

    def get_help_text(self) -> str:
        return _("Your password is not made of the company's name, of roles or of the program's name.")
