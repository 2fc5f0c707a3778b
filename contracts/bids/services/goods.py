"""What a bid offers at which price, and the contract that takes it over (K5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice import money
from backoffice.audit import acting
from backoffice.documents.gate import check_seen, lock
from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.stock.lines import Goods
from backoffice.stock.models import Product
from contracts.bids import lifecycle
from contracts.bids.models import Bid, BidLine
from contracts.bids.services.bids import check_price, open_bid, price_of, save
from contracts.models import Contract
from contracts.services import save_contract
from customers.models import Customer


@dataclass(frozen=True, slots=True)
class Offered:
    """One line of goods as typed: a product of ours or in words, at a price with tax; `pk` of one that is there already."""

    name: str
    quantity: Decimal
    unit_price: Decimal
    product: Product | None = None
    unit: str = ""
    pk: int | None = None

    @property
    def amount(self) -> Decimal:
        return money.amount(self.quantity * self.unit_price)


def change_goods(bid: Bid, goods: Sequence[Offered], *, by: Person, version: int | None = None) -> Bid:
    """What we offer at which price while the bid is prepared; our price is what it comes to. K5"""
    with transaction.atomic(), acting(by, step="change_goods"):
        locked = open_bid(bid, by=by)
        check_seen(locked, version=version, fingerprint=None)
        there = {line.pk: line for line in locked.goods.all()}
        for position, one in enumerate(goods, start=1):
            line = there.pop(one.pk or 0, None) or BidLine(bid=locked)
            line.position, line.product, line.name, line.unit = position, one.product, one.name, one.unit
            line.quantity, line.unit_price, line.amount = one.quantity, one.unit_price, one.amount
            line.save()
        locked.goods.filter(pk__in=there).delete()
        locked.amount = price_of(locked)
        check_price(locked.amount, locked.ceiling)
        save(locked)
        return locked


def make_contract(bid: Bid, *, by: Person) -> Contract:
    """A draft of the contract with their data and the goods of the bid; made once. K5"""
    with transaction.atomic(), acting(by, step="make_contract_of_bid"):
        locked = lock(bid, by=by)
        if locked.state != lifecycle.WON.name:
            raise Refused(_("A contract is made from a bid that was won."), code="state")
        if locked.contract_id:
            return locked.contract
        customer = Customer.objects.filter(party=locked.party_id).select_related("term").first()
        if customer is None:
            raise Refused(_("%(party)s is no customer yet.") % {"party": locked.party}, code="party")
        today = timezone.localdate()
        header = {
            "party": locked.party, "title": locked.title, "external_number": locked.external_number, "dated_on": today, "starts_on": today,
            "term": customer.term, "salesperson": locked.salesperson, "note": in_words(locked),
        }  # fmt: skip
        locked.contract = save_contract(Contract(), by=by, header=header, lines=goods_won(locked))
        save(locked)
        return locked.contract


def goods_won(bid: Bid) -> list[Goods]:
    """Its products at the price it was given to us at: what was haggled off the whole is taken off each price."""
    share = bid.winning_price / bid.amount if bid.winning_price and bid.amount else Decimal(1)
    rows = bid.goods.exclude(product=None).select_related("product__unit")
    return [
        Goods(
            product=row.product, quantity=row.quantity, unit_price=money.unit_price(row.unit_price * share),
            tax_rate=row.product.tax_rate,
        )
        for row in rows
    ]  # fmt: skip


def in_words(bid: Bid) -> str:
    """Goods that are no product of ours yet, so that whoever writes the contract's lines forgets none."""
    rows = bid.goods.filter(product=None)
    named = [f"{row.name} {row.quantity.normalize():f} {row.unit} × {row.unit_price.normalize():f}" for row in rows]
    return _("Of the bid, not a product of ours yet: %(goods)s") % {"goods": "; ".join(named)} if named else ""
