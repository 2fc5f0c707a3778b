"""The only functions that write rhythms, calls and visits, telephone-sales plans, and receptions."""

from customers.visits.services.plans import add_to_plan, close_plan, save_plan
from customers.visits.services.receptions import (
    WantedItem,
    approve_reception,
    cancel_reception,
    host_reception,
    reopen_reception,
    return_reception,
    save_reception,
    settle_reception,
    submit_reception,
)
from customers.visits.services.rhythms import plan_rhythms, save_rhythms, save_wish
from customers.visits.services.talking import Result, drop_visit, make_visit, plan_visit, put_off, record_talk

__all__ = [
    "Result", "WantedItem", "add_to_plan", "approve_reception", "cancel_reception", "close_plan", "drop_visit", "host_reception",
    "make_visit", "plan_rhythms", "plan_visit", "put_off", "record_talk", "reopen_reception", "return_reception", "save_plan", "save_reception", "save_rhythms",
    "save_wish", "settle_reception", "submit_reception",
]  # fmt: skip
