"""Numbers that are codes: telephones, identity documents, credit codes, bank accounts."""

import re
from collections.abc import Callable

from unionoffice import identity

from .text import Refused, compact, shown

_MOBILE = re.compile(r"1[3-9]\d{9}").fullmatch
_PUNCTUATION = re.compile(r"[-—–－‐()（）_]")
_LANDLINE = re.compile(r"(?:(0(?:10|2\d|[3-9]\d\d))-?)?([2-9]\d{6,7})(?:(?:-|转|分机)(\d{1,6}))?").fullmatch
_SERVICE_NUMBER = re.compile(r"([48]00)-?(\d{3})-?(\d{4})").fullmatch
_HOTLINE = re.compile(r"1\d{2}|1[02]\d{3}|9[56]\d{3,4}").fullmatch
_SCIENTIFIC = re.compile(r"[\d.]+E\+?\d+", re.IGNORECASE).fullmatch
_TRAILING_ZERO = re.compile(r"(?<=\d)\.0+$")
_EXACT_DIGITS = 15


def clean_mobile(raw: object) -> str | None:
    """A mainland mobile number of 11 digits, without +86, blanks or dashes."""
    if type(raw) is str and _MOBILE(raw) and raw.isascii():
        return raw
    number = _PUNCTUATION.sub("", _TRAILING_ZERO.sub("", compact(raw)))
    if not number:
        return None
    _refuse_masked(number)
    for prefix in ("+86", "0086", "86"):
        if number.startswith(prefix) and len(number) == len(prefix) + 11:
            number = number[len(prefix) :]
    if _MOBILE(number):
        return number
    if _SCIENTIFIC(number):
        raise Refused(
            "mobile-digits-lost", f"手机号码{shown(raw)}被Excel改成了科学计数，后几位已丢失，请重新录入"
        )
    if not number.isdigit():
        raise Refused("mobile-pattern", f"手机号码{shown(raw)}应为11位数字，一格只填一个号码")
    if number.startswith("0") or len(number) in (7, 8):
        raise Refused("mobile-landline", f"{shown(raw)}像是固定电话，手机号码应为以1开头的11位数字")
    if len(number) != 11:
        raise Refused("mobile-pattern", f"手机号码{shown(raw)}应为11位数字，现有{len(number)}位")
    raise Refused("mobile-pattern", f"手机号码{shown(raw)}应以13至19开头")


def clean_phone(raw: object) -> str | None:
    """A telephone: landline as 0574-65712345-801, 400 numbers, hotlines, or a mobile number."""
    number = _TRAILING_ZERO.sub("", compact(raw)).replace("（", "(").replace("）", ")")
    if not number:
        return None
    _refuse_masked(number)
    number = re.sub(r"[—–－‐]", "-", number)
    number = re.sub(r"^(?:\+|00)86-?", "", number)
    number = re.sub(r"^\((0?\d{2,3})\)-?", r"\1-", number)
    if found := _SERVICE_NUMBER(number):
        return "-".join(found.groups())
    if found := _LANDLINE(number):
        return "-".join(part for part in found.groups() if part)
    digits = number.replace("-", "")
    if _MOBILE(digits) or _HOTLINE(digits):
        return digits
    if re.fullmatch(r"(?:10|2\d|[3-9]\d\d)-?[2-9]\d{6,7}", number):
        raise Refused("phone-zero-lost", f"电话{shown(raw)}的区号少了开头的0，请补上，如0574-65712345")
    raise Refused("phone-pattern", f"电话{shown(raw)}看不懂，请写成0574-65712345或手机号码")


def clean_credit_code(raw: object) -> str | None:
    """A unified social credit code: 18 upper-case characters with a right check character (GB 32100)."""
    code = _PUNCTUATION.sub("", compact(raw)).upper()
    if not code:
        return None
    if identity.is_credit_code(code):
        return code
    _refuse_masked(code)
    if isinstance(raw, (int, float)) or _SCIENTIFIC(code):
        raise Refused(
            "credit-code-digits-lost", "统一社会信用代码被存成了数字，后几位已丢失，请按文本重新录入"
        )
    if len(code) != 18:
        old = "，像是旧的营业执照号或组织机构代码" if len(code) in (9, 15) else ""
        raise Refused("credit-code-length", f"统一社会信用代码应为18位，现有{len(code)}位{old}")
    odd = "".join(c for c in code if c not in "0123456789ABCDEFGHJKLMNPQRTUWXY")
    if odd:
        raise Refused(
            "credit-code-characters",
            f"统一社会信用代码中不应有{shown(odd)}（代码不用字母I、O、S、V、Z），请核对",
        )
    raise Refused("credit-code-checksum", "统一社会信用代码的校验位不对，请对照证书核对")


