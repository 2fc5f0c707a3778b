"""The cards at the head of a customer's page: figures one acts on, each a link to its rows."""

import datetime
from urllib.parse import urlencode

from django.db.models import Count, Max, Min, Q, Sum
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from backoffice.pages.templatetags.show import day, short_money
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.register.models import Record
from customers.credit import Credit
from customers.models import Customer

Figure = dict[str, object]
OPEN_ORDER, ON_THE_WAY = ("submitted", "held", "approved"), ("dispatched",)
UNSOLVED = ("open", "working", "reported", "barred", "replaced")


def money_figures(customer: Customer, credit: Credit, person: Person) -> list[Figure]:
    """What they owe and how late it is."""
    ledger = _account(customer)
    late = (
        _("%(amount)s beyond the tolerance") % {"amount": f"{credit.overdue_beyond:,.2f}"}
        if credit.overdue_beyond
        else ""
    )
    return [
        {"label": _("Balance"), "value": short_money(credit.balance), "note": _advances(credit), "url": ledger},
        {
            "label": _("Overdue"),
            "value": short_money(credit.overdue),
            "note": late,
            "url": ledger,
            "tone": "bad" if credit.overdue else "",
        },
    ]


def _advances(credit: Credit) -> str:
    return _("advances %(amount)s") % {"amount": f"{credit.advances:,.2f}"} if credit.advances else ""


def usual_figures(party: Party, person: Person, *, on: datetime.date) -> list[Figure]:
    """Open orders, goods on the way, open cases and the year's orders, from the register of documents in one statement."""
    year = Q(kind="order", dated_on__year=on.year) & ~Q(state__in=("draft", "cancelled"))
    complaint = Q(kind="case", state__in=UNSOLVED)
    is_open, on_way = Q(kind="order", state__in=OPEN_ORDER), Q(kind="shipment", state__in=ON_THE_WAY)
    found = Record.objects.visible_to(person).filter(party=party).aggregate(
        open=Count("pk", filter=is_open), open_amount=Sum("amount", filter=is_open), on_way=Count("pk", filter=on_way),
        on_way_amount=Sum("amount", filter=on_way), year=Sum("amount", filter=year), last=Max("dated_on", filter=Q(kind="order")),
        cases=Count("pk", filter=complaint), since=Min("dated_on", filter=complaint),
    )  # fmt: skip
    orders = _rows("orders:list", party=party.pk, state=OPEN_ORDER)
    return [
        {"label": _("Open orders"), "value": found["open"], "note": short_money(found["open_amount"] or 0), "url": orders},
        {"label": _("Goods on the way"), "value": found["on_way"], "note": short_money(found["on_way_amount"] or 0),
         "url": _rows("shipments:list", party=party.pk, state=ON_THE_WAY)},
        {"label": _("Open cases"), "value": found["cases"], "tone": "bad" if found["cases"] else "",
         "note": _("since %(day)s") % {"day": day(found["since"])} if found["since"] else "", "url": _rows("cases:list", party=party.pk, unsolved=1)},
        {"label": _("Orders this year"), "value": short_money(found["year"] or 0),
         "note": _("last on %(day)s") % {"day": day(found["last"])} if found["last"] else "", "url": _rows("orders:list", party=party.pk)},
    ]  # fmt: skip


def _account(customer: Customer) -> str:
    """The page of what they owe, document by document."""
    try:
        return reverse("invoices:account", args=[customer.pk])
    except NoReverseMatch:
        return ""


def _rows(url_name: str, **filters: object) -> str:
    """The list with these rows; empty where a higher app has no such list."""
    try:
        return f"{reverse(url_name)}?{urlencode(filters, doseq=True)}"
    except NoReverseMatch:
        return ""
