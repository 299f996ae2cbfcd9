"""The commands by which the benchmark kit drives the office (adapter.json says how). Each runs the code of the pages.

prepare UNIONS | noop | import FILE --report REPORT | export FILE | seed MEMBERS ACTIVITIES [--towns N] | report FILE |
serve PORT | login UNION
"""

import argparse
import io
import json
import os
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from urllib.parse import unquote

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from activities.models import Activity  # noqa: E402
from members.models import Member  # noqa: E402
from members.roster import follow_roster  # noqa: E402
from unionoffice.identity import FEMALE, MALE  # noqa: E402
from unionoffice.organisation.choices import Role, UnionKind  # noqa: E402
from unionoffice.organisation.models import Union, User  # noqa: E402
from unionoffice.records.demo.people import People  # noqa: E402
from unionoffice.records.exported_columns import every_column  # noqa: E402
from unionoffice.records.exporting import disclose, workbook, write_sheet  # noqa: E402
from unionoffice.records.history import act  # noqa: E402
from unionoffice.records.importing.workbook import find, write  # noqa: E402
from unionoffice.records.models import ActKind  # noqa: E402
from unionoffice.records.types import registry  # noqa: E402
from unionoffice.running.roles import as_owner  # noqa: E402
from unionoffice.sheets.limits import Limits  # noqa: E402
from unionoffice.sheets.reading import open_book  # noqa: E402
from welfare.models import CareVisit  # noqa: E402

MEMBERS = registry["members"]
ROSTER = (
    "姓名",
    "证件类型",
    "证件号码",
    "性别",
    "民族",
    "出生日期",
    "政治面貌",
    "学历",
    "手机号码",
    "所属工会",
    "工作单位",
    "单位统一社会信用代码",
    "用工形式",
    "户籍类型",
    "是否农民工",
    "新就业形态",
    "岗位/工种",
    "技能等级",
    "入会日期",
    "会员状态",
    "备注",
)
CLERK = "bench"
# A million members, to measure lists; a page takes a fifth of it.
LARGE = Limits(file_bytes=1 << 28, unpacked_bytes=1 << 33, unproven_bytes=1 << 33, rows=1 << 20)
SEED_YEAR = 2024


def prepare(unions: Path) -> None:
    """Tables up to date and empty, the unions, and a clerk of the office."""
    from unionoffice.running.preparation import collect_static

    call_command("migrate", verbosity=0)
    collect_static(lambda line: None)
    empty()
    with act(ActKind.CREATE, summary="bench"):
        town = Union.objects.create(name="镇总工会", kind=UnionKind.TOWNSHIP)
        for union in json.loads(unions.read_text(encoding="utf-8")):
            kind = UnionKind.JOINT if "联合" in union["name"] else UnionKind.SINGLE
            Union.objects.create(name=union["name"], credit_code=union["credit_code"], kind=kind, parent=town)
    User.objects.create_user(CLERK, None, name="测速", role=Role.STAFF, must_change_password=False)
    settle()


def empty() -> None:
    """Take every row out of every table; history lets itself be emptied only by who says so."""
    quote = connection.ops.quote_name
    tables = ", ".join(quote(model._meta.db_table) for model in apps.get_models(include_auto_created=True))
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local unionoffice.allow_truncate = 'on'")
        cursor.execute(f"truncate {tables} restart identity cascade")


