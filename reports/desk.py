"""The documents' place in the menu and what they ask of chairs; the checks of their outlines come with it."""

from collections.abc import Iterator

from django.utils import timezone

from unionoffice.organisation import access
from unionoffice.organisation.choices import Role
from unionoffice.organisation.models import User
from unionoffice.records import desk

from . import checks  # noqa: F401
from .completeness import open_asks

SECTION = "总结和报表"
desk.register_page("看板", "dashboard:page", "dashboard", access.may_read_documents, section="")
desk.register_page("数据透视", "analysis:page", "chart-bar", access.may_read_documents, section="")
desk.register_page("总结和计划", "reports:index", "report", access.may_read_documents, SECTION)
desk.register_page("年度计划", "plan:index", "target", access.may_read_documents, SECTION)
desk.register_page("一表通·上报表", "returns:index", "table", access.may_read_documents, SECTION)
desk.register_page("Word 模板", "placeholders:index", "file-type-docx", access.may_read_documents, SECTION)


@desk.register_reminders
def asked_for(user: User) -> Iterator[desk.Reminder]:
    """What the office asked this chair to enter and the records still lack."""
    if user.role != Role.CHAIR:
        return
    for asked, fact, url in open_asks(user, timezone.localdate()):
        text = f"镇总工会请补登{asked.start}至{asked.end}的记录：{fact.definition}。"
        yield desk.Reminder(f"请补登：{fact.label}", text, url, "warn")
