"""Code lists of the member roster. Codes of GB/T 4762, 4658 and 3304 where a national table exists.

ALIASES names other words that rosters use for a value; an export always prints the label.
"""

from django.db.models import TextChoices

from unionoffice import identity


class DocumentKind(TextChoices):
    ID_CARD = identity.ID_CARD, "居民身份证"
    HK_MACAO_PERMIT = identity.HK_MACAO_PERMIT, "港澳居民来往内地通行证"
    TAIWAN_PERMIT = identity.TAIWAN_PERMIT, "台湾居民来往大陆通行证"
    RESIDENCE_PERMIT = identity.RESIDENCE_PERMIT, "港澳台居民居住证"
    PASSPORT = identity.PASSPORT, "护照"
    FOREIGNER_PERMIT = identity.FOREIGNER_PERMIT, "外国人永久居留身份证"


class Sex(TextChoices):
    MALE = identity.MALE, "男"
    FEMALE = identity.FEMALE, "女"


# GB/T 3304 in the order of its codes 01 to 56.
_PEOPLES = """
汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎
傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯
阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺
"""
Ethnicity = TextChoices(
    "Ethnicity",
    [(f"PEOPLE_{n:02}", (f"{n:02}", f"{name}族")) for n, name in enumerate(_PEOPLES.split(), 1)]
    + [("OTHER", ("97", "其他")), ("FOREIGN", ("98", "外国血统中国籍人士"))],
    module=__name__,
)


class Politics(TextChoices):
    PARTY_MEMBER = "01", "中共党员"
    PROBATIONARY = "02", "中共预备党员"
    LEAGUE_MEMBER = "03", "共青团员"
    REVOLUTIONARY_COMMITTEE = "04", "民革党员"
    DEMOCRATIC_LEAGUE = "05", "民盟盟员"
    NATIONAL_CONSTRUCTION = "06", "民建会员"
    PROMOTING_DEMOCRACY = "07", "民进会员"
    PEASANTS_WORKERS = "08", "农工党党员"
    ZHI_GONG = "09", "致公党党员"
    JIU_SAN = "10", "九三学社社员"
    TAIWAN_LEAGUE = "11", "台盟盟员"
    DEMOCRATIC_PARTY = "20", "民主党派"
    NO_PARTY = "12", "无党派人士"
    MASSES = "13", "群众"


class Education(TextChoices):
    DOCTOR = "11", "博士研究生"
    MASTER = "14", "硕士研究生"
    POSTGRADUATE = "17", "研究生"
    BACHELOR = "21", "本科"
    COLLEGE = "31", "大专"
    SECONDARY = "40", "高中/中专"
    VOCATIONAL = "41", "中专"
    VOCATIONAL_HIGH = "44", "职高"
    TECHNICAL = "47", "技校"
    HIGH_SCHOOL = "61", "高中"
    UP_TO_JUNIOR = "70", "初中及以下"
    JUNIOR = "71", "初中"
    PRIMARY = "81", "小学及以下"


class Household(TextChoices):
    LOCAL_URBAN = "local_urban", "本地城镇"
    LOCAL_RURAL = "local_rural", "本地农村"
    OUTSIDE_URBAN = "outside_urban", "外地城镇"
    OUTSIDE_RURAL = "outside_rural", "外地农村"
    FARM = "farm", "农业"
    NON_FARM = "non_farm", "非农业"
    RESIDENT = "resident", "居民户口"


RURAL = (Household.LOCAL_RURAL, Household.OUTSIDE_RURAL, Household.FARM)


class EmploymentState(TextChoices):
    AT_WORK = "at_work", "在岗"
    WAITING = "waiting", "待岗"
    UNEMPLOYED = "unemployed", "失业"
    RETIRED = "retired", "退休"
    SICK_LEAVE = "sick_leave", "病休"


class EmploymentForm(TextChoices):
    CONTRACT = "contract", "合同制"
    DISPATCHED = "dispatched", "劳务派遣"
    OUTSOURCED = "outsourced", "劳务外包"
    PART_TIME = "part_time", "非全日制"
    FLEXIBLE = "flexible", "灵活就业"
    PLATFORM = "platform", "平台灵活就业"
    INSTITUTION = "institution", "事业编制"
    CIVIL_SERVANT = "civil_servant", "公务员"
    OTHER = "other", "其他"


WITHOUT_EMPLOYER = (EmploymentForm.FLEXIBLE, EmploymentForm.PLATFORM)


