"""A Redis that takes connections and never answers: it is waited for once, and the office works without it."""

import runpy
import socket
import time
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import caches
from django.test import Client
from kombu.exceptions import OperationalError
from pytest_django.fixtures import Settings

from unionoffice import settings as office
from unionoffice.celery import app
from unionoffice.organisation import throttling
from unionoffice.organisation.models import User
from unionoffice.records import jobs
from unionoffice.running.page_cache import PageCache

HANGS = 60  # seconds no test may take; without time-outs it would wait for ever


class HungServer:
    """Counts who came."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.socket.setblocking(False)
        self.url = f"redis://127.0.0.1:{self.socket.getsockname()[1]}/0"
        self.visitors: list[socket.socket] = []

    def visits(self) -> int:
        """How many connections were made until now."""
        while True:
            try:
                self.visitors.append(self.socket.accept()[0])
            except BlockingIOError:
                return len(self.visitors)

    def close(self) -> None:
        for each in (self.socket, *self.visitors):
            each.close()


@pytest.fixture
def hung(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[HungServer]:
    server = HungServer()
    patience = dict.fromkeys(office.REDIS_PATIENCE, 0.2)
    monkeypatch.setitem(settings.REDIS_PATIENCE, "socket_timeout", 0.2)
    redis = "django.core.cache.backends.redis.RedisCache"
    pages = "unionoffice.running.page_cache.PageCache"
    settings.REDIS_URL = server.url
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": redis, "LOCATION": server.url, "OPTIONS": patience},
        "pages": {"BACKEND": pages, "LOCATION": server.url, "OPTIONS": patience},
    }
    monkeypatch.setattr(PageCache, "asks_again_at", 0.0)
    until = time.monotonic() + HANGS
    yield server
    server.close()
    assert time.monotonic() < until


def test_pages_wait_for_it_once_and_not_at_every_question(
    hung: HungServer, staff: User, login: Callable[[User], Client]
) -> None:
    client = login(staff)

    answers = [client.get("/members/").status_code for _ in range(3)]

    assert answers == [200] * 3
    assert hung.visits() == 1


def test_it_is_asked_again_after_a_while(hung: HungServer, monkeypatch: pytest.MonkeyPatch) -> None:
    caches["pages"].get("anything")
    monkeypatch.setattr(PageCache, "asks_again_at", time.monotonic() - 1)

    assert caches["pages"].get("anything", "not known") == "not known"

    assert hung.visits() == 2


@pytest.mark.django_db
def test_the_watching_machine_is_told(hung: HungServer) -> None:
    answer = Client().get("/healthz")

    assert answer.status_code == 503
    assert {name for name, state in answer.json().items() if state != "ok"} == {"broker", "worker"}


def test_a_job_is_kept_and_its_page_opens(hung: HungServer, staff: User) -> None:
    job = jobs.Job.objects.create(kind="export", owner=staff, title="导出", arguments={}, done=3, total=7)

    assert jobs.progress_of(job) == (3, 7)


@pytest.mark.django_db
def test_a_login_waits_for_it_once(hung: HungServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "_asks_again_at", 0.0)
    monkeypatch.setattr(PageCache, "asks_again_at", time.monotonic() + HANGS)

    answers = [
        Client().post("/login/", {"username": "somebody", "password": "wrong"}).status_code for _ in range(3)
    ]

    assert answers == [200] * 3
    assert hung.visits() == 1


@pytest.mark.filterwarnings("ignore:task_always_eager")
def test_a_message_that_cannot_be_sent_is_given_up(hung: HungServer) -> None:
    with app.connection_for_write(hung.url) as queue, pytest.raises(OperationalError):
        app.send_task("nothing", connection=queue)


def test_every_cache_and_the_queue_have_their_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://somewhere/0")
    read = runpy.run_path(office.__file__)
    patience = read["REDIS_PATIENCE"]
    asking = [cache for cache in read["CACHES"].values() if "redis" in cache.get("LOCATION", "")]

    assert [cache["OPTIONS"] for cache in asking] == [patience] * 2
    assert read["CELERY_BROKER_TRANSPORT_OPTIONS"].items() >= patience.items()
    assert min(patience.values()) > 1, "a worker waits a second for each message"
