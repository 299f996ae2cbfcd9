"""Rosters of unions, units, terms, posts and stars as offices keep them."""

import io
from datetime import date

import pytest

from grassroots.models import CommitteeTerm, OfficerPost, ReelectionStep, StarRating
from tests.members.samples import new_member
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Coverage, Union, Unit, User
from unionoffice.records.importing.findings import Judgement
from unionoffice.records.importing.workbook import find, judge, write
from unionoffice.records.taking_back import take_back
from unionoffice.records.types import registry
from unionoffice.sheets.reading import open_book

from .samples import credit_code, figure, joint, on, single, term, unit

pytestmark = pytest.mark.django_db


def bring_in(slug: str, text: str, user: User, *, only_judge: bool = False) -> tuple[Judgement, object]:
    """Import a roster given as comma-separated lines; gives the judgement and the act."""
    kind = registry[slug]
    with open_book(io.BytesIO(text.encode()), "名册.csv") as book:
        found = find(book, user, kind)
        if only_judge:
            return judge(book, found, user)[kind], None
        done, judged = write(book, found, user, summary=f"导入{kind.title}")
    return judged[kind], done


def counts(judged: Judgement) -> tuple[int, int, int, int]:
    tally = judged.tally
    return tally.new, tally.changed, tally.unchanged, tally.refused


def reasons(judged: Judgement) -> dict[int, list[str]]:
    return judged.refused_rows()


def test_roster_of_unions_brings_its_units_and_their_coverage(town: Union, staff: User) -> None:
    code = credit_code()
    roster = (
        "工会名称,建会类型,建会企业,企业信用代码,成立时间,会员人数\n"
        f"甲厂工会,单独建会,甲厂,{code},2019.3.1,30\n"
        "乙村联合工会,联合,,,2018年5月2日,\n"
    )

    judged, done = bring_in("unions", roster, staff)

    assert counts(judged) == (2, 0, 0, 0)
    first, second = Union.objects.get(name="甲厂工会"), Union.objects.get(name="乙村联合工会")
    assert (first.kind, first.parent, first.founded_on, first.declared_members) == (
        UnionKind.SINGLE,
        town,
        date(2019, 3, 1),
        30,
    )
    assert (second.kind, second.parent) == (UnionKind.JOINT, town)
    assert Unit.objects.values_list("name", "credit_code").get() == ("甲厂", code)
    assert Coverage.objects.values_list("union", "unit__name", "started_on").get() == (
        first.pk,
        "甲厂",
        date(2019, 3, 1),
    )
    assert figure("grassroots.units.covered", on("2024-10-31")) == 1
    take_back(done, user=staff)
    assert not Unit.objects.exists() and not Coverage.objects.exists()


def test_same_roster_again_changes_nothing(town: Union, staff: User) -> None:
    roster = "工会名称,工会类型,建会单位,建会日期\n甲厂工会,单独基层工会,甲厂,2019-03-01\n"
    bring_in("unions", roster, staff)

    judged, _ = bring_in("unions", roster, staff)

    assert counts(judged) == (0, 0, 1, 0)
    assert Coverage.objects.count() == 1


def test_blank_upper_union_never_moves_a_union(town: Union, staff: User) -> None:
    federation = joint(town, 0, kind=UnionKind.FEDERATION)
    union = single(federation)
    roster = f"工会名称,工会类型,上级工会,办公电话\n{union.name},单独基层工会,,0574-65712345\n"

    judged, _ = bring_in("unions", roster, staff)

    union.refresh_from_db()
    assert counts(judged) == (0, 1, 0, 0)
    assert (union.parent, union.phone) == (federation, "0574-65712345")


def test_faulty_rows_of_a_union_roster_are_refused_with_the_reason(town: Union, staff: User) -> None:
    own = unit("甲厂")
    single(town, own)
    roster = (
        "工会名称,工会类型,建会单位,建会日期,工会统一社会信用代码\n"
        f"错码工会,联合基层工会,,2020-01-01,{credit_code('91')}\n"
        "再建工会,单独基层工会,甲厂,2020-01-01,\n"
        "未来工会,联合基层工会,,2099-01-01,\n"
        "怪工会,分会,,2020-01-01,\n"
        "好工会,联合基层工会,,2020-01-01,\n"
    )

    judged, _ = bring_in("unions", roster, staff)

    told = reasons(judged)
    assert counts(judged) == (1, 0, 0, 4)
    assert "81或89开头" in told[2][0]
    assert "已有单独基层工会" in told[3][0]
    assert "在一年以后" in told[4][0]
    assert "不在可选范围内" in told[5][0]


def test_units_are_known_by_code_or_name(town: Union, staff: User) -> None:
    code = credit_code()
    unit("甲厂", credit_code=code, staff_total=10)
    roster = (
        "纳税人名称,纳税人识别号,企业类型,从业人数,女职工数\n"
        f"甲厂有限公司,{code},私营,25,8\n"
        "丙店,,个体工商户,3,4\n"
        "丁店,,个体,3,1\n"
    )

    judged, _ = bring_in("units", roster, staff)

    assert counts(judged) == (1, 1, 0, 1)
    assert Unit.objects.filter(credit_code=code).values_list("name", "staff_total").get() == (
        "甲厂有限公司",
        25,
    )
    assert "不能多于职工人数" in reasons(judged)[3][0]


