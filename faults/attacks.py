"""What somebody with the program's own database password might try: statements over every protected table and column.

Each attack is a script of one transaction; its last statement must be refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from django.apps import apps
from django.db import models

from backoffice.database.declare import DECLARED
from backoffice.documents.enforcement import documents
from backoffice.documents.lines import DocumentLine
from backoffice.documents.models import Document
from backoffice.ledger.models import Item
from backoffice.people.models import Person
from orders.models import Order

OTHER = (  # another value of this kind of column
    (models.BooleanField, "NOT {c}"),
    ((models.ForeignKey, models.IntegerField, models.DecimalField, models.DurationField), "{c} + 1"),
    (models.DateTimeField, "{c} + interval '1 day'"),
    (models.DateField, "{c} + 1"),
    ((models.CharField, models.TextField, models.FileField), "left({c}, 10) || '!'"),
)


@dataclass(frozen=True, slots=True)
class Attack:
    """What is tried and the statements that do it."""

    aim: str
    script: tuple[str, ...]


def attack(aim: str, *script: str) -> Attack:
    return Attack(aim, script)


def protected() -> dict[str, type[models.Model]]:
    """The books: tables to which rows are only added, or which only triggers write."""
    return {**DECLARED.append_only, **DECLARED.read_only, Item._meta.db_table: Item}


def on_books() -> Iterator[Attack]:
    for table, model in sorted(protected().items()):
        yield from on_rows(table, model._meta.pk.column)
        yield from on_definition(table)
        for field in model._meta.concrete_fields:
            yield from on_column(table, model._meta.pk.column, field.column)
    for table in DECLARED.read_only:
        yield attack(f"add to {table}", f'INSERT INTO "{table}" SELECT * FROM "{table}" LIMIT 1')
        yield attack(f"copy into {table}", f'COPY "{table}" FROM STDIN')


def on_rows(table: str, key: str) -> Iterator[Attack]:
    aim = f"empty {table}"
    yield attack(aim, f'DELETE FROM "{table}"')
    yield attack(aim, f'DELETE FROM "{table}" AS t USING "{table}" AS o WHERE t."{key}" = o."{key}"')
    yield attack(aim, f'WITH gone AS (DELETE FROM "{table}" RETURNING 1) SELECT count(*) FROM gone')
    yield attack(aim, f'MERGE INTO "{table}" t USING "{table}" o ON t."{key}" = o."{key}" WHEN MATCHED THEN DELETE')
    yield attack(aim, f'TRUNCATE "{table}"')
    yield attack(aim, f'TRUNCATE "{table}" CASCADE')
    yield attack(aim, f"DO $$ BEGIN EXECUTE 'DELETE FROM \"{table}\"'; END $$")
    yield attack(aim, f'CREATE TEMP VIEW w AS SELECT * FROM "{table}"', "DELETE FROM w")
    yield attack(aim, "SET LOCAL session_replication_role = replica", f'DELETE FROM "{table}"')
    yield attack(f"write {table} from a file", f"""COPY "{table}" FROM '/etc/passwd'""")
    yield attack(f"write {table} from a program", f"COPY \"{table}\" FROM PROGRAM 'true'")


def on_definition(table: str) -> Iterator[Attack]:
    aim = f"change the rules of {table}"
    for words in (
        "DISABLE TRIGGER ALL", "DISABLE TRIGGER USER", "DISABLE RULE ALL", "ENABLE ROW LEVEL SECURITY", "OWNER TO CURRENT_USER",
        "RENAME TO elsewhere", "ADD COLUMN more int", "SET SCHEMA pg_temp", "SET UNLOGGED", "INHERIT people_person",
    ):  # fmt: skip
        yield attack(aim, f'ALTER TABLE "{table}" {words}')
    yield attack(aim, f'DROP TABLE "{table}" CASCADE')
    yield attack(aim, f'CREATE RULE r AS ON INSERT TO "{table}" DO INSTEAD NOTHING')
    yield attack(
        aim,
        f'CREATE TRIGGER z BEFORE INSERT ON "{table}" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
    )
    yield attack(aim, f'CREATE POLICY p ON "{table}" USING (true)')
    yield attack(aim, f'DROP TRIGGER bo_append_only ON "{table}"')


def on_column(table: str, key: str, column: str) -> Iterator[Attack]:
    """As itself: not even a value that stays the same may be written."""
    aim, c, k = f"change {table}.{column}", f'"{column}"', f'"{key}"'
    changed = f"SET {c} = o.{c}"
    yield attack(aim, f'UPDATE "{table}" SET {c} = {c}')
    yield attack(aim, f'UPDATE ONLY "{table}" AS t {changed} FROM "{table}" AS o WHERE t.{k} = o.{k}')
    yield attack(aim, f'WITH new AS (UPDATE "{table}" SET {c} = {c} RETURNING 1) SELECT count(*) FROM new')
    yield attack(aim, f'EXPLAIN ANALYZE UPDATE "{table}" SET {c} = {c}')
    yield attack(aim, f'MERGE INTO "{table}" t USING "{table}" o ON t.{k} = o.{k} WHEN MATCHED THEN UPDATE {changed}')
    yield attack(aim, f'CREATE TEMP VIEW w AS SELECT * FROM "{table}"', f"UPDATE w SET {c} = {c}")
    yield attack(aim, f'PREPARE p AS UPDATE "{table}" SET {c} = {c}', "EXECUTE p")
    yield attack(
        aim, f'INSERT INTO "{table}" OVERRIDING SYSTEM VALUE SELECT * FROM "{table}" ON CONFLICT ({k}) DO UPDATE SET {c} = excluded.{c}'
    )  # fmt: skip
    yield attack(aim, f'ALTER TABLE "{table}" DROP COLUMN {c}')
    yield attack(aim, f'ALTER TABLE "{table}" ALTER COLUMN {c} SET DEFAULT NULL')


def on_documents() -> Iterator[Attack]:
    """Whatever is content of what is fixed, and every change of state that is no step or wants agreement."""
    for model in documents():
        fixed = [state.name for state in model.lifecycle.states if not state.editable]
        row = model.objects.filter(state__in=fixed).order_by("pk").last()
        if row is None:
            continue
        table = model._meta.db_table
        yield attack(f"delete {table}", f'DELETE FROM "{table}" WHERE id = {row.pk}')
        movable = {*Document.BOOKKEEPING, *model.movable, "created_at"} - {"number", "created_at"}
        for field in model._meta.concrete_fields:
            if field.column not in movable and getattr(row, field.attname) is not None:
                yield attack(
                    f"change {table}.{field.column}", f'UPDATE "{table}" SET {changed(field)} WHERE id = {row.pk}'
                )
        yield from on_states(model, row)
    yield from on_reviews_reused()


def on_states(model: type[Document], row: Document) -> Iterator[Attack]:
    cycle, table = model.lifecycle, model._meta.db_table
    for step, target in product(cycle.steps, cycle.states):
        is_step = row.get_state() in step.sources and target in step.targets
        if target.name != row.state and not (is_step and not step.reviewed):
            yield attack(
                f"{step.name}: {row.state} → {target}", f"SELECT set_config('backoffice.step', '{step.name}', true)",
                f"UPDATE \"{table}\" SET state = '{target}' WHERE id = {row.pk}",
            )  # fmt: skip


def on_lines() -> Iterator[Attack]:
    for model in apps.get_models():
        if not issubclass(model, DocumentLine):
            continue
        document = model._meta.get_field(model.document_field)
        states = [state.name for state in document.related_model.lifecycle.states if not state.editable]
        row = model.objects.filter(**{f"{model.document_field}__state__in": states}).order_by("pk").last()
        if row is None:
            continue
        table = model._meta.db_table
        yield attack(f"delete {table}", f'DELETE FROM "{table}" WHERE id = {row.pk}')
        for field in model._meta.concrete_fields:
            if field.name not in model.COUNTERS and getattr(row, field.attname) is not None:
                yield attack(
                    f"change {table}.{field.column}", f'UPDATE "{table}" SET {changed(field)} WHERE id = {row.pk}'
                )


def changed(field: models.Field) -> str:
    other = next((words for kinds, words in OTHER if isinstance(field, kinds)), "NULL")
    return f'"{field.column}" = ' + other.format(c=f'"{field.column}"')


def on_reviews_reused() -> Iterator[Attack]:
    """An agreement to one content is not carried over to another by turning round and fingerprint back."""
    order = Order.objects.filter(state="submitted").first()
    if order is not None:
        yield attack("go back a round", f"UPDATE orders_order SET round = round - 1 WHERE id = {order.pk}")
        yield attack("go on a round", f"UPDATE orders_order SET round = round + 1 WHERE id = {order.pk}")
        yield attack(
            "another fingerprint", f"UPDATE orders_order SET fingerprint = repeat('0', 64) WHERE id = {order.pk}"
        )


def on_functions() -> Iterator[Attack]:
    """The functions that hold the rules: replaced, called, hung on tables of one's own."""
    names = (
        "guard_document", "freeze_line", "audit_row", "register_document", "refuse_change", "ledger_entry_open", "ledger_allocation_kept",
        "ledger_item_fixed", "ledger_entry_balanced", "guard_reviewer", "guard_policy",
    )  # fmt: skip
    for name in names:
        nothing = "RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
        yield attack(f"replace {name}", f"CREATE OR REPLACE FUNCTION public.{name}() {nothing}")
        yield attack(f"drop {name}", f"DROP FUNCTION public.{name}() CASCADE")
        yield attack(f"alter {name}", f"ALTER FUNCTION public.{name}() SECURITY INVOKER")
        yield attack(f"call {name}", f"SELECT public.{name}()")
        yield attack(
            f"hang {name} on a table of one's own", "CREATE TEMP TABLE mine (id bigint)",
            f"CREATE TRIGGER t AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION public.{name}('order', '', '')",
        )  # fmt: skip


