"""Offers and leads, each state reached as people reach it."""

from itertools import count
from typing import Any

from django.utils import timezone

from backoffice.people.models import Person
from customers.leads.models import Lead, Offer
from customers.leads.services import log_call, publish_offer, save_lead, save_offer

_numbers = count(1)


def draft_offer(by: Person, **given: Any) -> Offer:
    number = next(_numbers)
    start = {
        "code": f"east-{number}",
        "title": f"华东区经销商招募 {number}",
        "summary": "独家代理，首批铺货支持。",
        "text": "诚招华东经销商。",
    }
    return save_offer(Offer(**start | given), by=by)


def published_offer(by: Person, **given: Any) -> Offer:
    """`by` is a manager."""
    return publish_offer(draft_offer(by, **given), by=by)


def new_lead(by: Person, **given: Any) -> Lead:
    number = next(_numbers)
    start = {
        "name": f"意向商贸{number}有限公司",
        "phone": f"138{number:08}",
        "source": "fair",
        "came_on": timezone.localdate(),
    }
    return save_lead(Lead(), by=by, given=start | given)


def called_lead(by: Person, **given: Any) -> Lead:
    lead = new_lead(by, **given)
    log_call(lead, by=by, text="介绍产品，对方要样品。", happened_on=lead.came_on)
    lead.refresh_from_db()
    return lead