class NewForm(TextChoices):
    """新就业形态: the eight groups of 2018 and the four key groups of 2021."""

    LORRY_DRIVER = "lorry_driver", "货车司机"
    RIDE_DRIVER = "ride_driver", "网约车司机"
    COURIER = "courier", "快递员"
    FOOD_DELIVERY = "food_delivery", "外卖配送员"
    DOMESTIC = "domestic", "家政服务员"
    CARER = "carer", "护工护理员"
    SHOP_PROMOTER = "shop_promoter", "商场信息员"
    ESTATE_AGENT = "estate_agent", "房产中介员"
    GUARD = "guard", "保安员"
    STREAMER = "streamer", "网络主播"
    OTHER = "other", "其他新就业形态"


class Skill(TextChoices):
    APPRENTICE = "apprentice", "学徒工"
    JUNIOR = "junior", "初级工"
    MIDDLE = "middle", "中级工"
    SENIOR = "senior", "高级工"
    TECHNICIAN = "technician", "技师"
    SENIOR_TECHNICIAN = "senior_technician", "高级技师"
    SPECIAL_TECHNICIAN = "special_technician", "特级技师"
    CHIEF_TECHNICIAN = "chief_technician", "首席技师"


class ModelWorker(TextChoices):
    NATION = "nation", "全国劳动模范"
    PROVINCE = "province", "省部级劳动模范"
    CITY = "city", "市级劳动模范"
    COUNTY = "county", "县级劳动模范"
    TOWN = "town", "镇级先进"


class State(TextChoices):
    """会员状态. Only `active` counts as a member (domain §1.3)."""

    ACTIVE = "active", "正常"
    APPLIED = "applied", "申请中"
    MOVING_OUT = "moving_out", "转接中"
    MOVED_OUT = "moved_out", "已转出"
    RETAINED = "retained", "保留会籍"
    RETIRED = "retired", "退休保留会籍"
    DUES_STOPPED = "dues_stopped", "停止缴费"
    LEFT = "left", "已退会"
    AUTO_LEFT = "auto_left", "自动退会"
    EXPELLED = "expelled", "已开除"
    DECEASED = "deceased", "已去世"


KEPT_STATES = (State.RETAINED, State.RETIRED)
# From which a membership is resumed: it was not ended.
SUSPENDED = (*KEPT_STATES, State.DUES_STOPPED)
ENDED_STATES = (State.MOVED_OUT, State.LEFT, State.AUTO_LEFT, State.EXPELLED, State.DECEASED)


class EventKind(TextChoices):
    JOIN = "join", "入会"
    REJOIN = "rejoin", "重新入会"
    MOVE_IN = "move_in", "镇外转入"
    REGISTER = "register", "登记"
    TRANSFER = "transfer", "转会"
    RESUME = "resume", "恢复会籍"
    RETAIN = "retain", "保留会籍"
    RETIRE = "retire", "退休"
    STOP_DUES = "stop_dues", "停止缴费"
    MOVE_OUT = "move_out", "转出本镇"
    LEAVE = "leave", "退会"
    AUTO_LEAVE = "auto_leave", "自动退会"
    EXPEL = "expel", "开除"
    DECEASE = "decease", "去世"


# What a member's state becomes by an event, and by which event a roster's state is explained.
STATE_AFTER = {
    EventKind.JOIN: State.ACTIVE,
    EventKind.REJOIN: State.ACTIVE,
    EventKind.MOVE_IN: State.ACTIVE,
    EventKind.TRANSFER: State.ACTIVE,
    EventKind.RESUME: State.ACTIVE,
    EventKind.RETAIN: State.RETAINED,
    EventKind.RETIRE: State.RETIRED,
    EventKind.STOP_DUES: State.DUES_STOPPED,
    EventKind.MOVE_OUT: State.MOVED_OUT,
    EventKind.LEAVE: State.LEFT,
    EventKind.AUTO_LEAVE: State.AUTO_LEFT,
    EventKind.EXPEL: State.EXPELLED,
    EventKind.DECEASE: State.DECEASED,
}


class Flag(TextChoices):
    """What is asked of a member for a past day as it stood then."""

    CARD = "card", "电子会员证已绑定"
    COMPLETE = "complete", "实名信息完整"


class CheckResult(TextChoices):
    """What comparing one line of a department's list with the office's records shows."""

    AGREES = "agrees", "一致"
    NO_UNION = "no_union", "未建会"
    NOT_COVERED = "not_covered", "未列入涵盖单位"
    UNKNOWN_UNIT = "unknown_unit", "系统中无此单位"
    HEAD_COUNT = "head_count", "人数不符"
    CLOSED_UNIT = "closed_unit", "单位已注销"
    NOT_LISTED = "not_listed", "名单中没有"


class RequestState(TextChoices):
    WAITING = "waiting", "待处理"
    APPROVED = "approved", "已同意"
    REFUSED = "refused", "未同意"
    WITHDRAWN = "withdrawn", "已撤回申请"


