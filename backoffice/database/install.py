"""Installs functions, triggers, privileges and default rows; the same result however often it runs."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from backoffice.database.declare import DECLARED, Trigger

PREFIX = "bo_"  # the triggers that are ours; those of foreign keys and of extensions are left alone


def prepare() -> None:
    """What tables need before they can be made: extensions, and the one sequence of all documents."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(4211)")
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        cursor.execute("CREATE SEQUENCE IF NOT EXISTS document_id")


def install() -> None:
    """Make the database say what the code says. Needs the owner's connection."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(4211)")
        install_functions(cursor)
        keep_functions_to_themselves(cursor)
        install_triggers(cursor)
        if settings.RUNTIME_ROLE and owner(cursor) != settings.RUNTIME_ROLE:
            grant(cursor, settings.RUNTIME_ROLE)
    for make in DECLARED.defaults:
        with transaction.atomic():
            make()


def owner(cursor: CursorWrapper) -> str:
    cursor.execute("SELECT session_user")
    return str(cursor.fetchone()[0])


def install_functions(cursor: CursorWrapper) -> None:
    """Every `sql/*.sql` of every installed app, in the order of the apps."""
    for app in apps.get_app_configs():
        for file in sorted(Path(app.path, "sql").glob("*.sql")):
            cursor.execute(file.read_text(encoding="utf-8"))


OURS = """
    SELECT p.oid::regprocedure FROM pg_proc p
     WHERE p.pronamespace = current_schema()::regnamespace AND p.prorettype = 'trigger'::regtype
       AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
"""


def keep_functions_to_themselves(cursor: CursorWrapper) -> None:
    """A rule reads our tables, whatever temporary ones somebody puts before them, and hangs on no table of somebody's own.

    Otherwise the runtime role could show a rule an empty list of reviewers, or have the function that writes the
    history write what it likes.
    """
    cursor.execute(OURS)
    for (function,) in cursor.fetchall():
        cursor.execute(f"ALTER FUNCTION {function} SET search_path = public, pg_temp")
        cursor.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")


def install_triggers(cursor: CursorWrapper) -> None:
    """Create or replace the declared triggers, drop ours that are declared no more."""
    wanted = dict(DECLARED.triggers)
    for make in DECLARED.makers:
        wanted.update({(made.table, made.name): made for made in make()})
    cursor.execute(
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND t.tgname LIKE %s AND c.relnamespace = current_schema()::regnamespace",
        [PREFIX.replace("_", r"\_") + "%"],
    )
    for table, name in cursor.fetchall():
        if (table, name.removeprefix(PREFIX)) not in wanted:
            cursor.execute(f'DROP TRIGGER "{name}" ON "{table}"')
    for made in wanted.values():
        create_trigger(cursor, made)


def create_trigger(cursor: CursorWrapper, made: Trigger) -> None:
    name = f'"{PREFIX}{made.name}"'
    arguments = ", ".join("'" + argument.replace("'", "''") + "'" for argument in made.arguments)
    each = "STATEMENT" if made.statement else "ROW"
    body = f'{made.when} ON "{made.table}"' + (f" REFERENCING NEW TABLE AS {made.new_rows}" if made.new_rows else "")
    if made.deferred:
        cursor.execute(f'DROP TRIGGER IF EXISTS {name} ON "{made.table}"')
        cursor.execute(
            f"CREATE CONSTRAINT TRIGGER {name} {body} DEFERRABLE INITIALLY DEFERRED "
            f"FOR EACH ROW EXECUTE FUNCTION {made.function}({arguments})"
        )
    else:
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER {name} {body} FOR EACH {each} EXECUTE FUNCTION {made.function}({arguments})"
        )


def grant(cursor: CursorWrapper, role: str) -> None:
    """The runtime role may work with rows, never with tables; what the books hold it may only add to and read."""
    cursor.execute(f'GRANT USAGE ON SCHEMA public TO "{role}"')
    cursor.execute(f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{role}"')
    cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"')
    cursor.execute(f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"')
    cursor.execute(f'GRANT EXECUTE ON FUNCTION analyze_grown() TO "{role}"')
    for table in DECLARED.append_only:
        cursor.execute(f'REVOKE UPDATE, DELETE ON "{table}" FROM "{role}"')
    for table in DECLARED.read_only:
        cursor.execute(f'REVOKE INSERT, UPDATE, DELETE ON "{table}" FROM "{role}"')
    cursor.execute(f'REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM "{role}"')
