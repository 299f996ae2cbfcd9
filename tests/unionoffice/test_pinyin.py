"""Names as pinyin."""

import pytest

from unionoffice.pinyin import name_initials, name_pinyin, sort_key


@pytest.mark.parametrize(
    ("name", "full", "initials", "order"),
    [
        ("张小明", "zhangxiaoming", "zxm", "zhang1 xiao3 ming2"),
        ("曾小乐", "zengxiaole", "zxl", "zeng1 xiao3 le4"),
        ("单雄信", "shanxiongxin", "sxx", "shan4 xiong2 xin4"),
        ("仇英", "qiuying", "qy", "qiu2 ying1"),
        ("区伟", "ouwei", "ow", "ou1 wei3"),
        ("朴正", "piaozheng", "pz", "piao2 zheng4"),
        ("翟天临", "zhaitianlin", "ztl", "zhai2 tian1 lin2"),
        ("乐嘉", "yuejia", "yj", "yue4 jia1"),
        ("盖叫天", "gejiaotian", "gjt", "ge3 jiao4 tian1"),
        ("查良镛", "zhaliangyong", "zly", "zha1 liang2 yong1"),
        ("解缙", "xiejin", "xj", "xie4 jin4"),
        ("任长霞", "renchangxia", "rcx", "ren2 chang2 xia2"),
        ("华国锋", "huaguofeng", "hgf", "hua4 guo2 feng1"),
        ("肖战", "xiaozhan", "xz", "xiao1 zhan4"),
        ("欧阳娜娜", "ouyangnana", "oynn", "ou1 yang2 na4 na4"),
        ("尉迟恭", "yuchigong", "ycg", "yu4 chi2 gong1"),
        ("单于明", "chanyuming", "cym", "chan2 yu2 ming2"),
        ("万俟卨", "moqixie", "mqx", "mo4 qi2 xie4"),
        ("令狐冲", "linghuchong", "lhc", "ling2 hu2 chong1"),
        ("买买提·吐尔逊", "maimaitituerxun", "mmttex", "mai3 mai3 ti2 tu3 er3 xun4"),
        ("John Smith", "johnsmith", "johnsmith", "j o h n s m i t h"),
        ("𬍛宇", "liyu", "ly", "li4 yu3"),
        ("", "", "", ""),
    ],
)
def test_person_is_read_with_the_surname(name: str, full: str, initials: str, order: str) -> None:
    assert (name_pinyin(name), name_initials(name), sort_key(name)) == (full, initials, order)


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("重庆长安汽车工会", "chongqingchanganqichegonghui", "cqcaqcgh"),
        ("解放路社区", "jiefanglushequ", "jflsq"),
        ("单位", "danwei", "dw"),
        ("A公司（第2分厂）", "agongsidi2fenchang", "agsd2fc"),
    ],
)
def test_organisation_is_read_by_phrases(name: str, full: str, initials: str) -> None:
    assert (name_pinyin(name, person=False), name_initials(name, person=False)) == (full, initials)


def test_sort_key_orders_by_syllable_then_tone() -> None:
    names = ["张伟", "章伟", "常伟", "掌伟", "单伟", "欧阳伟", "区伟", "张薇"]

    assert sorted(names, key=sort_key) == ["常伟", "区伟", "欧阳伟", "单伟", "张薇", "张伟", "章伟", "掌伟"]


def test_characters_are_remembered_with_their_own_reading() -> None:
    """A surname read in its own way leaves the same character in a given name alone, in either order of calls."""
    assert name_pinyin("单小乐") == "shanxiaole"
    assert name_pinyin("乐小单") == "yuexiaodan"
    assert name_pinyin("单小乐") == "shanxiaole"
