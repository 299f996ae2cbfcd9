"""`/healthz`: each part for itself, open to the machine that watches."""

import shutil
import time

import pytest
import redis
from django.core.cache import cache
from django.test import Client

from unionoffice.running import health, heartbeat
from unionoffice.running.folder import Folder
from unionoffice.running.valkey import Valkey

ALL_WELL = {"database": "ok", "key": "ok", "broker": "ok", "worker": "ok", "disk": "ok"}


@pytest.fixture(scope="module")
def valkey(tmp_path_factory):
    server = Valkey(Folder(tmp_path_factory.mktemp("queue")))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def queue(settings, valkey):
    settings.REDIS_URL = settings.CELERY_BROKER_URL = valkey.url
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": valkey.url}
    }
    return valkey


@pytest.fixture
def worker(queue):
    heartbeat.start()
    wait_for(heartbeat.beats)
    yield
    heartbeat.stop()


def wait_for(condition):
    until = time.monotonic() + 10
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)


def ask():
    response = Client().get("/healthz")
    return response.status_code, response.json()


@pytest.mark.django_db
def test_all_well(worker):
    assert ask() == (200, ALL_WELL)


@pytest.mark.django_db
def test_no_worker(queue):
    cache.clear()

    assert ask() == (503, ALL_WELL | {"worker": "failed"})


def test_a_sign_of_life_lasts_for_three_beats(worker, queue):
    with redis.Redis.from_url(queue.url) as client:
        lasts = client.ttl(cache.make_key(heartbeat.KEY))

    assert 2 * heartbeat.EVERY < lasts <= 3 * heartbeat.EVERY


@pytest.mark.django_db
def test_no_queue(settings, worker):
    settings.REDIS_URL = settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    assert ask() == (503, ALL_WELL | {"broker": "failed"})


@pytest.mark.django_db
def test_full_disk(worker, monkeypatch):
    usage = shutil._ntuple_diskusage(10**12, 10**12 - 1, 1)
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: usage)

    assert ask() == (503, ALL_WELL | {"disk": "failed"})


def test_no_database(worker, django_db_blocker):
    with django_db_blocker.block():
        assert ask() == (503, ALL_WELL | {"database": "failed"})
