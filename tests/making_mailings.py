"""Mailings, messages and private links, each state reached by the services."""

import datetime
from typing import Any

from django.utils import timezone

from backoffice.people.models import Person
from backoffice.register.models import Record
from customers.mailings.models import Mailing
from customers.mailings.services import (
    cancel_mailing,
    hand_over_mailing,
    make_link,
    plan_mailing,
    save_mailing,
    send_mailing,
)
from customers.models import Contact, Customer
from customers.services import save_contact

BODY = "尊敬的{联系人}：\n\n{客户}的新品目录已经印好，业务员 {业务员} 会与您联系。"


def with_contact(customer: Customer, email: str, *, by: Person, **more: Any) -> Contact:
    contact = Contact(**{"party": customer.party, "name": "王芳", "email": email, "is_main": True} | more)
    return save_contact(contact, by=by)


def draft_mailing(by: Person, **given: Any) -> Mailing:
    start = {
        "title": "新品目录", "way": "mail", "reach": "main", "audience": "", "left_out": [], "subject": "{客户}：新品目录", "body": BODY,
    }  # fmt: skip
    return save_mailing(Mailing(), by=by, given=start | given)


def planned_mailing(by: Person, *, hours: int = 20, **given: Any) -> Mailing:
    moment = timezone.localtime() + datetime.timedelta(hours=hours)
    return plan_mailing(draft_mailing(by, **given), by=by, on=moment.date(), at=moment.time())


def sending_mailing(by: Person, **given: Any) -> Mailing:
    return send_mailing(draft_mailing(by, **given), by=by)


def sent_mailing(by: Person, **given: Any) -> Mailing:
    mailing = sending_mailing(by, **given)
    hand_over_mailing(mailing.pk, by=by)
    return Mailing.objects.get(pk=mailing.pk)


def cancelled_mailing(by: Person, **given: Any) -> Mailing:
    return cancel_mailing(draft_mailing(by, **given), by=by)


def secret_of(document: Any, *, by: Person) -> str:
    """The secret in the address of a new private link to this document."""
    _link, address = make_link(Record.objects.get(pk=document.pk), by=by)
    return address.rstrip("/").rpartition("/")[2]
