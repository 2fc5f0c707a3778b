"""Licences in every state, each reached by the steps that people take."""

import datetime
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from backoffice.people.models import Person
from customers.licences.models import Licence, LicenceKind
from customers.licences.services import (
    cancel_licence,
    revoke_licence,
    save_licence,
    submit_licence,
    verify_licence,
)
from customers.models import Customer
from tests.making_contracts import SCAN

_numbers = count(1)


def a_scan(name: str = "licence.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, SCAN, "application/pdf")


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days)


def kind(code: str = "BUSINESS") -> LicenceKind:
    return LicenceKind.objects.get(code=code)


def draft_licence(
    customer: Customer, *, by: Person, code: str = "BUSINESS", with_scan: bool = True, **more: Any
) -> Licence:
    header = {
        "party": customer.party, "licence_kind": kind(code), "external_number": f"91330000{next(_numbers):010}", "issuer": "杭州市市场监督管理局",
        "valid_from": in_days(-700), "valid_until": in_days(400), **more,
    }  # fmt: skip
    return save_licence(Licence(), by=by, header=header, scan=a_scan() if with_scan else None)


def submitted_licence(customer: Customer, *, by: Person, **more: Any) -> Licence:
    return submit_licence(draft_licence(customer, by=by, **more), by=by)


def verified_licence(customer: Customer, *, by: Person, verified_by: Person, **more: Any) -> Licence:
    return verify_licence(submitted_licence(customer, by=by, **more), by=verified_by)


def revoked_licence(customer: Customer, *, by: Person, verified_by: Person, **more: Any) -> Licence:
    licence = verified_licence(customer, by=by, verified_by=verified_by, **more)
    return revoke_licence(licence, by=verified_by, note="withdrawn by the authority")


def cancelled_licence(customer: Customer, *, by: Person, **more: Any) -> Licence:
    return cancel_licence(draft_licence(customer, by=by, **more), by=by)
