"""The office's settings with what tests need otherwise. Keys and names are of no worth outside a test."""

import os

os.environ.setdefault("SECRET_KEY", "only for tests: sessions and signatures of a throw-away database")
os.environ.setdefault("DATA_KEY", "only for tests: encryption of numbers that belong to nobody")
os.environ.setdefault("TEST_DB", "test_unionoffice")
# Tests share no cache with an office that runs on this machine, nor with each other.
os.environ["REDIS_URL"] = os.environ["DEBUG"] = os.environ["HTTPS"] = ""

from unionoffice.settings import *  # noqa: F403
from unionoffice.settings import DATABASES, MIDDLEWARE, STORAGES

# History refuses to be emptied; a test with transactions of its own must empty it afterwards.
DATABASES["default"]["OPTIONS"] |= {"options": "-c unionoffice.allow_truncate=on"}
# WhiteNoise reads the whole static folder again for every client of every test.
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = CELERY_TASK_EAGER_PROPAGATES = True
