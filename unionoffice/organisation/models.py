"""The organisation: the union tree, the units it covers, the people who log in, and the dated settings."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from unionoffice.fields import (
    CreditCodeField,
    DayField,
    MobileField,
    NameGramsIndex,
    PersonNameField,
    PhoneField,
    PinyinField,
    TitleField,
)

from .choices import ALIASES, COUNTED_KINDS, Industry, Role, UnionKind, UnitCategory, UnitState
from .today import Today


class RecordQuerySet(models.QuerySet):
    def within(self, unions: frozenset[int] | None) -> "RecordQuerySet":
        """The rows of these unions; None means the whole town."""
        return self if unions is None else self.filter(self.model.within(unions))

    def held(self) -> "RecordQuerySet":
        """The rows as they stand now, which nobody else changes until the transaction ends; others may still refer to them."""
        return self.select_for_update(of=("self",), no_key=True)


class Record(models.Model):
    """A row of the office's work. It belongs to a union and its history is kept by the database.

    union_path  look-up from the row to its union; `within` may be overridden where several unions share a row
    naming      the column that names a row in the cells of other types, where it is not its name, title or label
    """

    union_path: ClassVar[str] = "union"
    naming: ClassVar[str] = ""

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def within(cls, unions: frozenset[int]) -> Q:
        return Q(**{f"{cls.union_path}__in": unions})

    @classmethod
    def kept_by(cls, unions: frozenset[int]) -> Q:
        """The rows these unions may change: all they see, unless a row is shown to more unions than keep it."""
        return cls.within(unions)


def entered_field() -> DayField:
    """The day a row was entered; where it is unknown the row counts as if it had always been there."""
    return DayField("登记日期", default=timezone.localdate, null=True, editable=False)


class UnitQuerySet(RecordQuerySet):
    def on_day(self, day: date | Today) -> "UnitQuerySet":
        """Units that are open on that day."""
        return self.filter(begun("opened_on", "unit", day), Q(closed_on__isnull=True) | Q(closed_on__gt=day))


def begun(field: str, side: str, day: date | Today) -> Q:
    """There on that day: by its own first day, else from the first coverage or the day of entering on.

    So a row entered today without a day leaves the figures of past years as they were. side: its end of a Coverage
    """
    known = Q(entered_on__isnull=True) | Q(entered_on__lte=day)
    covered = Exists(Coverage.objects.filter(started_on__lte=day, **{side: OuterRef("pk")}))
    return Q(**{f"{field}__lte": day}) | (Q(**{f"{field}__isnull": True}) & (known | Q(covered)))


class Unit(Record):
    """单位: an employer that a union covers or that should have one (工会组织信息登记表, unit part)."""

    name = TitleField("单位名称", max_length=120)
    name_pinyin = PinyinField(of="name", style="full")
    name_initials = PinyinField(of="name", style="initials")
    credit_code = CreditCodeField("统一社会信用代码", holder="employer", blank=True, null=True, unique=True)
    category = models.PositiveSmallIntegerField("单位类别", choices=UnitCategory, null=True, blank=True)
    industry = models.CharField("所属行业", max_length=2, choices=Industry, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    contact = models.CharField("联系人", max_length=50, blank=True)
    phone = PhoneField("联系电话", blank=True)
    staff_total = models.PositiveIntegerField("职工人数", null=True, blank=True)
    staff_women = models.PositiveIntegerField("女职工人数", null=True, blank=True)
    staff_migrant = models.PositiveIntegerField("农民工人数", null=True, blank=True)
    staff_dispatched = models.PositiveIntegerField("劳务派遣人数", null=True, blank=True)
    opened_on = DayField(
        "成立日期", null=True, blank=True, help_text="不填的，从最早的涵盖日期或登记之日起计入"
    )
    closed_on = DayField("注销日期", null=True, blank=True)
    state = models.CharField("核实状态", max_length=12, choices=UnitState, default=UnitState.VERIFIED)
    note = models.TextField("备注", blank=True)
    entered_on = entered_field()

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        indexes = [NameGramsIndex("name", name="unit_name_grams")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True)
                | Q(closed_on__gte=F("opened_on")),
                name="unit_closes_after_opening",
                violation_error_message="注销日期不能早于成立日期",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def within(cls, unions: frozenset[int]) -> Q:
        return Q(pk__in=Coverage.objects.filter(union__in=unions).values("unit"))


# What a union is called in lists of names: its short name, else its name.
CALLED = Coalesce(NullIf("short_name", Value("")), "name", output_field=CharField())


def in_being(day: date | Today) -> Q:
    """Unions that are there on that day; one whose founding is unknown was always there."""
    founded = Q(founded_on__isnull=True) | Q(founded_on__lte=day)
    return founded & (Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=day))


class UnionQuerySet(RecordQuerySet):
    def on_day(self, day: date | Today) -> "UnionQuerySet":
        """Unions in being on that day."""
        return self.filter(in_being(day))

    def counted_on(self, day: date | Today) -> "UnionQuerySet":
        """Those that figures of that day count."""
        return self.on_day(day).counted().filter(begun("founded_on", "union", day))

    def counted(self) -> "UnionQuerySet":
        """Those that count as a union: single, joint, federation (domain §1.1)."""
        return self.filter(kind__in=COUNTED_KINDS)


class Union(Record):
    """基层工会: one node of the union tree (工会组织信息登记表, union part). The root is the township union."""

    union_path = "pk"

    name = TitleField("工会名称", max_length=120, unique=True)
    name_pinyin = PinyinField(of="name", style="full")
    name_initials = PinyinField(of="name", style="initials")
    short_name = TitleField("简称", max_length=60, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="上级工会", null=True, blank=True, related_name="children"
    )
    kind = models.CharField("工会类型", max_length=12, choices=UnionKind)
    credit_code = CreditCodeField("工会统一社会信用代码", holder="union", blank=True, null=True, unique=True)
    legal_person_no = models.CharField("法人资格证号", max_length=40, blank=True)
    legal_person_on = DayField("法人登记日期", null=True, blank=True)
    legal_person_until = DayField("法人证书有效期至", null=True, blank=True)
    founded_on = DayField(
        "建会日期", null=True, blank=True, help_text="不填的，从最早的涵盖日期或登记之日起计入"
    )
    approval_no = models.CharField("批复文号", max_length=60, blank=True)
    dissolved_on = DayField("撤销日期", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, verbose_name="并入工会", null=True, blank=True, related_name="merged"
    )
    employer = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="建会单位", null=True, blank=True, related_name="own_unions"
    )
    industry = models.CharField("所属行业", max_length=2, choices=Industry, blank=True)
    division_code = models.CharField("行政区划代码", max_length=12, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    phone = PhoneField("办公电话", blank=True)
    declared_members = models.PositiveIntegerField("上报会员数", null=True, blank=True)
    has_audit_committee = models.BooleanField("建立经费审查委员会", default=False)
    has_women_committee = models.BooleanField("建立女职工委员会", default=False)
    has_protection_committee = models.BooleanField("建立劳动保护监督组织", default=False)
    has_mediation_committee = models.BooleanField("建立劳动争议调解组织", default=False)
    pays_dues = models.BooleanField("收缴会费", default=False)
    pays_two_percent = models.BooleanField("拨缴工会经费", default=False)
    note = models.TextField("备注", blank=True)
    entered_on = entered_field()

    objects = UnionQuerySet.as_manager()

    class Meta:
        verbose_name = "基层工会"
        verbose_name_plural = "基层工会"
        indexes = [NameGramsIndex("name", name="union_name_grams")]
        constraints = [
            models.CheckConstraint(
                condition=Q(dissolved_on__isnull=True)
                | Q(founded_on__isnull=True)
                | Q(dissolved_on__gte=F("founded_on")),
                name="union_ends_after_founding",
                violation_error_message="撤销日期不能早于建会日期",
            ),
            models.UniqueConstraint(
                F("parent_id").asc(),
                condition=Q(kind=UnionKind.TOWNSHIP, parent__isnull=False),
                name="township_is_the_root",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_ended(self) -> bool:
        """Whether its end, which may be noted ahead, has come."""
        return self.dissolved_on is not None and self.dissolved_on <= timezone.localdate()


class Coverage(Record):
    """涵盖单位: a union covers a unit from a day to a day (exclusive end left open while it lasts)."""

    union = models.ForeignKey(Union, models.PROTECT, verbose_name="工会", related_name="coverages")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="单位", related_name="coverages")
    started_on = DayField("涵盖起始日期")
    ended_on = DayField("涵盖终止日期", null=True, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)

    class Meta:
        verbose_name = "涵盖单位"
        verbose_name_plural = "涵盖单位"
        constraints = [
            models.UniqueConstraint(
                fields=["union", "unit", "started_on"],
                name="coverage_once",
                violation_error_message="该工会从这一天起涵盖该单位的记录已存在",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="coverage_ends_after_start",
                violation_error_message="终止日期不能早于起始日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.union}—{self.unit}"


class UserManager(BaseUserManager):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who logs in: one role, and for a chair one union."""

    username = models.CharField("登录名", max_length=40, unique=True)
    name = PersonNameField("姓名")
    role = models.CharField("角色", max_length=16, choices=Role)
    union = models.ForeignKey(
        Union, models.PROTECT, verbose_name="所属工会", null=True, blank=True, related_name="users"
    )
    phone = MobileField("手机号码", blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=True)
    password_changed_at = models.DateTimeField("密码修改时间", default=timezone.now)
    # Sessions hold it: a new one ends them all.
    sessions_key = models.CharField(max_length=32, blank=True, editable=False)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"
        constraints = [
            models.CheckConstraint(
                condition=~Q(role=Role.CHAIR) | Q(union__isnull=False),
                name="chair_has_union",
                violation_error_message="基层工会主席账号必须选择所属工会",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A closed account loses its sessions for good: opened again, it is logged in nowhere."""
        if not self.is_active:
            self.sessions_key = secrets.token_hex(16)
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        return super()._get_session_auth_hash(secret) + self.sessions_key

    @property
    def one_time_until(self) -> datetime | None:
        """Until when its one-time password opens the account; None where the password is the user's own."""
        if not self.must_change_password:
            return None
        return self.password_changed_at + timedelta(days=settings.ONE_TIME_PASSWORD_DAYS)

    @property
    def role_label(self) -> str:
        return Role(self.role).label


class OldPassword(models.Model):
    """A password hash that its owner may not choose again soon."""

    user = models.ForeignKey(User, models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user} {self.changed_at:%Y-%m-%d}"


class OfficeSetting(Record):
    """One value of the office's settings, valid from a day on; `office.py` names the keys."""

    key = models.CharField("设置项", max_length=60)
    value = models.JSONField("值")
    valid_from = DayField("生效日期")
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "设置"
        verbose_name_plural = "设置"
        constraints = [models.UniqueConstraint(fields=["key", "valid_from"], name="setting_once_a_day")]

    def __str__(self) -> str:
        return self.key

    @classmethod
    def within(cls, unions: frozenset[int]) -> Q:
        return Q()


for _name, _words in ALIASES["Union"].items():
    Union._meta.get_field(_name).aliases = _words
for _name, _words in ALIASES["Unit"].items():
    Unit._meta.get_field(_name).aliases = _words
