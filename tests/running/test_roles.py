"""The office's role of the database reads and writes rows and nothing else; what changes tables is done by the owner."""

import psycopg
import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from pytest_django.fixtures import Settings

from members.models import Member
from tests.members.samples import new_member
from unionoffice.organisation.models import Union
from unionoffice.records import history
from unionoffice.records.models import Act, Change
from unionoffice.running import roles
from unionoffice.running.folder import Folder
from unionoffice.running.postgres import OFFICE, Postgres

REFUSED = {
    "switch off a trigger": "alter table members_member disable trigger record_updated",
    "switch off all triggers": "alter table members_member disable trigger all",
    "do without triggers": "set session_replication_role = replica",
    "drop a trigger": "drop trigger record_deleted on members_member",
    "replace what a trigger does": "create or replace function record_updated() returns trigger language plpgsql as "
    "$$ begin return null; end $$",
    "write history": "insert into records_change (act_id, \"table\", \"row\", kind) values (1, 'members_member', 1, 'D')",
    "change history": "update records_change set before = null",
    "remove history": "delete from records_change",
    "empty history": "truncate records_change",
    "change an act": "update records_act set summary = ''",
    "remove an act": "delete from records_act",
    "remove a look": "delete from records_disclosure",
    "empty records": "truncate members_member cascade",
    "have history written of a table of its own": "create temp table members_member (id bigint); "
    "create trigger forged after insert on pg_temp.members_member "
    "referencing new table as new_rows for each statement execute function record_inserted()",
    "be the owner": "set role app",
    "change a table": "alter table members_member drop column name",
    "make a table": "create table public.another (id int)",
    "make a role": "create role another",
    "raise itself": f"alter role {OFFICE} superuser",
    "run a program": "copy (select 1) to program 'true'",
    "read a file": "copy members_member (name) from '/etc/passwd'",
    "change the server": "select pg_reload_conf()",
    "take the key for another": "update running_installation set key_fingerprint = 'another'",
    "forget a migration": "delete from django_migrations",
    "put words into what is made again": "insert into records_aside (definition) values ('drop table members_member')",
}


@pytest.mark.django_db
@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_the_offices_role_may_not(statement: str) -> None:
    with pytest.raises(ProgrammingError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert isinstance(refusal.value.__cause__, psycopg.errors.InsufficientPrivilege)


@pytest.mark.django_db
def test_the_tests_run_as_the_offices_role_and_its_writes_are_noted(union: Union) -> None:
    member = new_member(union)

    noted = Change.objects.filter(table="members_member", row=member.pk)

    with connection.cursor() as cursor:
        cursor.execute("select current_user, usesuper from pg_user where usename = current_user")
        assert cursor.fetchone() == (OFFICE, False)
    assert [change.kind for change in noted] == ["I"]
    assert Act.objects.get(pk=noted[0].act_id).summary.startswith(f"{OFFICE} unionoffice")


@pytest.mark.django_db
def test_every_table_can_be_read_and_all_but_the_kept_ones_written() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select tablename, array(select p from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p "
            "where has_table_privilege('public.' || quote_ident(tablename), p)) from pg_tables where schemaname = 'public'"
        )
        found = dict(cursor.fetchall())
    kept = {model._meta.db_table for model in history.APPEND_ONLY}

    assert kept <= {*roles.APPENDED, *roles.READ} <= set(found)
    for table, rights in found.items():
        expected = ["SELECT"] if table in roles.READ else ["SELECT", "INSERT"]
        assert rights == (
            expected if table in (*roles.READ, *roles.APPENDED) else [*expected, "UPDATE", "DELETE"]
        ), table


@pytest.mark.django_db(transaction=True)
def test_a_database_from_before_the_roles_is_changed_by_migrate(union: Union) -> None:
    with roles.as_owner(), connection.cursor() as cursor:
        cursor.execute(f"revoke all on all tables in schema public from {OFFICE}")
        cursor.execute("alter function record_inserted() security invoker")
        cursor.execute("grant execute on function record_inserted() to public")
    with pytest.raises(ProgrammingError, match="permission denied"):
        Member.objects.count()

    call_command("migrate", verbosity=0)

    member = new_member(union)
    assert Change.objects.filter(table="members_member", row=member.pk).exists()


def test_a_data_folder_from_before_the_roles_gets_one_at_start(place) -> None:
    server = Postgres(Folder(place / "data"), durable=False)
    server.start()
    try:
        with psycopg.connect(server.owner_url, autocommit=True) as owner:
            owner.execute(f"drop role {OFFICE}")
        (server.home / f"{OFFICE}.password").unlink()

        server.start()

        with psycopg.connect(server.url) as office:
            assert office.execute("select current_user").fetchone() == (OFFICE,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                office.execute("create table anything (id int)")
    finally:
        server.stop()


@pytest.mark.django_db
@pytest.mark.parametrize("owner", [{}, {"USER": OFFICE}], ids=["none", "the same"])
def test_without_an_owner_it_is_told_once_and_all_is_done_as_before(
    owner: dict[str, str], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DATABASE_OWNER = owner

    roles.grant()

    assert caplog.messages == [roles.UNOWNED]


@pytest.mark.django_db
def test_without_an_owner_the_connection_stays(settings: Settings) -> None:
    settings.DATABASE_OWNER = {}
    before = connection.connection

    with roles.as_owner():
        assert connection.connection is before
