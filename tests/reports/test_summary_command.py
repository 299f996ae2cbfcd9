"""`manage.py summary`: the file on disk, and one clear line when it cannot be."""

from io import StringIO
from pathlib import Path

import docx
import pytest
from django.core.management import CommandError, call_command

from activities.choices import Kind
from activities.models import Activity
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Union


@pytest.fixture
def walk(union: Union) -> Activity:
    return Activity.objects.create(
        union=union, title="健步走", kind=Kind.WALKING, starts_on="2024-03-05", came=40
    )


def first_line(path: Path) -> str:
    return docx.Document(path).paragraphs[0].text


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("summary", "镇总工会2024年度工作总结"),
        ("plan", "镇总工会2025年工作计划"),
        ("both", "镇总工会2024年度工作总结和2025年工作计划"),
    ],
)
def test_writes_the_kind_asked_for(walk: Activity, tmp_path: Path, kind: str, title: str) -> None:
    path, told = tmp_path / "a.docx", StringIO()
    call_command("summary", "2024", output=path, kind=kind, stdout=told)

    assert first_line(path) == title
    assert told.getvalue().startswith(title)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("宏达机械有限公司工会委员会", "宏达机械有限公司工会委员会\n2024年度工作总结"),
        ("宏达机械", "宏达机械有限公司工会委员会\n2024年度工作总结"),
        ("青溪镇总工会", "镇总工会2024年度工作总结"),
    ],
)
def test_writes_about_one_union(walk: Activity, tmp_path: Path, name: str, title: str) -> None:
    call_command("summary", "2024", output=tmp_path / "a.docx", union=name, stdout=StringIO())

    assert first_line(tmp_path / "a.docx") == title


@pytest.mark.parametrize(
    ("arguments", "title"),
    [
        (["--span", "half1"], "镇总工会2024年上半年工作总结"),
        (["--span", "quarter1"], "镇总工会2024年第一季度工作总结"),
        (["--span", "month3"], "镇总工会2024年3月份工作总结"),
        (["--from", "2024-01-01", "--to", "2024-06-30"], "镇总工会2024年上半年工作总结"),
        (["--from", "2023-11-01", "--to", "2024-03-10"], "镇总工会2023年11月1日至2024年3月10日工作总结"),
        (["--from", "2024-03-01"], "镇总工会2024年3月1日至12月31日工作总结"),
    ],
)
def test_writes_about_a_part_of_the_year(
    walk: Activity, tmp_path: Path, arguments: list[str], title: str
) -> None:
    call_command("summary", "2024", *arguments, "--output", str(tmp_path / "a.docx"), stdout=StringIO())

    assert first_line(tmp_path / "a.docx").replace("\n", "") == title


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["2024", "--span", "half1", "--to", "2024-03-31"], "--span 和 --from、--to 只能用一种"),
        (["2024", "--from", "2024-05-01", "--to", "2024-03-31"], "截止日期2024-03-31早于起始日期2024-05-01"),
        (["2024", "--from", "三月"], "Error: argument --from: “三月”不是日期，请写成 2026-03-05"),
        (["2024", "--span", "month3", "--kind", "plan"], "工作计划按年度编写，请选择全年"),
        (["99999"], "99999不是年度"),
    ],
)
def test_says_what_is_wrong_with_the_time(
    walk: Activity, tmp_path: Path, arguments: list[str], line: str
) -> None:
    with pytest.raises(CommandError) as error:
        call_command("summary", *arguments, "--output", str(tmp_path / "a.docx"))

    assert str(error.value) == line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"union": "没有的工会"}, "没有名为“没有的工会”的工会"),
        ({"union": "宏达机械"}, "有多个工会的简称是“宏达机械”，请写全称"),
        ({"output": Path("a.txt")}, "输出文件要以 .docx 结尾：a.txt"),
        ({"year": 1999}, "1999年不能编写，请选择2000年至"),
        ({"year": 2010}, "2010年还没有可以写入的记录"),
    ],
)
def test_says_in_one_line_what_is_wrong(
    walk: Activity, union: Union, tmp_path: Path, options: dict, line: str
) -> None:
    Union.objects.create(
        name="宏达机械二厂工会",
        short_name="宏达机械",
        kind=UnionKind.SINGLE,
        parent=union.parent,
        founded_on="2024-01-01",
    )
    given = {"year": 2024, "output": tmp_path / "a.docx"} | options

    with pytest.raises(CommandError) as error:
        call_command("summary", given.pop("year"), **given)

    assert str(error.value).startswith(line)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(walk: Activity, tmp_path: Path) -> None:
    path = tmp_path / "gone" / "a.docx"

    with pytest.raises(CommandError) as error:
        call_command("summary", 2024, output=path)

    assert str(error.value) == f"没有这个文件夹：{path.parent}"


def test_a_file_that_cannot_be_written_is_told(walk: Activity, tmp_path: Path) -> None:
    path = tmp_path / "taken.docx"
    path.mkdir()

    with pytest.raises(CommandError) as error:
        call_command("summary", 2024, output=path)

    assert str(error.value) == f"不能写入 {path}：Is a directory"
    assert list(tmp_path.iterdir()) == [path]
