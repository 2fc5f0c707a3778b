"""Commands that change tables run as the owner of the database, whatever role the program runs as."""

from django.conf import settings
from django.db import connection


def act_as_owner() -> None:
    """Switch this process's connection to OWNER_DATABASE_URL, where one is given."""
    if settings.OWNER_DATABASE is None or settings.PLACE == "test":  # the suite is the owner already
        return
    connection.close()
    connection.close_pool()
    kept = {"ATOMIC_REQUESTS", "AUTOCOMMIT", "CONN_HEALTH_CHECKS", "TIME_ZONE", "TEST"}
    for name, value in settings.OWNER_DATABASE.items():
        if name not in kept:
            connection.settings_dict[name] = value
    connection.settings_dict["OPTIONS"] = {}
    connection.settings_dict["CONN_MAX_AGE"] = 0
