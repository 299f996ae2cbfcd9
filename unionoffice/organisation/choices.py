"""Code lists of the organisation: union kinds, unit categories (2015 registration form), industries, roles."""

from django.db.models import IntegerChoices, TextChoices


class Role(TextChoices):
    STAFF = "staff", "镇总工会干部"
    LEADER = "leader", "领导"
    CHAIR = "chair", "基层工会主席"
    MEDIATOR = "mediator", "调解员"
    AUDITOR = "auditor", "经审"
    ADMINISTRATOR = "administrator", "系统管理员"


class UnionKind(TextChoices):
    TOWNSHIP = "township", "镇总工会"
    SINGLE = "single", "单独基层工会"
    JOINT = "joint", "联合基层工会"
    FEDERATION = "federation", "工会联合会"
    GROUP = "group", "工会小组"
    ORGANISER = "organiser", "组织员"


BASE_KINDS = (UnionKind.SINGLE, UnionKind.JOINT)
COUNTED_KINDS = (*BASE_KINDS, UnionKind.FEDERATION)


class UnitCategory(IntegerChoices):
    """单位类别, codes of 工会组织信息登记表 (2015)."""

    STATE = 110, "国有企业"
    COLLECTIVE = 120, "集体企业"
    STOCK_COOPERATIVE = 130, "股份合作企业"
    ASSOCIATED = 140, "联营企业"
    STATE_SOLE = 151, "国有独资公司"
    LIMITED = 159, "其他有限责任公司"
    STATE_STOCK = 161, "国有控股股份有限公司"
    STOCK = 169, "其他股份有限公司"
    PRIVATE = 170, "私营企业"
    OTHER_DOMESTIC = 190, "其他内资企业"
    HONGKONG_MACAO_TAIWAN = 200, "港澳台商投资企业"
    FOREIGN = 300, "外商投资企业"
    INSTITUTION = 400, "事业单位"
    ORGAN = 500, "机关"
    SOLE_TRADER = 600, "个体经济组织"
    NON_PROFIT = 700, "民办非企业单位"
    VILLAGE = 800, "村（社区）"


ENTERPRISE_CATEGORIES = tuple(c.value for c in UnitCategory if c.value <= 300)


class Industry(TextChoices):
    """行业, the 20 sections of GB/T 4754 in order, numbered as in the 2015 form."""

    AGRICULTURE = "01", "农、林、牧、渔业"
    MINING = "02", "采矿业"
    MANUFACTURING = "03", "制造业"
    ENERGY = "04", "电力、热力、燃气及水生产和供应业"
    CONSTRUCTION = "05", "建筑业"
    TRADE = "06", "批发和零售业"
    TRANSPORT = "07", "交通运输、仓储和邮政业"
    LODGING = "08", "住宿和餐饮业"
    INFORMATION = "09", "信息传输、软件和信息技术服务业"
    FINANCE = "10", "金融业"
    REAL_ESTATE = "11", "房地产业"
    LEASING = "12", "租赁和商务服务业"
    SCIENCE = "13", "科学研究和技术服务业"
    WATER = "14", "水利、环境和公共设施管理业"
    RESIDENT_SERVICE = "15", "居民服务、修理和其他服务业"
    EDUCATION = "16", "教育"
    HEALTH = "17", "卫生和社会工作"
    CULTURE = "18", "文化、体育和娱乐业"
    PUBLIC = "19", "公共管理、社会保障和社会组织"
    INTERNATIONAL = "20", "国际组织"


class UnitState(TextChoices):
    VERIFIED = "verified", "已核实"
    UNVERIFIED = "unverified", "待核实"
    CLOSED = "closed", "已注销"


class FundSource(TextChoices):
    """资金来源: who pays for a visit or an activity."""

    TOWN = "town", "镇总工会"
    COUNTY = "county", "县总工会"
    UNION = "union", "基层工会"
    ADMINISTRATION = "administration", "行政"
    DONATION = "donation", "捐赠"
    OTHER = "other", "其他"


# Other words that rosters use for a value, by model and field; an export always prints the label.
ALIASES: dict[str, dict[str, dict[str, object]]] = {
    "Union": {
        "kind": {
            "单独": UnionKind.SINGLE,
            "独立工会": UnionKind.SINGLE,
            "单独工会": UnionKind.SINGLE,
            "单独建会": UnionKind.SINGLE,
            "联合": UnionKind.JOINT,
            "联合工会": UnionKind.JOINT,
            "联合建会": UnionKind.JOINT,
            "联合会": UnionKind.FEDERATION,
            "区域性工会联合会": UnionKind.FEDERATION,
            "行业性工会联合会": UnionKind.FEDERATION,
        }
    },
    "Unit": {
        "category": {
            "国有": UnitCategory.STATE,
            "集体": UnitCategory.COLLECTIVE,
            "有限责任公司": UnitCategory.LIMITED,
            "股份有限公司": UnitCategory.STOCK,
            "私营": UnitCategory.PRIVATE,
            "民营企业": UnitCategory.PRIVATE,
            "港澳台资企业": UnitCategory.HONGKONG_MACAO_TAIWAN,
            "外资企业": UnitCategory.FOREIGN,
            "机关单位": UnitCategory.ORGAN,
            "个体": UnitCategory.SOLE_TRADER,
            "个体工商户": UnitCategory.SOLE_TRADER,
            "民办非企业": UnitCategory.NON_PROFIT,
            "社会组织": UnitCategory.NON_PROFIT,
            "村": UnitCategory.VILLAGE,
            "社区": UnitCategory.VILLAGE,
        },
        "state": {"核实": UnitState.VERIFIED, "未核实": UnitState.UNVERIFIED, "注销": UnitState.CLOSED},
    },
}
