"""Chinese names as pinyin, for search and order.

A person's first characters are read as a surname where surnames have a reading of their own; names of
organisations are read by phrases. Letters and digits stay, lower-cased; everything else is dropped.
"""

from functools import lru_cache

# Surnames whose reading differs from the usual one of the character (Xiandai Hanyu Cidian), tones as digits.
_SURNAME_READINGS = (
    "曾zeng1 单shan4 仇qiu2 区ou1 朴piao2 翟zhai2 乐yue4 盖ge3 查zha1 解xie4 任ren2 华hua4 召shao4 缪miao4 "
    "覃qin2 冼xian3 洗xian3 燕yan1 要yao1 过guo1 种chong2 折she2 秘bi4 员yun4 郇xun2 黑he4 繁po2 祭zhai4 "
    "葛ge3 句gou1 卜bu3 薄bo2 干gan1 那na1 能nai4 哈ha3 相xiang4 占zhan1 撒sa3 令ling2 少shao4 阚kan4 於yu1 "
    "佴nai4 乜nie4 都du1 纪ji3 还huan2 重chong2 藏zang4 肖xiao1 角jue2 炅gui4 不fou1 粘nian2 乘sheng4 尉yu4 "
    "长chang2 称cheng1 盛sheng4 宿su4 车che1 宓mi4 逄pang2 眭sui1 隗wei3 谌chen2 柏bai3 褚chu3"
)
_COMPOUND_SURNAME_READINGS = (
    "尉迟yu4chi2 单于chan2yu2 长孙zhang3sun1 万俟mo4qi2 令狐ling2hu2 澹台tan2tai2 宰父zai3fu3 亓官qi2guan1 "
    "皇甫huang2fu3 欧阳ou1yang2 夏侯xia4hou2 诸葛zhu1ge3 东方dong1fang1 慕容mu4rong2 赫连he4lian2 "
    "呼延hu1yan2 公冶gong1ye3 纳兰na4lan2 乐正yue4zheng4 少正shao4zheng4 中行zhong1hang2 子车zi3ju1 "
    "第五di4wu3 司马si1ma3 上官shang4guan1 司徒si1tu2 端木duan1mu4 公孙gong1sun1 独孤du2gu1"
)
# Characters of given names where the usual reading of the dictionary is not the one used in names.
_GIVEN_READINGS = "长chang2 晟sheng4 隽jun4 曾zeng1 都du1 厦xia4 葛ge3 卜bu3 传chuan2 柏bai3 娜na4 行xing2"


def _split(tones: str) -> tuple[str, ...]:
    syllables, start = [], 0
    for i, character in enumerate(tones):
        if character.isdigit():
            syllables.append(tones[start : i + 1])
            start = i + 1
    return tuple(syllables)


_SURNAMES = {pair[0]: pair[1:] for pair in _SURNAME_READINGS.split()}
_COMPOUND_SURNAMES = {pair[:2]: _split(pair[2:]) for pair in _COMPOUND_SURNAME_READINGS.split()}
_GIVEN = {pair[0]: pair[1:] for pair in _GIVEN_READINGS.split()}


def _readings_of(text: str) -> list[list[str]]:
    """The syllables of a text with tones; the dictionary is loaded when first needed, for it takes 55 MB."""
    from pypinyin import Style, pinyin

    return pinyin(text, style=Style.TONE3, neutral_tone_with_five=True, errors=_letters)


class _Readings(dict[str, str]):
    """The reading of each character with its tone; "" for what is neither Chinese nor a letter or digit."""

    def __missing__(self, character: str) -> str:
        if character in _GIVEN:
            reading = _GIVEN[character]
        else:
            found = _readings_of(character)
            reading = found[0][0] if found else ""
        self[character] = reading
        return reading


class _ToneLess(dict[str, str]):
    def __missing__(self, character: str) -> str:
        self[character] = syllable = _without_tone(_readings[character])
        return syllable


class _Initials(dict[str, str]):
    def __missing__(self, character: str) -> str:
        self[character] = initial = _readings[character][:1]
        return initial


def _letters(text: str) -> list[str]:
    return [character.lower() for character in text if character.isascii() and character.isalnum()]


def _without_tone(syllable: str) -> str:
    return syllable[:-1] if len(syllable) > 1 else syllable


_readings = _Readings()
_tone_less = _ToneLess()
_initials = _Initials()


@lru_cache(maxsize=50_000)
def _by_phrases(name: str) -> tuple[str, ...]:
    """The syllables of an organisation's name with tones, Latin letters and digits one by one."""
    found = _readings_of(name)
    return tuple([syllables[0] for syllables in found])


def _surname(name: str) -> tuple[str, ...]:
    """The syllables of a surname with a reading of its own, else nothing."""
    compound = _COMPOUND_SURNAMES.get(name[:2])
    if compound:
        return compound
    single = _SURNAMES.get(name[:1])
    return (single,) if single else ()


@lru_cache(maxsize=8_192)
def _spelled(name: str) -> tuple[str, str, str]:
    """A person's name as whole pinyin, as initials and as a sort key, which are always wanted together."""
    surname = _surname(name)
    given = name[len(surname) :]
    return (
        "".join([*map(_without_tone, surname), *[_tone_less[character] for character in given]]),
        "".join([*[syllable[0] for syllable in surname], *[_initials[character] for character in given]]),
        " ".join([*surname, *[reading for character in given if (reading := _readings[character])]]),
    )


def name_pinyin(name: str, person: bool = True) -> str:
    """The whole name without tones or blanks: 张小明 gives zhangxiaoming."""
    return _spelled(name)[0] if person else "".join(map(_without_tone, _by_phrases(name)))


def name_initials(name: str, person: bool = True) -> str:
    """The first letter of each syllable: 张小明 gives zxm."""
    return _spelled(name)[1] if person else "".join([syllable[:1] for syllable in _by_phrases(name)])


def sort_key(name: str, person: bool = True) -> str:
    """A key that orders names as a dictionary does, by syllable and then by tone: "zhang1 xiao3 ming2"."""
    return _spelled(name)[2] if person else " ".join(_by_phrases(name))