def on_rights(owner: str) -> Iterator[Attack]:
    for words in (
        f"SET ROLE {owner}", f"SET SESSION AUTHORIZATION {owner}", "SET ROLE postgres", "SET session_replication_role = replica",
        "ALTER ROLE CURRENT_USER SUPERUSER", "ALTER ROLE CURRENT_USER SET session_replication_role = replica",
        f"GRANT {owner} TO CURRENT_USER", "CREATE ROLE another",
        "CREATE TABLE public.mine (id int)", "CREATE SCHEMA mine", "CREATE EXTENSION dblink", "CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION f()",
        "SELECT pg_read_file('/etc/passwd')", "SELECT lo_import('/etc/passwd')", "SELECT pg_reload_conf()", "ALTER SYSTEM SET fsync = off",
        "REASSIGN OWNED BY CURRENT_USER TO postgres", "ALTER DATABASE backoffice SET session_replication_role = replica",
        "UPDATE pg_class SET relowner = 10", "DELETE FROM pg_trigger", "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())",
    ):  # fmt: skip
        yield attack(words.split(" TO ")[0][:60], words)


def on_granted() -> Iterator[Attack]:
    """PostgreSQL answers such a grant with a warning; that it gave nothing is shown by what comes after it."""
    for table in protected():
        yield attack("grant to oneself", f'GRANT ALL ON "{table}" TO CURRENT_USER', f'TRUNCATE "{table}"')


