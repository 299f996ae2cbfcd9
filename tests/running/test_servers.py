"""The embedded servers: they start, are adopted, come back after kill -9 with everything committed, and stop."""

import os
import signal

import psutil
import psycopg
import pytest
import redis

from unionoffice.running import valkey
from unionoffice.running.errors import RunningError
from unionoffice.running.folder import Folder
from unionoffice.running.postgres import Postgres
from unionoffice.running.services import Services
from unionoffice.running.valkey import Valkey


@pytest.fixture
def folder(place):
    return Folder(place / "data")


@pytest.fixture
def without_servers(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


def ask(url, question):
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def ended(process: psutil.Process) -> bool:
    """Whether the process ends within ten seconds: the server removes its pid file a moment before."""
    gone, _ = psutil.wait_procs([process], timeout=10)
    return bool(gone) or process.status() == psutil.STATUS_ZOMBIE


def postmaster(folder):
    return int((Postgres(folder).cluster / "postmaster.pid").read_text().split()[0])


def test_servers_start_share_and_stop_with_the_last_command(folder, without_servers):
    with Services(folder, durable=False):
        first = os.environ.pop("DATABASE_URL"), os.environ.pop("REDIS_URL")
        with Services(folder, durable=False):
            assert (os.environ["DATABASE_URL"], os.environ["REDIS_URL"]) == first
        pid = postmaster(folder)
        assert psutil.pid_exists(pid)
        assert ask(first[0], "select lower('Ａ厂')") == "ａ厂"
        assert redis.Redis.from_url(first[1]).config_get("maxmemory-policy") == {
            "maxmemory-policy": "noeviction"
        }

    assert not Postgres(folder).alive()
    assert not Valkey(folder).alive()


def test_a_stranger_without_the_password_is_not_let_in(folder, without_servers):
    with Services(folder, durable=False) as services:
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host="127.0.0.1", port=services.postgres.port, user="app", dbname="unionoffice")
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=services.valkey.port).ping()


def test_killed_servers_come_back_on_their_ports_with_what_was_committed(folder, without_servers):
    with Services(folder) as services:
        database, queue = services.postgres.owner_url, services.valkey.url
        with psycopg.connect(database) as connection:
            connection.execute("create table kept as select 7 as number")
        os.kill(postmaster(folder), signal.SIGKILL)
        os.kill(services.valkey.pid, signal.SIGKILL)

        services.revive()

        assert (services.postgres.owner_url, services.valkey.url) == (database, queue)
        assert ask(database, "select number from kept") == 7
        assert redis.Redis.from_url(queue).ping() is True


def test_servers_left_running_are_adopted(folder, without_servers):
    left = Services(folder, durable=False)
    left.postgres.start()
    process = psutil.Process(postmaster(folder))

    with Services(folder, durable=False):
        assert postmaster(folder) == process.pid

    assert ended(process)


def test_a_pid_file_naming_another_program_is_not_believed(folder, without_servers):
    with Services(folder, durable=False):
        pass
    pid_file = Postgres(folder).cluster / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n0\n1\n\n127.0.0.1\n0 0\nready\n")

    with Services(folder, durable=False) as services:
        assert ask(services.postgres.url, "select 1") == 1


def test_a_half_made_cluster_is_made_again(folder, without_servers):
    home = Postgres(folder).home
    (home / "cluster.new").mkdir()
    (home / "cluster.new" / "PG_VERSION").write_text("18\n")

    with Services(folder, durable=False) as services:
        assert ask(services.postgres.url, "select 1") == 1


def queues_of(folder):
    """Every queue server at work in the folder."""
    home = str(folder / "valkey")
    found = [each.info for each in psutil.process_iter(["name", "cwd", "status", "pid"])]
    return [
        info["pid"]
        for info in found
        if info["cwd"] == home and info["name"] in valkey.NAMES and info["status"] != psutil.STATUS_ZOMBIE
    ]


def test_a_queue_that_hangs_is_replaced_not_joined_by_a_second(folder, monkeypatch):
    monkeypatch.setattr(valkey, "PATIENCE", 3)
    monkeypatch.setattr(valkey, "ENDING", 1)
    hung = Valkey(folder)
    hung.start()
    os.kill(hung.pid, signal.SIGSTOP)

    server = Valkey(folder)
    server.start()

    assert queues_of(folder) == [server.pid]
    assert redis.Redis.from_url(server.url).ping() is True
    server.stop()
    assert queues_of(folder) == []


@pytest.mark.parametrize("damaged", ["", "12", "a b", "\x00"])
def test_a_damaged_note_of_the_queues_number_leaves_no_second_server(folder, damaged):
    first = Valkey(folder)
    first.start()
    (first.home / "valkey.pid").write_text(damaged)

    server = Valkey(folder)
    server.start()

    assert queues_of(folder) == [server.pid]
    server.stop()


@pytest.mark.parametrize("damaged", [b"", b"no dump at all", b"REDIS0011\xfa\x09", b"REDIS0099\xff"])
def test_a_damaged_queue_file_is_named_with_what_to_do(folder, damaged):
    server = Valkey(folder)
    dump = server.home / "dump.rdb"
    dump.write_bytes(damaged)

    with pytest.raises(RunningError) as refusal:
        server.start()

    assert str(refusal.value) == (
        f"Valkey does not start: {dump} cannot be read; move it away and start again, "
        "work that waits is taken up from the database"
    )
    dump.unlink()
    server.start()
    server.stop()