def settle() -> None:
    """Leave no work of the database for the next command's time."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
        cursor.execute("checkpoint")


def noop() -> None:
    connection.ensure_connection()


def clerk() -> User:
    return User.objects.get(username=CLERK)


def import_file(file: Path, report: Path) -> None:
    """Import a roster as the page does and tell what became of its rows."""
    user = clerk()
    with open_book(file, file.name, LARGE) as book:
        _, judged = write(book, find(book, user, MEMBERS), user, summary=f"{MEMBERS.title} {file.name}")
    judgement = judged[MEMBERS]
    rejected = [
        {"row": row, "reason": "；".join(reasons)} for row, reasons in judgement.refused_rows().items()
    ]
    tally = judgement.tally
    told = {"accepted": tally.written + tally.unchanged, "rejected": rejected, "normalised": tally.corrected}
    report.write_text(json.dumps(told | tally.as_dict(), ensure_ascii=False), encoding="utf-8")


def export(file: Path) -> None:
    """All members with the columns of a roster, numbers in full."""
    user = clerk()
    columns = [column for column in every_column(MEMBERS, user, full=True) if column.heading in ROSTER]
    with file.open("wb") as out, workbook(out, MEMBERS.title, user, full=True) as book:
        count = write_sheet(book, MEMBERS, columns, MEMBERS.rows(user).order_by("pk"))
    disclose(MEMBERS, user, columns, "测速", count)


def seed(members: int, activities: int, towns: int) -> None:
    """Members, and visits and activities of two years, half and half; the unions stand in so many towns."""
    random = Random(members)
    people, unions = People(random), list(Union.objects.exclude(parent=None))
    with act(ActKind.CREATE, summary="bench"):
        for number in range(towns if towns > 1 else 0):
            _gather(unions[number::towns], f"第{number + 1}镇工会联合会")
        made = [_member(people, random.choice(unions)) for _ in range(members)]
        Member.objects.bulk_create(made, batch_size=5_000)
        follow_roster([member.pk for member in made])
        days = [date(SEED_YEAR, 1, 1) + timedelta(days=random.randrange(547)) for _ in range(activities)]
        CareVisit.objects.bulk_create(
            (
                CareVisit(
                    union_id=member.union_id,
                    member=member,
                    occasion=random.choice(("illness", "festival", "heat")),
                    visited_on=day,
                    visitors="工会主席",
                    cash_amount=random.choice((200, 500, 1000)),
                )
                for member, day in zip(random.choices(made, k=len(days[::2])), days[::2], strict=True)
            ),
            batch_size=5_000,
        )
        Activity.objects.bulk_create(
            (
                Activity(
                    union=random.choice(unions),
                    title=f"职工活动{number}",
                    kind="fun_games",
                    starts_on=day,
                    came=random.randrange(10, 200),
                    cost=random.choice((0, 500, 2000)),
                )
                for number, day in enumerate(days[1::2])
            ),
            batch_size=5_000,
        )
    settle()


def _gather(unions: list[Union], name: str) -> None:
    """Put a federation between unions and the office."""
    town = Union.objects.create(name=name, kind=UnionKind.FEDERATION, parent=unions[0].parent)
    for union in unions:
        union.parent = town
        union.save()


def _member(people: People, union: Union) -> Member:
    sex = people.random.choice((MALE, FEMALE))
    born_on = people.birth(date(1964, 1, 1), date(2004, 1, 1))
    return Member(
        name=people.name(sex),
        id_number=people.id_number(sex, born_on, is_local=True),
        sex=sex,
        born_on=born_on,
        phone=people.mobile(),
        union=union,
        is_migrant=people.random.random() < 0.4,
        joined_on=born_on.replace(year=born_on.year + 20, day=1),
    )


def report(file: Path) -> None:
    """The annual summary as a Word file, from the records alone."""
    call_command("summary", SEED_YEAR, output=file, stdout=io.StringIO())


def serve(port: int) -> None:
    """The web server exactly as `manage.py start` runs it."""
    from unionoffice.running import start

    host = ["--host", "127.0.0.1", "--port", str(port), "unionoffice.wsgi:application"]
    os.execv(sys.executable, [sys.executable, *start.WEB, *host])


def login(union: str) -> None:
    """A session of the clerk, and the id of the union asked for."""
    from django.test import Client

    client = Client()
    client.force_login(clerk(), backend="django.contrib.auth.backends.ModelBackend")
    found = Union.objects.filter(name=unquote(union)).first()
    headers = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    print(json.dumps({"headers": headers, "vars": {"union": found.pk if found else ""}}))


def parse() -> tuple[Callable[..., None], dict[str, object]]:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)

    def command(
        name: str, run: Callable[..., None], **arguments: Callable[[str], object]
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name)
        made.set_defaults(run=run)
        for argument, kind in arguments.items():
            made.add_argument(argument, type=kind)
        return made

    command("prepare", prepare, unions=Path)
    command("noop", noop)
    command("import", import_file, file=Path).add_argument("--report", type=Path, required=True)
    command("export", export, file=Path)
    command("seed", seed, members=int, activities=int).add_argument("--towns", type=int, default=1)
    command("report", report, file=Path)
    command("serve", serve, port=int)
    command("login", login, union=str)
    options = vars(parser.parse_args())
    return options.pop("run"), options


if __name__ == "__main__":
    run, options = parse()
    run(**options)
