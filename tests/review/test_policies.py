"""A review policy is changed by two people, whatever way is tried."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from backoffice.people.models import Role
from backoffice.refusals import Refused
from backoffice.review.models import Policy
from backoffice.review.policies import ask_policy_change, decide_policy_change

pytestmark = [pytest.mark.django_db, pytest.mark.duty("S4")]


def ask(by, **fields):
    wanted = {"amount_from": Decimal(0), "needed": 1, "roles": [Role.WAREHOUSE], "reason": "small orders", **fields}
    return ask_policy_change("review_shipment", by=by, **wanted)


def test_a_second_person_agrees_and_the_policy_changes(administrator, gm):
    decide_policy_change(ask(administrator), agree=True, by=gm)
    assert Policy.objects.get(step="review_shipment").needed == 1


def test_who_asked_cannot_agree(administrator):
    with pytest.raises(Refused, match="somebody else"):
        decide_policy_change(ask(administrator), agree=True, by=administrator)
    assert Policy.objects.get(step="review_shipment").needed == 2


def test_a_refused_change_changes_nothing_and_is_final(administrator, gm):
    change = decide_policy_change(ask(administrator), agree=False, by=gm)
    assert Policy.objects.get(step="review_shipment").needed == 2
    with pytest.raises(Refused, match="already"):
        decide_policy_change(change, agree=True, by=gm)


def test_other_roles_do_not_touch_policies(manager):
    with pytest.raises(Refused, match="administrators"):
        ask(manager)


def test_sql_cannot_lower_a_policy_without_the_two_people():
    with pytest.raises(DatabaseError, match="two people"), transaction.atomic():
        Policy.objects.filter(step="review_shipment").update(needed=1)
    with pytest.raises(DatabaseError, match="two people"), transaction.atomic():
        Policy.objects.filter(step="review_shipment").delete()


def test_the_last_row_of_a_policy_stays(administrator):
    with pytest.raises(Refused, match="last row"):
        ask(administrator, needed=0)
