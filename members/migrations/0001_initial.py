import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import unionoffice.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisation", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RosterCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("checked_on", unionoffice.fields.DayField(verbose_name="核查日期")),
                ("partner", unionoffice.fields.TitleField(max_length=60, verbose_name="联合部门")),
                ("title", unionoffice.fields.TitleField(max_length=120, verbose_name="核查名称")),
                ("note", models.TextField(blank=True, max_length=500, verbose_name="备注")),
            ],
            options={
                "verbose_name": "数据核查",
                "verbose_name_plural": "数据核查",
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", unionoffice.fields.PersonNameField(max_length=30, verbose_name="姓名")),
                (
                    "name_pinyin",
                    unionoffice.fields.PinyinField(
                        blank=True,
                        editable=False,
                        max_length=250,
                        of="name",
                        style="full",
                        verbose_name="姓名全拼",
                    ),
                ),
                (
                    "name_initials",
                    unionoffice.fields.PinyinField(
                        blank=True,
                        editable=False,
                        max_length=30,
                        of="name",
                        style="initials",
                        verbose_name="姓名简拼",
                    ),
                ),
                (
                    "name_sort",
                    unionoffice.fields.PinyinField(
                        blank=True,
                        editable=False,
                        max_length=250,
                        of="name",
                        style="sort",
                        verbose_name="姓名排序",
                    ),
                ),
                (
                    "id_kind",
                    models.CharField(
                        choices=[
                            ("id_card", "居民身份证"),
                            ("hk_macao_permit", "港澳居民来往内地通行证"),
                            ("taiwan_permit", "台湾居民来往大陆通行证"),
                            ("residence_permit", "港澳台居民居住证"),
                            ("passport", "护照"),
                            ("foreigner_permit", "外国人永久居留身份证"),
                        ],
                        default="id_card",
                        max_length=20,
                        verbose_name="证件类型",
                    ),
                ),
                ("id_number", unionoffice.fields.IdNumberField(kind="id_kind", verbose_name="证件号码")),
                (
                    "id_hash",
                    unionoffice.fields.HashField(
                        blank=True,
                        db_index=True,
                        editable=False,
                        null=False,
                        of="id_number",
                        unique=True,
                        verbose_name="证件号码检索码",
                    ),
                ),
                (
                    "id_tail",
                    unionoffice.fields.HashField(
                        blank=True,
                        db_index=True,
                        editable=False,
                        last=4,
                        null=True,
                        of="id_number",
                        verbose_name="证件号码后四位",
                    ),
                ),
                (
                    "sex",
                    models.CharField(
                        blank=True, choices=[("1", "男"), ("2", "女")], max_length=1, verbose_name="性别"
                    ),
                ),
                (
                    "ethnicity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("01", "汉族"),
                            ("02", "蒙古族"),
                            ("03", "回族"),
                            ("04", "藏族"),
                            ("05", "维吾尔族"),
                            ("06", "苗族"),
                            ("07", "彝族"),
                            ("08", "壮族"),
                            ("09", "布依族"),
                            ("10", "朝鲜族"),
                            ("11", "满族"),
                            ("12", "侗族"),
                            ("13", "瑶族"),
                            ("14", "白族"),
                            ("15", "土家族"),
                            ("16", "哈尼族"),
                            ("17", "哈萨克族"),
                            ("18", "傣族"),
                            ("19", "黎族"),
                            ("20", "傈僳族"),
                            ("21", "佤族"),
                            ("22", "畲族"),
                            ("23", "高山族"),
                            ("24", "拉祜族"),
                            ("25", "水族"),
                            ("26", "东乡族"),
                            ("27", "纳西族"),
                            ("28", "景颇族"),
                            ("29", "柯尔克孜族"),
                            ("30", "土族"),
                            ("31", "达斡尔族"),
                            ("32", "仫佬族"),
                            ("33", "羌族"),
                            ("34", "布朗族"),
                            ("35", "撒拉族"),
                            ("36", "毛南族"),
                            ("37", "仡佬族"),
                            ("38", "锡伯族"),
                            ("39", "阿昌族"),
                            ("40", "普米族"),
                            ("41", "塔吉克族"),
                            ("42", "怒族"),
                            ("43", "乌孜别克族"),
                            ("44", "俄罗斯族"),
                            ("45", "鄂温克族"),
                            ("46", "德昂族"),
                            ("47", "保安族"),
                            ("48", "裕固族"),
                            ("49", "京族"),
                            ("50", "塔塔尔族"),
                            ("51", "独龙族"),
                            ("52", "鄂伦春族"),
                            ("53", "赫哲族"),
                            ("54", "门巴族"),
                            ("55", "珞巴族"),
                            ("56", "基诺族"),
                            ("97", "其他"),
                            ("98", "外国血统中国籍人士"),
                        ],
                        max_length=2,
                        verbose_name="民族",
                    ),
                ),
                ("born_on", unionoffice.fields.DayField(blank=True, null=True, verbose_name="出生日期")),
                (
                    "political_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("01", "中共党员"),
                            ("02", "中共预备党员"),
                            ("03", "共青团员"),
                            ("04", "民革党员"),
                            ("05", "民盟盟员"),
                            ("06", "民建会员"),
                            ("07", "民进会员"),
                            ("08", "农工党党员"),
                            ("09", "致公党党员"),
                            ("10", "九三学社社员"),
                            ("11", "台盟盟员"),
                            ("20", "民主党派"),
                            ("12", "无党派人士"),
                            ("13", "群众"),
                        ],
                        max_length=2,
                        verbose_name="政治面貌",
                    ),
                ),
                (
                    "education",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("11", "博士研究生"),
                            ("14", "硕士研究生"),
                            ("17", "研究生"),
                            ("21", "本科"),
                            ("31", "大专"),
                            ("40", "高中/中专"),
                            ("41", "中专"),
                            ("44", "职高"),
                            ("47", "技校"),
                            ("61", "高中"),
                            ("70", "初中及以下"),
                            ("71", "初中"),
                            ("81", "小学及以下"),
                        ],
                        max_length=2,
                        verbose_name="学历",
                    ),
                ),
                ("phone", unionoffice.fields.MobileField(blank=True, max_length=11, verbose_name="手机号码")),
                (
                    "employment_form",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("contract", "合同制"),
                            ("dispatched", "劳务派遣"),
                            ("outsourced", "劳务外包"),
                            ("part_time", "非全日制"),
                            ("flexible", "灵活就业"),
                            ("platform", "平台灵活就业"),
                            ("institution", "事业编制"),
                            ("civil_servant", "公务员"),
                            ("other", "其他"),
                        ],
                        max_length=14,
                        verbose_name="用工形式",
                    ),
                ),
                (
                    "employment_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("at_work", "在岗"),
                            ("waiting", "待岗"),
                            ("unemployed", "失业"),
                            ("retired", "退休"),
                            ("sick_leave", "病休"),
                        ],
                        max_length=12,
                        verbose_name="就业状况",
                    ),
                ),
                (
                    "household",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("local_urban", "本地城镇"),
                            ("local_rural", "本地农村"),
                            ("outside_urban", "外地城镇"),
                            ("outside_rural", "外地农村"),
                            ("farm", "农业"),
                            ("non_farm", "非农业"),
                            ("resident", "居民户口"),
                        ],
                        max_length=14,
                        verbose_name="户籍类型",
                    ),
                ),
                (
                    "is_migrant",
                    unionoffice.fields.FlagField(blank=True, null=True, verbose_name="是否农民工"),
                ),
                (
                    "new_form_group",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("lorry_driver", "货车司机"),
                            ("ride_driver", "网约车司机"),
                            ("courier", "快递员"),
                            ("food_delivery", "外卖配送员"),
                            ("domestic", "家政服务员"),
                            ("carer", "护工护理员"),
                            ("shop_promoter", "商场信息员"),
                            ("estate_agent", "房产中介员"),
                            ("guard", "保安员"),
                            ("streamer", "网络主播"),
                            ("other", "其他新就业形态"),
                        ],
                        max_length=16,
                        verbose_name="新就业形态",
                    ),
                ),
                ("job", unionoffice.fields.TitleField(blank=True, max_length=60, verbose_name="岗位/工种")),
                (
                    "skill_grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("apprentice", "学徒工"),
                            ("junior", "初级工"),
                            ("middle", "中级工"),
                            ("senior", "高级工"),
                            ("technician", "技师"),
                            ("senior_technician", "高级技师"),
                            ("special_technician", "特级技师"),
                            ("chief_technician", "首席技师"),
                        ],
                        max_length=20,
                        verbose_name="技能等级",
                    ),
                ),
                ("joined_on", unionoffice.fields.DayField(verbose_name="入会日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "正常"),
                            ("applied", "申请中"),
                            ("moving_out", "转接中"),
                            ("moved_out", "已转出"),
                            ("retained", "保留会籍"),
                            ("retired", "退休保留会籍"),
                            ("dues_stopped", "停止缴费"),
                            ("left", "已退会"),
                            ("auto_left", "自动退会"),
                            ("expelled", "已开除"),
                            ("deceased", "已去世"),
                        ],
                        default="active",
                        max_length=12,
                        verbose_name="会员状态",
                    ),
                ),
                (
                    "group_name",
                    unionoffice.fields.TitleField(blank=True, max_length=60, verbose_name="工会小组"),
                ),
                (
                    "card_no",
                    unionoffice.fields.TitleField(blank=True, max_length=40, verbose_name="会员卡号"),
                ),
                ("app_bound", models.BooleanField(default=False, verbose_name="电子会员证已绑定")),
                (
                    "app_bound_on",
                    unionoffice.fields.DayField(blank=True, null=True, verbose_name="电子会员证绑定日期"),
                ),
                (
                    "model_worker_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("nation", "全国劳动模范"),
                            ("province", "省部级劳动模范"),
                            ("city", "市级劳动模范"),
                            ("county", "县级劳动模范"),
                            ("town", "镇级先进"),
                        ],
                        max_length=12,
                        verbose_name="劳模类型",
                    ),
                ),
                (
                    "bank_name",
                    unionoffice.fields.TitleField(blank=True, max_length=60, verbose_name="开户银行"),
                ),
                (
                    "bank_account",
                    unionoffice.fields.BankAccountField(blank=True, null=True, verbose_name="银行账号"),
                ),
                (
                    "bank_hash",
                    unionoffice.fields.HashField(
                        blank=True,
                        db_index=True,
                        editable=False,
                        null=True,
                        of="bank_account",
                        verbose_name="银行账号检索码",
                    ),
                ),
                (
                    "consent_on",
                    unionoffice.fields.DayField(blank=True, null=True, verbose_name="个人信息同意日期"),
                ),
                ("note", models.TextField(blank=True, max_length=500, verbose_name="备注")),
                (
                    "is_complete",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(
                                models.Q(
                                    ("born_on__isnull", False),
                                    ("is_migrant__isnull", False),
                                    models.Q(("sex", ""), _negated=True),
                                    models.Q(("phone", ""), _negated=True),
                                    models.Q(
                                        ("unit__isnull", False),
                                        models.Q(("new_form_group", ""), _negated=True),
                                        ("employment_form__in", ("flexible", "platform")),
                                        _connector="OR",
                                    ),
                                ),
                                then=True,
                            ),
                            default=False,
                        ),
                        output_field=models.BooleanField(),
                        verbose_name="实名信息完整",
                    ),
                ),
                (
                    "union",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="organisation.union",
                        verbose_name="所属工会",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="organisation.unit",
                        verbose_name="工作单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "会员",
                "verbose_name_plural": "会员",
            },
        ),
        migrations.CreateModel(
            name="MembershipEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", unionoffice.fields.DayField(verbose_name="变动日期")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("join", "入会"),
                            ("rejoin", "重新入会"),
                            ("move_in", "镇外转入"),
                            ("register", "登记"),
                            ("transfer", "转会"),
                            ("resume", "恢复会籍"),
                            ("retain", "保留会籍"),
                            ("retire", "退休"),
                            ("stop_dues", "停止缴费"),
                            ("move_out", "转出本镇"),
                            ("leave", "退会"),
                            ("auto_leave", "自动退会"),
                            ("expel", "开除"),
                            ("decease", "去世"),
                        ],
                        max_length=12,
                        verbose_name="变动类型",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("active", "正常"),
                            ("applied", "申请中"),
                            ("moving_out", "转接中"),
                            ("moved_out", "已转出"),
                            ("retained", "保留会籍"),
                            ("retired", "退休保留会籍"),
                            ("dues_stopped", "停止缴费"),
                            ("left", "已退会"),
                            ("auto_left", "自动退会"),
                            ("expelled", "已开除"),
                            ("deceased", "已去世"),
                        ],
                        max_length=12,
                        verbose_name="变动后状态",
                    ),
                ),
                (
                    "reason",
                    unionoffice.fields.TitleField(blank=True, max_length=200, verbose_name="变动原因"),
                ),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("active", "正常"),
                            ("applied", "申请中"),
                            ("moving_out", "转接中"),
                            ("moved_out", "已转出"),
                            ("retained", "保留会籍"),
                            ("retired", "退休保留会籍"),
                            ("dues_stopped", "停止缴费"),
                            ("left", "已退会"),
                            ("auto_left", "自动退会"),
                            ("expelled", "已开除"),
                            ("deceased", "已去世"),
                        ],
                        editable=False,
                        max_length=12,
                        verbose_name="变动前状态",
                    ),
                ),
                (
                    "until",
                    unionoffice.fields.DayField(
                        blank=True, editable=False, null=True, verbose_name="下次变动日期"
                    ),
                ),
                (
                    "from_union",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.union",
                        verbose_name="原工会",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="members.member",
                        verbose_name="会员",
                    ),
                ),
                (
                    "union",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="membership_events",
                        to="organisation.union",
                        verbose_name="所在工会",
                    ),
                ),
            ],
            options={
                "verbose_name": "会籍变动",
                "verbose_name_plural": "会籍变动",
            },
        ),
        migrations.CreateModel(
            name="RosterCheckLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField(blank=True, null=True, verbose_name="名单行号")),
                ("unit_name", unionoffice.fields.TitleField(max_length=120, verbose_name="名单单位名称")),
                ("credit_code", models.CharField(blank=True, max_length=18, verbose_name="名单信用代码")),
                ("head_count", models.PositiveIntegerField(blank=True, null=True, verbose_name="名单人数")),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("agrees", "一致"),
                            ("no_union", "未建会"),
                            ("not_covered", "未列入涵盖单位"),
                            ("unknown_unit", "系统中无此单位"),
                            ("head_count", "人数不符"),
                            ("closed_unit", "单位已注销"),
                            ("not_listed", "名单中没有"),
                        ],
                        default="agrees",
                        max_length=14,
                        verbose_name="核查结果",
                    ),
                ),
                (
                    "recorded_count",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="系统人数"),
                ),
                ("corrected_on", unionoffice.fields.DayField(blank=True, null=True, verbose_name="更正日期")),
                (
                    "correction",
                    unionoffice.fields.TitleField(blank=True, max_length=200, verbose_name="更正情况"),
                ),
                (
                    "roster_check",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="members.rostercheck",
                        verbose_name="数据核查",
                    ),
                ),
                (
                    "union",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_lines",
                        to="organisation.union",
                        verbose_name="对应工会",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_lines",
                        to="organisation.unit",
                        verbose_name="对应单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "核查明细",
                "verbose_name_plural": "核查明细",
            },
        ),
        migrations.CreateModel(
            name="TransferRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", unionoffice.fields.DayField(verbose_name="转会日期")),
                (
                    "reason",
                    unionoffice.fields.TitleField(blank=True, max_length=200, verbose_name="申请理由"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待处理"),
                            ("approved", "已同意"),
                            ("refused", "未同意"),
                            ("withdrawn", "已撤回申请"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="处理状态",
                    ),
                ),
                ("decided_on", unionoffice.fields.DayField(blank=True, null=True, verbose_name="处理日期")),
                (
                    "answer",
                    unionoffice.fields.TitleField(blank=True, max_length=200, verbose_name="处理意见"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="处理人",
                    ),
                ),
                (
                    "from_union",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.union",
                        verbose_name="转出工会",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="transfer_requests",
                        to="members.member",
                        verbose_name="会员",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申请人",
                    ),
                ),
                (
                    "to_union",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.union",
                        verbose_name="转入工会",
                    ),
                ),
            ],
            options={
                "verbose_name": "转会申请",
                "verbose_name_plural": "转会申请",
            },
        ),
        migrations.CreateModel(
            name="CollectionTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("target", models.PositiveIntegerField(verbose_name="任务数")),
                ("note", unionoffice.fields.TitleField(blank=True, max_length=200, verbose_name="备注")),
                (
                    "union",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collection_tasks",
                        to="organisation.union",
                        verbose_name="工会",
                    ),
                ),
            ],
            options={
                "verbose_name": "采集任务",
                "verbose_name_plural": "采集任务",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("year", "union"),
                        name="one_task_a_year",
                        violation_error_message="该工会当年的采集任务已存在",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="member",
            index=unionoffice.fields.NameGramsIndex("name", name="member_name_grams"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["name", "born_on"], name="member_name_born"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["name_sort", "id"], name="member_by_name"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["union", "state", "name_sort", "id"], name="member_of_union"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                fields=["name_pinyin"], name="member_pinyin", opclasses=["varchar_pattern_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                fields=["name_initials"], name="member_initials", opclasses=["varchar_pattern_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["phone"], name="member_phone", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(django.db.models.functions.text.Right("phone", 4), name="member_phone_tail"),
        ),
        migrations.AddIndex(
            model_name="membershipevent",
            index=models.Index(fields=["union", "state", "on"], name="event_of_union"),
        ),
        migrations.AddIndex(
            model_name="membershipevent",
            index=models.Index(
                condition=models.Q(("from_union__isnull", False)),
                fields=["from_union"],
                name="event_from_union",
            ),
        ),
        migrations.AddIndex(
            model_name="membershipevent",
            index=models.Index(fields=["on"], name="event_day"),
        ),
        migrations.AddConstraint(
            model_name="membershipevent",
            constraint=models.UniqueConstraint(
                fields=("member", "on"),
                name="one_event_a_day",
                violation_error_message="该会员这一天已有会籍变动，请改用其他日期或修改原记录",
            ),
        ),
        migrations.AddConstraint(
            model_name="transferrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("member",),
                name="one_waiting_transfer",
                violation_error_message="该会员已有待处理的转会申请",
            ),
        ),
        migrations.AddConstraint(
            model_name="transferrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_union", models.F("to_union")), _negated=True),
                name="transfer_between_two_unions",
                violation_error_message="转入工会与转出工会相同",
            ),
        ),
    ]
