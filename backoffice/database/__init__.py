"""What PostgreSQL itself enforces: functions, triggers, privileges and default rows, installed again after every migrate.

Table shapes live in migrations. Everything that can be replaced as a whole (functions, triggers, grants, the
rows every company needs) is declared next to its model and installed from here, so that the database always
says what the code says, and no session variable of a library can switch a rule off (docs/decisions/0002).
"""

from backoffice.database.declare import Trigger, append_only, defaults, read_only, trigger

__all__ = ["Trigger", "append_only", "defaults", "read_only", "trigger"]
