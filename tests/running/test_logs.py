"""What must never stand in a log."""

import logging
import sys

import pytest
from django.db import DatabaseError, connection, transaction

from members.models import Member
from tests.members.samples import new_member
from unionoffice.celery import app
from unionoffice.organisation.models import Union
from unionoffice.running.logs import LineFormatter
from unionoffice.running.postgres import SETTINGS


def told() -> str:
    """The traceback of the present error as the office logs it."""
    (formatter,) = {
        h.formatter for h in logging.getLogger().handlers if isinstance(h.formatter, LineFormatter)
    }
    return formatter.formatException(sys.exc_info())


def without_source(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith(" ")]


@pytest.mark.django_db
def test_traceback_of_a_refused_row_quotes_nothing_of_it(union: Union) -> None:
    member = new_member(union, name="陆机密", phone="13812345678")

    try:
        with transaction.atomic():
            Member.objects.filter(pk=member.pk).update(union=None)
    except DatabaseError as error:
        text = told()
        assert "陆机密" in str(error) and "13812345678" in str(error)

    assert "陆机密" not in text and "13812345678" not in text
    broken = 'null value in column "union_id" of relation "members_member" violates not-null constraint'
    assert without_source(text)[-1] == f"django.db.utils.IntegrityError: {broken}"


@pytest.mark.django_db
def test_traceback_of_a_refused_roster_quotes_no_line_of_it() -> None:
    try:
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            connection.wrap_database_errors,
            cursor.copy("copy members_member (name, joined_on) from stdin") as copy,
        ):
            copy.write("陆机密\t13812345678\n")
    except DatabaseError as error:
        text = told()
        assert "13812345678" in str(error)

    assert not [line for line in without_source(text) if "陆机密" in line or "13812345678" in line]
    assert without_source(text)[-1] == "django.db.utils.DataError: date/time field value out of range"


def test_worker_writes_its_log_as_the_pages_do() -> None:
    root = logging.getLogger()
    before = root.handlers[:]

    app.log.setup_logging_subsystem(loglevel="WARNING")

    assert root.handlers == before


def test_own_database_logs_neither_rows_nor_statements() -> None:
    assert (SETTINGS["log_error_verbosity"], SETTINGS["log_min_error_statement"]) == ("terse", "panic")
