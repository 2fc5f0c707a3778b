"""The payment plan as people type it, one part in a row: «30% 合同签订后7天内», «60% 发货前», «余款 验收后30天» (K1)."""

import re
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from backoffice import money
from backoffice.money import ZERO, Instalment, NotANumber, dues
from backoffice.refusals import Refused
from contracts.models import PlannedPayment

FIELD = "payment_plan"
PART = re.compile(
    r"(?:(?P<percent>\d{1,3}(?:\.\d+)?)\s*[%％]|(?P<rest>余款|剩余款?|尾款|rest|balance)|(?P<fixed>[¥￥]?[\d,.]+\s*万?))\s*元?\s*[:：,，]?\s*(?P<words>.*)",
    re.IGNORECASE,
)
DAY = re.compile(r"(\d{4})\s*[-/年.]\s*(\d{1,2})\s*[-/月.]\s*(\d{1,2})")
WITHIN = re.compile(r"(\d{1,4})\s*(?:个?工作日|天|日|days?)", re.IGNORECASE)
Event = PlannedPayment.Event
SAYS = (
    (Event.SHIPMENT, re.compile(r"发货前|发运前|提货前|before (?:dispatch|shipment|delivery)", re.IGNORECASE)),
    (Event.ACCEPTANCE, re.compile(r"验收|质保|acceptance|warranty", re.IGNORECASE)),
    (Event.INVOICE, re.compile(r"开票|发票|invoice", re.IGNORECASE)),
    (Event.DELIVERY, re.compile(r"到货|收货|交货|交付|delivery|receipt", re.IGNORECASE)),
    (Event.SIGNING, re.compile(r"签订|签署|签字|生效|signing|signature|signed", re.IGNORECASE)),
)


def read_plan(typed: str, *, total: Decimal) -> list[PlannedPayment]:
    """The parts in words and figures; they make up the whole, the last takes the rest. Refused in words where they do not."""
    rows = [text.strip() for text in typed.splitlines() if text.strip()]
    found = [_part(text, place) for place, text in enumerate(rows, start=1)]
    if found:
        _check_whole(found, total)
        _share_out(found, total)
    return found


def _part(text: str, place: int) -> PlannedPayment:
    match = PART.fullmatch(text)
    if match is None:
        raise Refused(
            _("Payment plan, row %(n)d: begin with a percentage, an amount or «余款», as in «30%% 合同签订后7天内».") % {"n": place}, field=FIELD
        )  # fmt: skip
    words = match["words"].strip()[:200]
    part = PlannedPayment(position=place, words=words, event=_event(words), on=_day(words, place))
    if part.on is not None:
        part.event = Event.DAY
    elif within := WITHIN.search(words):
        part.days = int(within[1])
    if match["percent"]:
        part.share = money.rate(Decimal(match["percent"]) / 100)
    elif match["fixed"]:
        part.fixed = _amount(match["fixed"], place)
    return part


def _event(words: str) -> str:
    return next((str(event) for event, said in SAYS if said.search(words)), "")


def _day(words: str, place: int) -> date | None:
    match = DAY.search(words)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        raise Refused(_("Payment plan, row %(n)d: there is no such day.") % {"n": place}, field=FIELD) from None


def _amount(typed: str, place: int) -> Decimal:
    try:
        return money.amount(money.parse_number(typed.replace("￥", "")))
    except NotANumber:
        raise Refused(
            _("Payment plan, row %(n)d: «%(typed)s» is no amount.") % {"n": place, "typed": typed}, field=FIELD
        ) from None


def _check_whole(parts: list[PlannedPayment], total: Decimal) -> None:
    """Without a value yet (a template, a contract without lines) only the percentages can be judged."""
    rests = [part for part in parts if part.share is None and part.fixed is None]
    if rests and rests != parts[-1:]:
        raise Refused(_("Payment plan: only the last row can be the rest."), field=FIELD)
    shares = [part.share for part in parts if part.share is not None]
    fixed = sum((part.fixed for part in parts if part.fixed is not None), ZERO)
    asked = money.amount(total * sum(shares, Decimal(0))) + fixed
    if sum(shares) > 1 or not all(shares) or (total and asked > total):
        raise Refused(_("Payment plan: its parts come to more than the whole."), field=FIELD)
    is_short = asked < total if total else shares and not fixed and sum(shares) < 1
    if is_short and not rests:
        raise Refused(
            _("Payment plan: its parts come to %(part)s of %(whole)s; the last row may be «余款».")
            % {"part": f"{asked:,.2f}", "whole": f"{total:,.2f}"},
            field=FIELD,
        )


def _share_out(parts: list[PlannedPayment], total: Decimal) -> None:
    """Amounts by the one rule for instalments: the last takes the rest."""
    for part in parts:
        part.amount = ZERO
    steps = [Instalment(percent=part.share, fixed=part.fixed, days=place) for place, part in enumerate(parts)]
    start = date(2000, 1, 1)
    for due in dues(total, start, steps) if total else ():
        parts[(due.on - start).days].amount = due.amount