def test_covered_units_of_a_joint_union(town: Union, staff: User) -> None:
    union = joint(town, 0, name="乙村联合工会")
    single(town, unit("甲厂"))
    roster = (
        "联合工会名称,企业名称,信用代码,加入日期\n"
        f"乙村联合工会,小店一,{credit_code()},2024-01-01\n"
        "乙村联合工会,小店二,,2024-01-01\n"
        "甲厂工会,小店三,,2024-01-01\n"
        "没有的工会,小店四,,2024-01-01\n"
    )

    judged, _ = bring_in("coverages", roster, staff)

    assert counts(judged) == (2, 0, 0, 2)
    assert set(union.coverages.values_list("unit__name", flat=True)) == {"小店一", "小店二"}
    assert "只能有1个单位" in reasons(judged)[4][0]
    assert not Unit.objects.filter(name__in=["小店三", "小店四"]).exists()


def test_terms_and_steps_find_their_union_and_term(town: Union, staff: User) -> None:
    union = single(town, unit("甲厂"))
    terms = (
        "工会名称,届次,任期,选举时间,批复时间\n"
        "甲厂工会,1,三年,2019.6.1,2019.6.10\n"
        "甲厂工会,2,5,2022-06-01,2022-06-10\n"
        "甲厂工会,3,4,2027-06-01,\n"
    )

    judged, _ = bring_in("terms", terms, staff)

    assert counts(judged) == (2, 0, 0, 1)
    assert list(union.terms.order_by("number").values_list("years", "ends_on", "label")) == [
        (3, date(2022, 6, 1), "甲厂工会 第1届"),
        (5, date(2027, 6, 1), "甲厂工会 第2届"),
    ]
    steps = (
        "届次,步骤,日期,文号\n甲厂工会第2届,请示上报,2022-04-01,请1号\n甲厂工会 第2届,会议召开,2022-06-02,\n"
    )
    judged, _ = bring_in("reelection-steps", steps, staff)
    assert counts(judged) == (1, 0, 0, 1)
    assert "与本届登记的日期2022-06-01不一致" in reasons(judged)[3][0]
    assert ReelectionStep.objects.values_list("term__number", "document_no").get() == (2, "请1号")


def test_overlapping_terms_of_a_roster_are_refused(town: Union, staff: User) -> None:
    single(town, unit("甲厂"))
    roster = "工会名称,届次,任期,选举日期\n甲厂工会,1,5,2019-06-01\n甲厂工会,2,5,2022-06-01\n"

    judged, _ = bring_in("terms", roster, staff)

    assert counts(judged) == (0, 0, 0, 2)
    assert not CommitteeTerm.objects.exists()


def test_posts_are_linked_to_members_by_their_number(town: Union, staff: User) -> None:
    union = single(town, unit("甲厂"))
    member = new_member(union, name="赵一")
    roster = (
        "工会名称,姓名,身份证号码,工会职务,任职时间,手机\n"
        f"甲厂工会,赵一,{member.id_number},工会主席,2022.6.1,13900000001\n"
        "甲厂工会,钱二,,女工委员,2022-06-01,\n"
    )

    judged, _ = bring_in("posts", roster, staff)

    assert (counts(judged), judged.tally.warned) == ((2, 0, 0, 0), 1)
    assert list(OfficerPost.objects.order_by("pk").values_list("name", "post", "member")) == [
        ("赵一", "chair", member.pk),
        ("钱二", "women_member", None),
    ]


def test_stars_of_a_roster(town: Union, staff: User) -> None:
    single(town, unit("甲厂"))
    roster = (
        "工会名称,评定类型,评定星级,评定时间,有效期起,有效期止\n"
        "甲厂工会,新评,五星,2024.3.1,2024-01-01,2025-12-31\n"
        "甲厂工会,复评,五星级,2024-05-01,2024-01-01,2025-12-31\n"
        "甲厂工会,新评,六星,2024-06-01,2026-01-01,2026-12-31\n"
    )

    judged, _ = bring_in("stars", roster, staff)

    assert counts(judged)[3] == 3
    good = roster.splitlines()[:2]
    judged, _ = bring_in("stars", "\n".join(good) + "\n", staff)
    assert counts(judged) == (1, 0, 0, 0)
    assert StarRating.objects.values_list("level", "kind").get() == (5, "new")


def test_judging_writes_nothing(town: Union, staff: User) -> None:
    roster = "工会名称,工会类型,建会单位,建会日期\n甲厂工会,单独基层工会,甲厂,2019-03-01\n"

    judged, _ = bring_in("unions", roster, staff, only_judge=True)

    assert counts(judged) == (1, 0, 0, 0)
    assert not Unit.objects.exists() and not Union.objects.filter(name="甲厂工会").exists()


def test_term_already_there_is_changed_not_doubled(town: Union, staff: User) -> None:
    union = single(town, unit("甲厂"))
    stored = term(union, "2022-06-01", number=2)
    roster = "工会名称,届次,任期,选举日期,批复日期,批复文号\n甲厂工会,2,5年,2022-06-01,2022-06-10,青工〔2022〕9号\n"

    judged, _ = bring_in("terms", roster, staff)

    stored.refresh_from_db()
    assert counts(judged) == (0, 1, 0, 0)
    assert (stored.approval_no, stored.label) == ("青工〔2022〕9号", "甲厂工会 第2届")


def test_upper_union_may_stand_in_the_same_file(town: Union, staff: User) -> None:
    roster = (
        "工会名称,工会类型,上级工会,建会日期\n"
        "甲厂工会,联合基层工会,园区工会联合会,2020-01-01\n"
        "园区工会联合会,工会联合会,,2019-01-01\n"
    )

    judged, _ = bring_in("unions", roster, staff)

    assert counts(judged) == (2, 0, 0, 0)
    assert Union.objects.get(name="甲厂工会").parent.name == "园区工会联合会"
    assert Union.objects.get(name="园区工会联合会").parent == town
