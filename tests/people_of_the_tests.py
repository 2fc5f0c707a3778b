"""People in every role, whose names are their roles."""

from itertools import count

import pytest

from backoffice.people.models import Department, Person, Role

_numbers = count(1)


def make_person(*roles: str, **fields) -> Person:
    """Somebody with these roles; two calls make two people."""
    number = next(_numbers)
    name = fields.pop("name", f"{'-'.join(roles) or 'nobody'} {number}")
    return Person.objects.create_user(
        username=fields.pop("username", f"p{number}"), name=name, roles=list(roles), email=f"p{number}@example.com",
        language=fields.pop("language", "en"), **fields,
    )  # fmt: skip


@pytest.fixture
def department(db) -> Department:
    return Department.objects.get_or_create(code="SALES", defaults={"name": "Sales"})[0]


def role_fixture(role: str):
    @pytest.fixture(name=role)
    def fixture(db, department):
        return make_person(role, department=department)

    return fixture


# One fixture for each role, named after it: `def test_…(assistant, manager, finance)`.
for _role in Role:
    globals()[_role.value] = role_fixture(_role.value)
