"""PostgreSQL holds the truth: what the runtime role may not do, it cannot do."""

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction

from backoffice.audit import acting
from backoffice.audit.models import Event
from backoffice.database.copying import copy_objects
from backoffice.database.declare import DECLARED
from backoffice.database.install import OURS
from backoffice.parties.search import search_key
from backoffice.register.models import Dossier
from tests.making import PartyFactory

pytestmark = pytest.mark.django_db
OURS_IN_FULL = OURS.replace("p.oid::regprocedure", "p.proname, p.proconfig")


def refused(sql: str) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    return str(caught.value)


@pytest.mark.duty("F9")
def test_the_program_runs_as_the_runtime_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)")
        assert cursor.fetchone() == ("backoffice_app", False)


@pytest.mark.duty("F9")
@pytest.mark.parametrize("table", sorted({**DECLARED.append_only, **DECLARED.read_only}))
def test_books_are_not_changed_or_emptied_by_sql(table):
    key = {model._meta.db_table: model._meta.pk.column for model in apps.get_models()}[table]
    for sql in (f'UPDATE "{table}" SET {key} = {key}', f'DELETE FROM "{table}"', f'TRUNCATE "{table}" CASCADE'):
        assert "permission denied" in refused(sql)


@pytest.mark.duty("F9")
@pytest.mark.parametrize("table", sorted(DECLARED.read_only))
def test_what_triggers_write_nobody_else_writes(table):
    assert "permission denied" in refused(f'INSERT INTO "{table}" DEFAULT VALUES')


def test_no_rule_is_switched_off_by_the_runtime_role():
    assert "must be owner" in refused("ALTER TABLE review_review DISABLE TRIGGER ALL")
    assert "permission denied" in refused("SET session_replication_role = replica")


def test_no_rule_reads_a_table_that_somebody_puts_before_ours():
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT proname, proconfig FROM ({OURS_IN_FULL}) AS f")
        loose = [name for name, config in cursor.fetchall() if "search_path=public, pg_temp" not in (config or [])]
    assert not loose


def test_nobody_hangs_our_functions_on_a_table_of_their_own():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE mine (id bigint)")
        for name in ("audit_row", "register_document", "ledger_allocation_kept"):
            words = refused(
                f"CREATE TRIGGER t AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION {name}('order', '', '')"
            )
            assert "permission denied for function" in words
        cursor.execute("DROP TABLE mine")


@pytest.mark.duty("C8")
def test_a_change_of_master_data_is_kept_with_before_and_after(assistant):
    with transaction.atomic(), acting(assistant, step="change_customer", note="moved"):
        party = PartyFactory(city="杭州")
        party.city = "上海"
        party.save()
    event = Event.objects.filter(table="parties_party", row=party.pk, operation="U").get()
    assert event.changed == {"city": ["杭州", "上海"]}
    assert (event.person, event.step, event.note, event.party_id) == (assistant, "change_customer", "moved", party.pk)


def test_the_search_key_finds_by_initials_pinyin_and_without_accents():
    key = search_key("杭州医药有限公司")
    assert "hzyy" in key and "hangzhouyiyao" in key
    assert "online diecast" in search_key("Online Diecast Creations Co.")
    assert "baekkeland" not in search_key("x") and "herkku" in search_key("Herkku Gifts")
    assert "moliere" in search_key("Molière")


def test_many_rows_are_copied_with_their_keys_and_known_to_the_planner_at_once():
    party = PartyFactory()
    rows = copy_objects(Dossier, [Dossier(party=party, title=f"deal {n}") for n in range(3000)])
    assert Dossier.objects.get(pk=rows[2999].pk).title == "deal 2999" and rows[0].opened_at is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stats WHERE tablename = 'register_dossier'")
        assert cursor.fetchone()[0] > 0  # the runtime role may not ANALYZE; the function of the owner did
        cursor.execute("SELECT analyze_grown()")
        assert cursor.fetchone()[0] == 0  # nothing has grown since


def test_a_refused_copy_of_objects_is_an_integrity_error():
    copy_objects(Dossier, [Dossier(party_id=-1) for _ in range(100)])
    with pytest.raises(IntegrityError):
        connection.check_constraints()