ALIASES: dict[str, dict[str, str]] = {
    "id_kind": {
        "身份证": DocumentKind.ID_CARD,
        "二代身份证": DocumentKind.ID_CARD,
        "港澳通行证": DocumentKind.HK_MACAO_PERMIT,
        "回乡证": DocumentKind.HK_MACAO_PERMIT,
        "台胞证": DocumentKind.TAIWAN_PERMIT,
        "居住证": DocumentKind.RESIDENCE_PERMIT,
        "外国人永久居留证": DocumentKind.FOREIGNER_PERMIT,
        "永居证": DocumentKind.FOREIGNER_PERMIT,
    },
    "sex": {"男性": Sex.MALE, "女性": Sex.FEMALE},
    "political_status": {
        "党员": Politics.PARTY_MEMBER,
        "中国共产党党员": Politics.PARTY_MEMBER,
        "预备党员": Politics.PROBATIONARY,
        "团员": Politics.LEAGUE_MEMBER,
        "民革": Politics.REVOLUTIONARY_COMMITTEE,
        "民盟": Politics.DEMOCRATIC_LEAGUE,
        "民建": Politics.NATIONAL_CONSTRUCTION,
        "民进": Politics.PROMOTING_DEMOCRACY,
        "农工党": Politics.PEASANTS_WORKERS,
        "致公党": Politics.ZHI_GONG,
        "九三学社": Politics.JIU_SAN,
        "台盟": Politics.TAIWAN_LEAGUE,
        "无党派": Politics.NO_PARTY,
        "无党派民主人士": Politics.NO_PARTY,
        "一般群众": Politics.MASSES,
    },
    "education": {
        "博士": Education.DOCTOR,
        "硕士": Education.MASTER,
        "大学": Education.BACHELOR,
        "大学本科": Education.BACHELOR,
        "专科": Education.COLLEGE,
        "大学专科": Education.COLLEGE,
        "中等专科": Education.VOCATIONAL,
        "中职": Education.VOCATIONAL,
        "职业高中": Education.VOCATIONAL_HIGH,
        "技工学校": Education.TECHNICAL,
        "高中或中专": Education.SECONDARY,
        "小学": Education.PRIMARY,
    },
    "household": {
        "农村": Household.FARM,
        "农业户口": Household.FARM,
        "城镇": Household.NON_FARM,
        "非农业户口": Household.NON_FARM,
        "居民": Household.RESIDENT,
        "本镇农村": Household.LOCAL_RURAL,
        "本镇城镇": Household.LOCAL_URBAN,
    },
    "employment_form": {
        "劳动合同": EmploymentForm.CONTRACT,
        "劳动合同制": EmploymentForm.CONTRACT,
        "派遣": EmploymentForm.DISPATCHED,
        "派遣制": EmploymentForm.DISPATCHED,
        "外包": EmploymentForm.OUTSOURCED,
        "小时工": EmploymentForm.PART_TIME,
        "平台灵活": EmploymentForm.PLATFORM,
        "平台用工": EmploymentForm.PLATFORM,
        "事业": EmploymentForm.INSTITUTION,
    },
    "new_form_group": {
        "卡车司机": NewForm.LORRY_DRIVER,
        "滴滴司机": NewForm.RIDE_DRIVER,
        "快递小哥": NewForm.COURIER,
        "网约送餐员": NewForm.FOOD_DELIVERY,
        "外卖员": NewForm.FOOD_DELIVERY,
        "外卖骑手": NewForm.FOOD_DELIVERY,
        "外卖小哥": NewForm.FOOD_DELIVERY,
        "家政": NewForm.DOMESTIC,
        "护工": NewForm.CARER,
        "房产中介": NewForm.ESTATE_AGENT,
        "保安": NewForm.GUARD,
        "主播": NewForm.STREAMER,
    },
    "skill_grade": {
        "五级": Skill.JUNIOR,
        "五级工": Skill.JUNIOR,
        "初级": Skill.JUNIOR,
        "四级": Skill.MIDDLE,
        "四级工": Skill.MIDDLE,
        "中级": Skill.MIDDLE,
        "三级": Skill.SENIOR,
        "三级工": Skill.SENIOR,
        "高级": Skill.SENIOR,
        "二级": Skill.TECHNICIAN,
        "一级": Skill.SENIOR_TECHNICIAN,
    },
    "state": {
        "在会": State.ACTIVE,
        "在册": State.ACTIVE,
        "有效": State.ACTIVE,
        "正常会员": State.ACTIVE,
        "转出": State.MOVED_OUT,
        "退会": State.LEFT,
        "已注销": State.LEFT,
        "保留": State.RETAINED,
        "退休": State.RETIRED,
        "停缴会费": State.DUES_STOPPED,
        "开除": State.EXPELLED,
        "除名": State.EXPELLED,
        "去世": State.DECEASED,
        "死亡": State.DECEASED,
        "已故": State.DECEASED,
    },
}
