"""Market notes and competitors, as people write them."""

from decimal import Decimal
from itertools import count

from django.utils import timezone

from backoffice.people.models import Person
from backoffice.stock.models import Product
from customers.market.models import Competitor, MarketNote
from customers.market.services import save_competitor, save_market_note

_numbers = count(1)


def market_note(by: Person, **given) -> MarketNote:
    usual = {
        "kind": "move", "noted_on": timezone.localdate(), "text": "同行在华东招代理", "product": None, "region": None, "competitor": None,
        "their_product": "", "price": None, "source": "customer", "party": None,
    }  # fmt: skip
    return save_market_note(MarketNote(), by=by, given=usual | given)


def price_note(by: Person, product: Product, price: str | int, **given) -> MarketNote:
    return market_note(by, kind="price", text="", product=product, price=Decimal(price), **given)


def make_competitor(by: Person, **given) -> Competitor:
    usual = {"name": f"示例同行{next(_numbers)}", "brands": "某牌", "note": "", "is_active": True}
    return save_competitor(Competitor(), by=by, given=usual | given)
