"""Factories, one per state, each by real steps: what a test needs is made as people would make it."""

import datetime
from decimal import Decimal
from itertools import count
from typing import Any

import factory

from backoffice.parties.models import Party
from backoffice.stock.models import Category, Product, Unit

TODAY = datetime.date(2026, 3, 10)
_numbers = count(1)


class PartyFactory(factory.django.DjangoModelFactory):
    """A customer as the archive has it; give `owner` to say whose."""

    class Meta:
        model = Party

    code = factory.Sequence(lambda n: f"C{n:05d}")
    name = factory.Sequence(lambda n: f"示例客户{n}有限公司")
    is_customer = True

    @classmethod
    def _create(cls, model_class: type[Party], *args: Any, **kwargs: Any) -> Party:
        party = model_class(*args, **kwargs)
        party.fill_search()
        party.save()
        return party


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product

    code = factory.Sequence(lambda n: f"P{n:05d}")
    name = factory.Sequence(lambda n: f"示例产品{n}")
    list_price = Decimal("113.00")
    cost_price = Decimal("60.00")
    tax_rate = Decimal("0.13")

    @classmethod
    def _create(cls, model_class: type[Product], *args: Any, **kwargs: Any) -> Product:
        kwargs.setdefault("unit", Unit.objects.get(name="件"))
        product = model_class(*args, **kwargs)
        product.fill_search()
        product.save()
        return product


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category

    code = factory.Sequence(lambda n: f"K{n:03d}")
    name = factory.Sequence(lambda n: f"类别{n}")