def credit_code_cleaner(holder: str) -> Callable[[object], str | None]:
    """A cleaner of credit codes that refuses an employer's code in a union's place, and the reverse."""

    def clean(raw: object) -> str | None:
        code = clean_credit_code(raw)
        if code is not None and not identity.credit_code_fits(code, holder):
            if holder == "union":
                raise Refused("credit-code-holder", "这是用人单位的代码，工会的统一社会信用代码以81或89开头")
            raise Refused("credit-code-holder", "这是工会的代码（以81或89开头），请填用人单位自己的代码")
        return code

    return clean


def clean_id_number(raw: object, kind: str | None = identity.ID_CARD) -> str | None:
    """The number of an identity document of that kind (`identity.DOCUMENT_LABELS`).

    With kind None: 18 characters or digits alone are judged as an identity card, the rest by the patterns
    of the other documents.
    """
    if type(raw) is str and kind in (identity.ID_CARD, None) and identity.is_id_number(raw):
        return raw
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and abs(raw) >= 10**_EXACT_DIGITS:
        raise Refused("id-digits-lost", "证件号码被存成了数字，后几位已丢失，请按文本重新录入")
    number = _PUNCTUATION.sub("", compact(raw)).upper()
    if not number:
        return None
    _refuse_masked(number)
    if _SCIENTIFIC(number) and number.count("E") == 1 and ("." in number or "+" in number):
        raise Refused(
            "id-digits-lost", f"证件号码{shown(raw)}被Excel改成了科学计数，后几位已丢失，请重新录入"
        )
    if kind is None:
        kind = _kind_of(number)
    if kind in (identity.ID_CARD, identity.RESIDENCE_PERMIT):
        return _card_number(number, kind)
    if not identity.DOCUMENT_PATTERNS[kind].fullmatch(number):
        label, rule = identity.DOCUMENT_LABELS[kind], identity.DOCUMENT_RULES[kind]
        raise Refused("document-pattern", f"{label}号码{shown(raw)}不对，应为：{rule}")
    return number


def id_number_cleaner(kind: str) -> Callable[[object], str | None]:
    """`clean_id_number` for one kind of document, for a whole column."""
    return lambda raw: clean_id_number(raw, kind)


def _kind_of(number: str) -> str:
    if number.isdigit() and len(number) == 8:
        return identity.TAIWAN_PERMIT
    if number[:1].isdigit() and len(number) >= 15 and not (len(number) == 18 and number[0] == "9"):
        return identity.ID_CARD
    for kind, pattern in identity.DOCUMENT_PATTERNS.items():
        if kind != identity.TAIWAN_PERMIT and pattern.fullmatch(number) and not number.isdigit():
            return kind
    return identity.FOREIGNER_PERMIT if len(number) == 18 and number[0] == "9" else identity.ID_CARD


def _card_number(number: str, kind: str) -> str:
    number = _TRAILING_ZERO.sub("", number)
    if identity.is_id_number(number):
        if kind == identity.RESIDENCE_PERMIT and number[:6] not in identity.PERMIT_PREFIXES:
            raise Refused("id-region", "港澳台居民居住证号码应以810000、820000或830000开头")
        return number
    if len(number) == 15 and number.isdigit():
        raise Refused("id-old", "这是15位旧身份证号码，请填现用的18位号码")
    if len(number) != 18:
        raise Refused("id-length", f"身份证号码应为18位，现有{len(number)}位")
    if not (number[:17].isdigit() and number.isascii() and number[17] in "0123456789X"):
        raise Refused("id-characters", "身份证号码前17位应为数字，末位为数字或X")
    if number[:2] not in identity.REGION_PREFIXES:
        raise Refused("id-region", f"身份证号码开头的地区代码{number[:2]}不存在，请核对")
    try:
        identity.birth_of(number)
    except ValueError:
        raise Refused("id-birth", f"身份证号码中的出生日期{number[6:14]}不存在或晚于今天，请核对") from None
    raise Refused("id-checksum", "身份证号码的校验位不对，多半有一位输错，请对照证件核对")


def clean_bank_account(raw: object) -> str | None:
    """A bank account or card number: 8 to 30 digits, blanks and dashes dropped."""
    number = _PUNCTUATION.sub("", compact(raw))
    if not number:
        return None
    _refuse_masked(number)
    if _SCIENTIFIC(number) and not number.isdigit():
        raise Refused(
            "bank-digits-lost", f"银行账号{shown(raw)}被Excel改成了科学计数，后几位已丢失，请重新录入"
        )
    if isinstance(raw, (int, float)) and len(number) > _EXACT_DIGITS:
        raise Refused("bank-digits-lost", "银行账号被存成了数字，后几位已丢失，请按文本重新录入")
    number = _TRAILING_ZERO.sub("", number)
    if not (number.isascii() and number.isdigit()):
        raise Refused("bank-characters", "银行账号应只有数字，请核对")
    if not 8 <= len(number) <= 30:
        raise Refused("bank-length", f"银行账号应为8至30位数字，现有{len(number)}位")
    return number


def _refuse_masked(number: str) -> None:
    if identity.is_masked(number):
        raise Refused("masked", "这是打了星号的号码，不能当作原号码使用，请填完整号码或留空")
