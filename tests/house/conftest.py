"""The rules of the house need the program loaded, but no database."""

import pytest
from django.urls import get_resolver


@pytest.fixture
def urls() -> object:
    """All addresses, which loads every page, form and list of the program."""
    return get_resolver().url_patterns
