"""The tabs that everybody has, and the navigation, ask each list only for what it knows."""

import pytest
from django.test import Client
from django.urls import get_resolver

from backoffice.lists.declared import REGISTRY, NotAsked
from backoffice.people.models import Role
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("R4")]


def test_every_tab_of_every_list_is_a_question_it_knows():
    assert get_resolver().url_patterns, "loads every list of the program"
    person = make_person(*Role.values)
    wrong = {}
    for name, declared in REGISTRY.items():
        for _words, query in declared.views:
            try:
                declared(person, query)
            except NotAsked as refusal:
                wrong[f"{name}?{query}"] = str(refusal)
    assert wrong == {}


@pytest.mark.parametrize("role", Role.values)
def test_whoever_follows_the_navigation_arrives(client: Client, role):
    client.force_login(make_person(role))
    page = client.get("/", follow=True)
    addresses = [item["entry"].url for section in page.context["nav"] for item in section["entries"]]
    wrong = {url: status for url in addresses if (status := client.get(url).status_code) != 200}
    assert addresses and wrong == {}
