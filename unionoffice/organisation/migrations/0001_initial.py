import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import unionoffice.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(unionoffice.fields.NAME_GRAMS_SQL, unionoffice.fields.NAME_GRAMS_REVERSE_SQL),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=40, unique=True, verbose_name="登录名")),
                ("name", unionoffice.fields.PersonNameField(max_length=30, verbose_name="姓名")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("staff", "镇总工会干部"),
                            ("leader", "领导"),
                            ("chair", "基层工会主席"),
                            ("mediator", "调解员"),
                            ("auditor", "经审"),
                            ("administrator", "系统管理员"),
                        ],
                        max_length=16,
                        verbose_name="角色",
                    ),
                ),
                ("phone", unionoffice.fields.MobileField(blank=True, max_length=11, verbose_name="手机号码")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                ("must_change_password", models.BooleanField(default=True, verbose_name="下次登录须改密码")),
                (
                    "password_changed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="密码修改时间"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
            ],
            options={
                "verbose_name": "账号",
                "verbose_name_plural": "账号",
            },
        ),
        migrations.CreateModel(
            name="OfficeSetting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=60, verbose_name="设置项")),
                ("value", models.JSONField(verbose_name="值")),
                ("valid_from", unionoffice.fields.DayField(verbose_name="生效日期")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
            ],
            options={
                "verbose_name": "设置",
                "verbose_name_plural": "设置",
                "constraints": [
                    models.UniqueConstraint(fields=("key", "valid_from"), name="setting_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="OldPassword",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="old_passwords",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Union",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", unionoffice.fields.TitleField(max_length=120, unique=True, verbose_name="工会名称")),
                (
                    "name_pinyin",
                    unionoffice.fields.PinyinField(
                        blank=True, editable=False, max_length=250, of="name", style="full"
                    ),
                ),
                (
                    "name_initials",
                    unionoffice.fields.PinyinField(
                        blank=True, editable=False, max_length=250, of="name", style="initials"
                    ),
                ),
                ("short_name", unionoffice.fields.TitleField(blank=True, max_length=60, verbose_name="简称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("township", "镇总工会"),
                            ("single", "单独基层工会"),
                            ("joint", "联合基层工会"),
                            ("federation", "工会联合会"),
                            ("group", "工会小组"),
                            ("organiser", "组织员"),
                        ],
                        max_length=12,
                        verbose_name="工会类型",
                    ),
                ),
                (
                    "credit_code",
                    unionoffice.fields.CreditCodeField(
                        blank=True,
                        holder="union",
                        max_length=18,
                        null=True,
                        unique=True,
                        verbose_name="工会统一社会信用代码",
                    ),
                ),
                ("legal_person_no", models.CharField(blank=True, max_length=40, verbose_name="法人资格证号")),
                (
                    "legal_person_until",
                    unionoffice.fields.DayField(blank=True, null=True, verbose_name="法人证书有效期至"),
                ),
                ("founded_on", unionoffice.fields.DayField(blank=True, null=True, verbose_name="建会日期")),
                ("approval_no", models.CharField(blank=True, max_length=60, verbose_name="批复文号")),
                ("dissolved_on", unionoffice.fields.DayField(blank=True, null=True, verbose_name="撤销日期")),
                (
                    "industry",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("01", "农、林、牧、渔业"),
                            ("02", "采矿业"),
                            ("03", "制造业"),
                            ("04", "电力、热力、燃气及水生产和供应业"),
                            ("05", "建筑业"),
                            ("06", "批发和零售业"),
                            ("07", "交通运输、仓储和邮政业"),
                            ("08", "住宿和餐饮业"),
                            ("09", "信息传输、软件和信息技术服务业"),
                            ("10", "金融业"),
                            ("11", "房地产业"),
                            ("12", "租赁和商务服务业"),
                            ("13", "科学研究和技术服务业"),
                            ("14", "水利、环境和公共设施管理业"),
                            ("15", "居民服务、修理和其他服务业"),
                            ("16", "教育"),
                            ("17", "卫生和社会工作"),
                            ("18", "文化、体育和娱乐业"),
                            ("19", "公共管理、社会保障和社会组织"),
                            ("20", "国际组织"),
                        ],
                        max_length=2,
                        verbose_name="所属行业",
                    ),
                ),
                ("division_code", models.CharField(blank=True, max_length=12, verbose_name="行政区划代码")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                ("phone", unionoffice.fields.PhoneField(blank=True, max_length=25, verbose_name="办公电话")),
                (
                    "declared_members",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="上报会员数"),
                ),
                (
                    "has_audit_committee",
                    models.BooleanField(default=False, verbose_name="建立经费审查委员会"),
                ),
                ("has_women_committee", models.BooleanField(default=False, verbose_name="建立女职工委员会")),
                (
                    "has_protection_committee",
                    models.BooleanField(default=False, verbose_name="建立劳动保护监督组织"),
                ),
                (
                    "has_mediation_committee",
                    models.BooleanField(default=False, verbose_name="建立劳动争议调解组织"),
                ),
                ("pays_dues", models.BooleanField(default=False, verbose_name="收缴会费")),
                ("pays_two_percent", models.BooleanField(default=False, verbose_name="拨缴工会经费")),
                ("note", models.TextField(blank=True, verbose_name="备注")),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="organisation.union",
                        verbose_name="并入工会",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="organisation.union",
                        verbose_name="上级工会",
                    ),
                ),
            ],
            options={
                "verbose_name": "基层工会",
                "verbose_name_plural": "基层工会",
            },
        ),
        migrations.AddField(
            model_name="user",
            name="union",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="users",
                to="organisation.union",
                verbose_name="所属工会",
            ),
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", unionoffice.fields.TitleField(max_length=120, verbose_name="单位名称")),
                (
                    "name_pinyin",
                    unionoffice.fields.PinyinField(
                        blank=True, editable=False, max_length=250, of="name", style="full"
                    ),
                ),
                (
                    "name_initials",
                    unionoffice.fields.PinyinField(
                        blank=True, editable=False, max_length=250, of="name", style="initials"
                    ),
                ),
                (
                    "credit_code",
                    unionoffice.fields.CreditCodeField(
                        blank=True,
                        holder="employer",
                        max_length=18,
                        null=True,
                        unique=True,
                        verbose_name="统一社会信用代码",
                    ),
                ),
                (
                    "category",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (110, "国有企业"),
                            (120, "集体企业"),
                            (130, "股份合作企业"),
                            (140, "联营企业"),
                            (151, "国有独资公司"),
                            (159, "其他有限责任公司"),
                            (161, "国有控股股份有限公司"),
                            (169, "其他股份有限公司"),
                            (170, "私营企业"),
                            (190, "其他内资企业"),
                            (200, "港澳台商投资企业"),
                            (300, "外商投资企业"),
                            (400, "事业单位"),
                            (500, "机关"),
                            (600, "个体经济组织"),
                            (700, "民办非企业单位"),
                            (800, "村（社区）"),
                        ],
                        null=True,
                        verbose_name="单位类别",
                    ),
                ),
                (
                    "industry",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("01", "农、林、牧、渔业"),
                            ("02", "采矿业"),
                            ("03", "制造业"),
                            ("04", "电力、热力、燃气及水生产和供应业"),
                            ("05", "建筑业"),
                            ("06", "批发和零售业"),
                            ("07", "交通运输、仓储和邮政业"),
                            ("08", "住宿和餐饮业"),
                            ("09", "信息传输、软件和信息技术服务业"),
                            ("10", "金融业"),
                            ("11", "房地产业"),
                            ("12", "租赁和商务服务业"),
                            ("13", "科学研究和技术服务业"),
                            ("14", "水利、环境和公共设施管理业"),
                            ("15", "居民服务、修理和其他服务业"),
                            ("16", "教育"),
                            ("17", "卫生和社会工作"),
                            ("18", "文化、体育和娱乐业"),
                            ("19", "公共管理、社会保障和社会组织"),
                            ("20", "国际组织"),
                        ],
                        max_length=2,
                        verbose_name="所属行业",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                ("contact", models.CharField(blank=True, max_length=50, verbose_name="联系人")),
                ("phone", unionoffice.fields.PhoneField(blank=True, max_length=25, verbose_name="联系电话")),
                ("staff_total", models.PositiveIntegerField(blank=True, null=True, verbose_name="职工人数")),
                (
                    "staff_women",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="女职工人数"),
                ),
                (
                    "staff_migrant",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="农民工人数"),
                ),
                (
                    "staff_dispatched",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="劳务派遣人数"),
                ),
                ("opened_on", unionoffice.fields.DayField(blank=True, null=True, verbose_name="成立日期")),
                ("closed_on", unionoffice.fields.DayField(blank=True, null=True, verbose_name="注销日期")),
                (
                    "state",
                    models.CharField(
                        choices=[("verified", "已核实"), ("unverified", "待核实"), ("closed", "已注销")],
                        default="verified",
                        max_length=12,
                        verbose_name="核实状态",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="备注")),
            ],
            options={
                "verbose_name": "单位",
                "verbose_name_plural": "单位",
                "indexes": [unionoffice.fields.NameGramsIndex("name", name="unit_name_grams")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True),
                            ("opened_on__isnull", True),
                            ("closed_on__gte", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="unit_closes_after_opening",
                        violation_error_message="注销日期不能早于成立日期",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="union",
            name="employer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="own_unions",
                to="organisation.unit",
                verbose_name="建会单位",
            ),
        ),
        migrations.CreateModel(
            name="Coverage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_on", unionoffice.fields.DayField(verbose_name="涵盖起始日期")),
                ("ended_on", unionoffice.fields.DayField(blank=True, null=True, verbose_name="涵盖终止日期")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
                (
                    "union",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coverages",
                        to="organisation.union",
                        verbose_name="工会",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coverages",
                        to="organisation.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "涵盖单位",
                "verbose_name_plural": "涵盖单位",
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "chair"), _negated=True), ("union__isnull", False), _connector="OR"
                ),
                name="chair_has_union",
                violation_error_message="基层工会主席账号必须选择所属工会",
            ),
        ),
        migrations.AddIndex(
            model_name="union",
            index=unionoffice.fields.NameGramsIndex("name", name="union_name_grams"),
        ),
        migrations.AddConstraint(
            model_name="union",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("dissolved_on__isnull", True),
                    ("founded_on__isnull", True),
                    ("dissolved_on__gte", models.F("founded_on")),
                    _connector="OR",
                ),
                name="union_ends_after_founding",
                violation_error_message="撤销日期不能早于建会日期",
            ),
        ),
        migrations.AddConstraint(
            model_name="union",
            constraint=models.UniqueConstraint(
                models.OrderBy(models.F("parent_id")),
                condition=models.Q(("kind", "township"), ("parent__isnull", False)),
                name="township_is_the_root",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverage",
            constraint=models.UniqueConstraint(
                fields=("union", "unit", "started_on"),
                name="coverage_once",
                violation_error_message="该工会从这一天起涵盖该单位的记录已存在",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True), ("ended_on__gte", models.F("started_on")), _connector="OR"
                ),
                name="coverage_ends_after_start",
                violation_error_message="终止日期不能早于起始日期",
            ),
        ),
    ]
