"""Numbers of identity documents."""

from collections.abc import Callable

from unionoffice import identity

from .codes import EXACT_DIGITS, PUNCTUATION, SCIENTIFIC, TRAILING_ZEROS, refuse_masked
from .text import Refused, compact


def clean_id_number(raw: object, kind: str | None = identity.ID_CARD) -> str | None:
    """The number of an identity document of that kind (`identity.DOCUMENT_LABELS`).

    With kind None: what begins with digits and is as long as a card's number is judged as one, anything else
    by the patterns of the other documents. Lost digits are refused, never guessed.
    """
    if type(raw) is str and (kind is None or kind == identity.ID_CARD) and identity.is_id_number(raw):
        return raw
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and abs(raw) >= 10**EXACT_DIGITS:
        raise Refused("id-digits-lost", "证件号码被存成了数字，后几位已丢失，请按文本重新录入")
    number = PUNCTUATION.sub("", TRAILING_ZEROS.sub("", compact(raw))).upper()
    if not number:
        return None
    refuse_masked(number)
    if SCIENTIFIC(number) and not number.isalnum():
        raise Refused("id-digits-lost", "证件号码成了科学计数，后几位已丢失，请重新录入")
    kind = kind or _kind_of(number)
    if kind == identity.ID_CARD or kind == identity.RESIDENCE_PERMIT:
        return _card_number(number, kind)
    if not identity.DOCUMENT_PATTERNS[kind].fullmatch(number):
        label, rule = identity.DOCUMENT_LABELS[kind], identity.DOCUMENT_RULES[kind]
        raise Refused("document-pattern", f"{label}号码不对，应为：{rule}")
    return number


def id_number_cleaner(kind: str | None) -> Callable[[object], str | None]:
    """`clean_id_number` for one kind of document, for a whole column."""
    return lambda raw: clean_id_number(raw, kind)


def _kind_of(number: str) -> str:
    if len(number) == 18 and number[0] == "9":
        return identity.FOREIGNER_PERMIT
    if number.isdigit():
        return identity.TAIWAN_PERMIT if len(number) == 8 else identity.ID_CARD
    if number[0].isdigit() and len(number) >= EXACT_DIGITS:
        return identity.ID_CARD
    others = (identity.HK_MACAO_PERMIT, identity.PASSPORT, identity.FOREIGNER_PERMIT)
    fitting = (kind for kind in others if identity.DOCUMENT_PATTERNS[kind].fullmatch(number))
    return next(fitting, identity.ID_CARD)


def _card_number(number: str, kind: str) -> str:
    if identity.is_id_number(number):
        if kind == identity.RESIDENCE_PERMIT and number[:6] not in identity.PERMIT_REGIONS:
            raise Refused("id-region", "港澳台居民居住证号码应以810000、820000或830000开头")
        return number
    if len(number) == 15 and number.isdigit():
        raise Refused("id-old", "这是15位旧身份证号码，请填现用的18位号码")
    if len(number) != 18:
        raise Refused("id-length", f"身份证号码应为18位，现有{len(number)}位")
    if not (number.isascii() and number[:17].isdigit() and number[17] in "0123456789X"):
        raise Refused("id-characters", "身份证号码前17位应为数字，末位为数字或X")
    if number[:2] not in identity.REGION_PREFIXES:
        raise Refused("id-region", f"身份证号码开头的地区代码{number[:2]}不存在，请核对")
    try:
        identity.birth_of(number)
    except ValueError:
        raise Refused("id-birth", "身份证号码中的出生日期不存在或晚于今天，请核对第7至14位") from None
    raise Refused("id-checksum", "身份证号码的校验位不对，多半有一位输错，请对照证件核对")
