"""Tax numbers 纳税人识别号: the unified social credit code of a company proves itself by its last character (GB 32100)."""

from django.utils.translation import gettext as _

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
OLD_LENGTHS = (15, 20)  # numbers from before 2015, still on old papers
HOME = ("", "中国", "china", "cn", "chn", "prc", "中华人民共和国")


def tidy(tax_no: str) -> str:
    """As it stands on paper: capitals, without blanks and hyphens."""
    return "".join(c for c in tax_no.upper() if c.isalnum())


def check_sign(first_17: str) -> str:
    """The 18th character that belongs to the first 17 (GB 32100-2015)."""
    total = sum(SIGNS.index(sign) * weight for sign, weight in zip(first_17, WEIGHTS, strict=True))
    return SIGNS[-total % 31]


def fault(tax_no: str, *, country: str = "", is_individual: bool = False) -> str:
    """What is wrong with a tax number, in words; empty when nothing is. Other countries have other rules and pass."""
    if not tax_no or is_individual or country.strip().casefold() not in HOME:
        return ""
    if len(tax_no) in OLD_LENGTHS and tax_no.isascii() and tax_no.isalnum():
        return ""
    if len(tax_no) != 18:
        return _("A unified social credit code has 18 characters; this has %(count)d.") % {"count": len(tax_no)}
    if wrong := sorted(set(tax_no) - set(SIGNS)):
        return _("«%(signs)s» cannot stand in a unified social credit code.") % {"signs": " ".join(wrong)}
    if check_sign(tax_no[:17]) != tax_no[17]:
        return _("The last character does not fit the others: please compare with the licence.")
    return ""
