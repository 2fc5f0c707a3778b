"""Customers and changes of their data, each state reached by real steps."""

from decimal import Decimal
from itertools import count
from typing import Any

from backoffice.people.models import Person
from customers.changes import apply_customer_change, cancel_customer_change, request_change, submit_customer_change
from customers.merging import merge_customers, request_merge, submit_customer_merge
from customers.models import Customer, CustomerChange, CustomerMerge, PaymentTerm
from customers.services import take_over_customer

_numbers = count(1)
TAX_NO = "91110000802100433B"


def term(code: str = "N30") -> PaymentTerm:
    return PaymentTerm.objects.get(code=code)


def make_customer(by: Person, **given: Any) -> Customer:
    """A customer with credit, as a take-over brings them; `by` owns it unless an owner is given."""
    number = next(_numbers)
    start = {
        "code": f"K{number:05d}", "name": f"示例贸易{number}有限公司", "owner": by, "term": term(),
        "credit_limit": Decimal("50000.00"), "tax_no": TAX_NO,
    }  # fmt: skip
    return take_over_customer(by=Person.objects.system(), given=start | given)


def draft_change(customer: Customer, *, by: Person, **wanted: Any) -> CustomerChange:
    return request_change(customer, by=by, wanted=wanted or {"credit_limit": Decimal(80000)}, reason="bigger orders")


def submitted_change(customer: Customer, *, by: Person, **wanted: Any) -> CustomerChange:
    return submit_customer_change(draft_change(customer, by=by, **wanted), by=by)


def applied_change(customer: Customer, *, by: Person, agreed_by: Person, **wanted: Any) -> CustomerChange:
    return apply_customer_change(submitted_change(customer, by=by, **wanted), by=agreed_by)


def cancelled_change(customer: Customer, *, by: Person, **wanted: Any) -> CustomerChange:
    return cancel_customer_change(draft_change(customer, by=by, **wanted), by=by)


def draft_merge(kept: Customer, merged: Customer, *, by: Person, **picks: str) -> CustomerMerge:
    """`merged` is to go into `kept`; `picks` as on the form: `party_phone="taken"`, `customer_tags="both"`."""
    return request_merge(kept, merged, by=by, picks=picks, reason="the same company")


def submitted_merge(kept: Customer, merged: Customer, *, by: Person, **picks: str) -> CustomerMerge:
    return submit_customer_merge(draft_merge(kept, merged, by=by, **picks), by=by)


def done_merge(kept: Customer, merged: Customer, *, by: Person, agreed_by: Person, **picks: str) -> CustomerMerge:
    return merge_customers(submitted_merge(kept, merged, by=by, **picks), by=agreed_by)