def shadowed(reviewer: Person, posted_on: str) -> Iterator[Attack]:
    """Tables of one's own, put before the real ones, from which a rule would read what it likes to hear."""
    order = Order.objects.filter(state="submitted").first()
    approved = Order.objects.filter(state__in=("approved", "done")).first()
    hang = "CREATE TEMP TABLE {0} AS SELECT * FROM public.{0} LIMIT 0"
    first = "SET LOCAL search_path = pg_temp, public"
    month = f"'{posted_on}'::date"
    yield attack(
        "post into a closed month by a calendar of one's own", hang.format("ledger_accountingperiod"),
        "INSERT INTO pg_temp.ledger_accountingperiod (id, year, month, state) SELECT id, year, month, 'open' FROM public.ledger_accountingperiod",
        first,
        f"INSERT INTO public.ledger_entry (posted_on, period_id, event, memo, amount, posted_by_id, posted_at, xid) SELECT {month}, p.id, 'money_confirmed', '', 0, {reviewer.pk}, now(), 0 "
        f"FROM public.ledger_accountingperiod p WHERE p.year = extract(year FROM {month}) AND p.month = extract(month FROM {month})",
    )  # fmt: skip
    yield attack(
        "review one's own order by an empty list of hands", hang.format("review_hand"), hang.format("register_record"), first,
        f"INSERT INTO public.review_review (record_id, step, round, person_id, fingerprint, note, at) "
        f"SELECT {order.pk}, 'approve_order', {order.round}, {order.author_id}, '{order.fingerprint}', '', now()",
    )  # fmt: skip
    yield attack(
        "approve by steps of one's own", hang.format("documents_transition"),
        "INSERT INTO pg_temp.documents_transition (id, kind, step, source, target, is_reviewed) VALUES (1, 'order', 'approve_order', 'submitted', 'approved', false)",
        first, "SELECT set_config('backoffice.step', 'approve_order', true)",
        f"UPDATE public.orders_order SET state = 'approved' WHERE id = {order.pk}",
    )  # fmt: skip
    yield attack(
        "change fixed lines by states of one's own", hang.format("documents_knownstate"),
        "INSERT INTO pg_temp.documents_knownstate SELECT id, kind, state, true, is_initial FROM public.documents_knownstate", first,
        f"UPDATE public.orders_orderline SET quantity = quantity + 1 WHERE order_id = {approved.pk}",
    )  # fmt: skip
    yield attack(
        "change an open item from inside a trigger of one's own", "CREATE TEMP TABLE mine (id bigint)",
        "CREATE FUNCTION pg_temp.reach() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN UPDATE public.ledger_item SET allocated = amount WHERE allocated < amount; RETURN NULL; END$$",
        "CREATE TRIGGER t AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION pg_temp.reach()", "INSERT INTO mine VALUES (1)",
    )  # fmt: skip
    yield attack(
        "a number that the counter did not give", "INSERT INTO public.numbering_given (series_id, year, place, at) SELECT id, 2026, 900000, now() FROM public.numbering_series LIMIT 1"
    )  # fmt: skip
    for words in (
        "UPDATE numbering_counter SET last = last - 1",
        "UPDATE numbering_counter SET last = last + 5",
        "DELETE FROM numbering_counter",
    ):
        yield attack("turn a counter", words)
