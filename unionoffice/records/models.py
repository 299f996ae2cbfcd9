"""What all records share: acts and their changes, files, jobs, import runs, saved views, disclosures."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from unionoffice import crypto

USER = settings.AUTH_USER_MODEL


class ActKind(models.TextChoices):
    CREATE = "create", "新增"
    CHANGE = "change", "修改"
    DELETE = "delete", "删除"
    BULK = "bulk", "批量修改"
    STEP = "step", "办理"
    IMPORT = "import", "导入"
    MERGE = "merge", "合并"
    TAKE_BACK = "take_back", "撤回"
    SETTING = "setting", "设置"
    LOAD = "load", "装载数据"
    DIRECT = "direct", "数据库直接改动"


class Act(models.Model):
    """One request or one import: who did what when and why. Never changed, never deleted (the database refuses)."""

    kind = models.CharField("动作", max_length=12, choices=ActKind)
    user = models.ForeignKey(USER, models.PROTECT, null=True, verbose_name="操作人", related_name="acts")
    at = models.DateTimeField("时间", default=timezone.now, db_index=True)
    summary = models.CharField("说明", max_length=200, blank=True)
    reason = models.CharField("原因", max_length=500, blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    takes_back = models.OneToOneField(
        "self", models.PROTECT, null=True, verbose_name="撤回的动作", related_name="taken_back_by"
    )

    class Meta:
        verbose_name = "操作"
        verbose_name_plural = "操作"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.summary}"


class Change(models.Model):
    """One row inserted, updated or deleted by an act, written by the database's own triggers.

    before, after hold the columns that changed; for a deletion `before` is the whole row, for an insertion both are
    empty: the row itself and the later changes tell what was inserted.
    """

    class Kind(models.TextChoices):
        INSERT = "I", "新增"
        UPDATE = "U", "修改"
        DELETE = "D", "删除"

    # Only triggers write changes, for acts that are never deleted; checking each row would cost a large import dear.
    act = models.ForeignKey(Act, models.PROTECT, related_name="changes", db_constraint=False)
    table = models.CharField(max_length=63)
    row = models.BigIntegerField()
    kind = models.CharField(max_length=1, choices=Kind)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["table", "row", "id"], name="change_of_row"),
            models.Index(fields=["table"], condition=models.Q(kind="D"), name="change_removing"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.table} {self.row}"


class Blob(models.Model):
    """A file, kept encrypted in the database so that every machine of the office has it. Equal content is kept once."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    content_type = models.CharField(max_length=120)
    data = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256[:12]

    def read(self) -> bytes:
        """The content as it was put in."""
        return crypto.decrypt_bytes(bytes(self.data))


class Attachment(models.Model):
    """A file that belongs to a record: photo, sign-in sheet, receipt, notice, document."""

    table = models.CharField(max_length=63)
    row = models.BigIntegerField()
    kind = models.CharField("类别", max_length=30)
    name = models.CharField("文件名", max_length=200)
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="attachments")
    thumbnail = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    caption = models.CharField("说明", max_length=200, blank=True)
    taken_at = models.DateTimeField("拍摄时间", null=True, blank=True)
    added_at = models.DateTimeField("上传时间", auto_now_add=True)
    added_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        indexes: ClassVar = [models.Index(fields=["table", "row"], name="attachment_of_row")]

    def __str__(self) -> str:
        return self.name


class Job(models.Model):
    """Work done in the background: its owner sees progress, may cancel it, and finds the result waiting."""

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "未完成"
        CANCELLED = "cancelled", "已取消"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=30)
    title = models.CharField("名称", max_length=200)
    owner = models.ForeignKey(USER, models.PROTECT, related_name="jobs")
    arguments = models.JSONField(default=dict)
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    result_url = models.CharField(max_length=300, blank=True)
    result = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    result_name = models.CharField(max_length=200, blank=True)
    cancel_asked = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "后台任务"
        verbose_name_plural = "后台任务"
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state in (self.State.WAITING, self.State.RUNNING)


class ImportRun(models.Model):
    """One workbook on its way in: uploaded, judged, perhaps repaired, confirmed, written; and the act that wrote it.

    judgement holds counts only; rows, findings and repairs may hold personal data and stand encrypted in `details`.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", "已上传"
        JUDGED = "judged", "待确认"
        WRITTEN = "written", "已导入"
        DISCARDED = "discarded", "已放弃"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(USER, models.PROTECT, related_name="imports")
    file_name = models.CharField("文件名", max_length=200)
    workbook = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    options = models.JSONField(default=dict)
    judgement = models.JSONField(default=dict)
    details = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    state = models.CharField("状态", max_length=10, choices=State, default=State.UPLOADED)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    act = models.OneToOneField(Act, models.PROTECT, null=True, related_name="import_run")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "导入"
        verbose_name_plural = "导入"
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name


class SavedView(models.Model):
    """A list as somebody likes it: filters, sorting and columns under a name; shared ones show to everybody."""

    slug = models.CharField(max_length=60)
    name = models.CharField("名称", max_length=40)
    query = models.CharField(max_length=2000)
    owner = models.ForeignKey(USER, models.CASCADE, related_name="views")
    is_shared = models.BooleanField("共享", default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "owner", "name"], name="view_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """The key of a form once sent, so that sending it twice makes one record.

    content   digest of what the form said (sending.py): a key that comes again with another content is no repetition
    """

    user = models.ForeignKey(USER, models.CASCADE)
    key = models.UUIDField()
    content = models.CharField(max_length=64, blank=True, default="")
    url = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="submission_once")]

    def __str__(self) -> str:
        return str(self.key)


class UpToDate(models.Model):
    """The last day up to which everything dated ahead has taken effect (see `due`); one row."""

    day = models.DateField()

    def __str__(self) -> str:
        return str(self.day)


class Disclosure(models.Model):
    """A number shown or exported in full: who, when, whose, for what purpose. Never changed (the database refuses)."""

    user = models.ForeignKey(USER, models.PROTECT, verbose_name="查看人", related_name="disclosures")
    at = models.DateTimeField("时间", default=timezone.now, db_index=True)
    table = models.CharField(max_length=63)
    row = models.BigIntegerField(null=True)
    field = models.CharField("内容", max_length=60)
    purpose = models.CharField("用途", max_length=200)
    count = models.PositiveIntegerField("条数", default=1)
    columns = ArrayField(models.CharField(max_length=60), default=list)

    class Meta:
        verbose_name = "查看敏感信息记录"
        verbose_name_plural = "查看敏感信息记录"

    def __str__(self) -> str:
        return f"{self.user} {self.field}"
