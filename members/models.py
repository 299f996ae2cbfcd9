"""Members, the dated events of their membership, and the work of keeping the roster true."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Q
from django.db.models.functions import Right

from unionoffice.fields import (
    BankAccountField,
    DayField,
    FlagField,
    HashField,
    IdNumberField,
    MobileField,
    NameGramsIndex,
    PersonNameField,
    PinyinField,
    TitleField,
)
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Record, Union, Unit
from unionoffice.organisation.today import Today
from unionoffice.records.steps import StepRefused

from . import choices
from .choices import CheckResult, EventKind, RequestState, State

# What 实名制 wants to know of every member beyond what no row can lack (domain §1.4, the starred fields).
# Somebody without a fixed employer is asked for the group or form of work instead of the unit.
REALNAME_COMPLETE = (
    Q(born_on__isnull=False, is_migrant__isnull=False)
    & ~Q(sex="")
    & ~Q(phone="")
    & (Q(unit__isnull=False) | ~Q(new_form_group="") | Q(employment_form__in=choices.WITHOUT_EMPLOYER))
)


class Member(Record):
    """会员: a person on the roster (会员登记表), one row per identity number.

    union, state and joined_on are what the events say; the database keeps them so (migration 0002).
    """

    name = PersonNameField("姓名")
    name_pinyin = PinyinField("姓名全拼", of="name", style="full")
    name_initials = PinyinField("姓名简拼", of="name", style="initials", max_length=30)
    name_sort = PinyinField("姓名排序", of="name", style="sort")
    id_kind = models.CharField(
        "证件类型", max_length=20, choices=choices.DocumentKind, default=choices.DocumentKind.ID_CARD
    )
    id_number = IdNumberField("证件号码", kind="id_kind")
    id_hash = HashField("证件号码检索码", of="id_number", unique=True, null=False)
    id_tail = HashField("证件号码后四位", of="id_number", last=4)
    sex = models.CharField("性别", max_length=1, choices=choices.Sex, blank=True)
    ethnicity = models.CharField("民族", max_length=2, choices=choices.Ethnicity.choices, blank=True)
    born_on = DayField("出生日期", null=True, blank=True)
    political_status = models.CharField("政治面貌", max_length=2, choices=choices.Politics, blank=True)
    education = models.CharField("学历", max_length=2, choices=choices.Education, blank=True)
    phone = MobileField("手机号码", blank=True)
    union = models.ForeignKey(
        Union, models.PROTECT, verbose_name="所属工会", related_name="members", db_index=False
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="工作单位", null=True, blank=True, related_name="members"
    )
    employment_form = models.CharField("用工形式", max_length=14, choices=choices.EmploymentForm, blank=True)
    employment_state = models.CharField(
        "就业状况", max_length=12, choices=choices.EmploymentState, blank=True
    )
    household = models.CharField("户籍类型", max_length=14, choices=choices.Household, blank=True)
    is_migrant = FlagField("是否农民工")
    new_form_group = models.CharField("新就业形态", max_length=16, choices=choices.NewForm, blank=True)
    job = TitleField("岗位/工种", max_length=60, blank=True)
    skill_grade = models.CharField("技能等级", max_length=20, choices=choices.Skill, blank=True)
    joined_on = DayField("入会日期")
    state = models.CharField("会员状态", max_length=12, choices=State, default=State.ACTIVE)
    group_name = TitleField("工会小组", max_length=60, blank=True)
    card_no = TitleField("会员卡号", max_length=40, blank=True)
    app_bound = models.BooleanField("电子会员证已绑定", default=False)
    app_bound_on = DayField(
        "电子会员证绑定日期", null=True, blank=True, help_text="不填的，从登记绑定之日起计入"
    )
    model_worker_kind = models.CharField("劳模类型", max_length=12, choices=choices.ModelWorker, blank=True)
    bank_name = TitleField("开户银行", max_length=60, blank=True)
    bank_account = BankAccountField("银行账号", null=True, blank=True)
    bank_hash = HashField("银行账号检索码", of="bank_account")
    consent_on = DayField("个人信息同意日期", null=True, blank=True)
    note = models.TextField("备注", max_length=500, blank=True)
    is_complete = models.GeneratedField(
        verbose_name="实名信息完整",
        expression=models.Case(models.When(REALNAME_COMPLETE, then=True), default=False),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = "会员"
        verbose_name_plural = "会员"
        indexes: ClassVar = [
            NameGramsIndex("name", name="member_name_grams"),
            models.Index(fields=["name", "born_on"], name="member_name_born"),
            models.Index(fields=["name_sort", "id"], name="member_by_name"),
            models.Index(fields=["union", "state", "name_sort", "id"], name="member_of_union"),
            models.Index(fields=["name_pinyin"], opclasses=["varchar_pattern_ops"], name="member_pinyin"),
            models.Index(fields=["name_initials"], opclasses=["varchar_pattern_ops"], name="member_initials"),
            models.Index(fields=["phone"], opclasses=["varchar_pattern_ops"], name="member_phone"),
            models.Index(Right("phone", 4), name="member_phone_tail"),
        ]

    def __str__(self) -> str:
        return self.name


class FlagSpan(models.Model):
    """Days on which a flag of a member stood, as far as the member's row no longer tells: written by the database
    when the flag changes (migration 0004).

    A span without `until` says since when the flag stands; without `since` it stood from the beginning on. Spans
    outlast their member, who may be deleted and brought back.
    """

    member = models.ForeignKey(Member, models.DO_NOTHING, db_constraint=False, related_name="+")
    flag = models.CharField(max_length=10, choices=choices.Flag)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.get_flag_display()} {self.since or ''}–{self.until or ''}"


class MembershipEvent(Record):
    """会籍变动: from `on` until the day before `until` the member stood in `union` with `state`.

    until, from_union and from_state follow from the neighbouring events of the member; the database keeps
    them so, and with them the member's own union, state and joined_on (migrations 0002 and 0005). One dated ahead
    reaches the member's row, with the unit it names, on its day (see `due`).
    """

    member = models.ForeignKey(
        Member, models.CASCADE, verbose_name="会员", related_name="events", db_index=False
    )
    on = DayField("变动日期")
    kind = models.CharField("变动类型", max_length=12, choices=EventKind)
    union = models.ForeignKey(
        Union, models.PROTECT, verbose_name="所在工会", related_name="membership_events", db_index=False
    )
    state = models.CharField("变动后状态", max_length=12, choices=State, blank=True)
    reason = TitleField("变动原因", max_length=200, blank=True)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        verbose_name="变动后单位",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    from_union = models.ForeignKey(
        Union,
        models.PROTECT,
        verbose_name="原工会",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    from_state = models.CharField("变动前状态", max_length=12, choices=State, blank=True, editable=False)
    until = DayField("下次变动日期", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "会籍变动"
        verbose_name_plural = "会籍变动"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "on"],
                name="one_event_a_day",
                violation_error_message="该会员这一天已有会籍变动，请改用其他日期或修改原记录",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["union", "state", "on"], name="event_of_union"),
            models.Index(
                fields=["from_union"], condition=Q(from_union__isnull=False), name="event_from_union"
            ),
            models.Index(fields=["on"], name="event_day"),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_kind_display()}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """StepRefused for the only event of a member: without one nobody would know since when the person is in."""
        if not MembershipEvent.objects.filter(member=self.member_id).exclude(pk=self.pk).exists():
            raise StepRefused(
                "这是该会员唯一的会籍变动，不能删除；登记有误的请修改，整个人登记错的请删除会员。"
            )
        return super().delete(*args, **kwargs)

    @classmethod
    def within(cls, unions: frozenset[int]) -> Q:
        """A union that a member left still sees how; one that is to get a member sees it from that day on."""
        return Q(union__in=unions, on__lte=Today()) | Q(from_union__in=unions)


class TransferRequest(Record):
    """转会申请: the chair of the new union asks; the old union or the office decides, and both see it."""

    member = models.ForeignKey(Member, models.CASCADE, verbose_name="会员", related_name="transfer_requests")
    from_union = models.ForeignKey(Union, models.PROTECT, verbose_name="转出工会", related_name="+")
    to_union = models.ForeignKey(Union, models.PROTECT, verbose_name="转入工会", related_name="+")
    on = DayField("转会日期")
    reason = TitleField("申请理由", max_length=200, blank=True)
    state = models.CharField("处理状态", max_length=12, choices=RequestState, default=RequestState.WAITING)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="申请人", null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="处理人",
        null=True,
        blank=True,
        related_name="+",
    )
    decided_on = DayField("处理日期", null=True, blank=True)
    answer = TitleField("处理意见", max_length=200, blank=True)

    class Meta:
        verbose_name = "转会申请"
        verbose_name_plural = "转会申请"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(state=RequestState.WAITING),
                name="one_waiting_transfer",
                violation_error_message="该会员已有待处理的转会申请",
            ),
            models.CheckConstraint(
                condition=~Q(from_union=F("to_union")),
                name="transfer_between_two_unions",
                violation_error_message="转入工会与转出工会相同",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} 转至 {self.to_union}"

    @classmethod
    def within(cls, unions: frozenset[int]) -> Q:
        return Q(from_union__in=unions) | Q(to_union__in=unions)


class RosterCheck(Record):
    """数据核查: one department's list of employers compared with the office's unions and units."""

    checked_on = DayField("核查日期")
    partner = TitleField("联合部门", max_length=60)
    title = TitleField("核查名称", max_length=120)
    note = models.TextField("备注", max_length=500, blank=True)

    class Meta:
        verbose_name = "数据核查"
        verbose_name_plural = "数据核查"

    def __str__(self) -> str:
        return self.title

    @classmethod
    def within(cls, unions: frozenset[int]) -> Q:
        return Q(pk__in=RosterCheckLine.objects.within(unions).values("roster_check"))


class RosterCheckLine(Record):
    """核查明细: one employer of the department's list and what comparing it showed."""

    roster_check = models.ForeignKey(
        RosterCheck, models.CASCADE, verbose_name="数据核查", related_name="lines"
    )
    row = models.PositiveIntegerField("名单行号", null=True, blank=True)
    unit_name = TitleField("名单单位名称", max_length=120)
    credit_code = models.CharField("名单信用代码", max_length=18, blank=True)
    head_count = models.PositiveIntegerField("名单人数", null=True, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="对应单位", null=True, blank=True, related_name="check_lines"
    )
    union = models.ForeignKey(
        Union, models.PROTECT, verbose_name="对应工会", null=True, blank=True, related_name="check_lines"
    )
    result = models.CharField("核查结果", max_length=14, choices=CheckResult, default=CheckResult.AGREES)
    recorded_count = models.PositiveIntegerField("系统人数", null=True, blank=True)
    corrected_on = DayField("更正日期", null=True, blank=True)
    correction = TitleField("更正情况", max_length=200, blank=True)

    class Meta:
        verbose_name = "核查明细"
        verbose_name_plural = "核查明细"

    def __str__(self) -> str:
        return self.unit_name

    @classmethod
    def within(cls, unions: frozenset[int]) -> Q:
        """A unit that no union covers is the township union's concern."""
        town = Union.objects.filter(kind=UnionKind.TOWNSHIP, pk__in=unions)
        return Q(union__in=unions) | (Q(union__isnull=True) & Q(Exists(town)))


class CollectionTask(Record):
    """采集任务: how many members' real-name data are to be complete by the end of the year.

    A task of the township union is the target of the whole town; tasks of other unions share it out.
    """

    year = models.PositiveSmallIntegerField("年度")
    union = models.ForeignKey(Union, models.PROTECT, verbose_name="工会", related_name="collection_tasks")
    target = models.PositiveIntegerField("任务数")
    note = TitleField("备注", max_length=200, blank=True)

    class Meta:
        verbose_name = "采集任务"
        verbose_name_plural = "采集任务"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["year", "union"],
                name="one_task_a_year",
                violation_error_message="该工会当年的采集任务已存在",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}年 {self.union}"


for _name, _words in choices.ALIASES.items():
    Member._meta.get_field(_name).aliases = _words
