"""Telephones, credit codes, bank accounts."""

import re
from collections.abc import Callable

from unionoffice import identity

from .text import Refused, compact, shown

EXACT_DIGITS = 15  # a number cell keeps no more
PUNCTUATION = re.compile(r"[-—–－‐()（）_]")
SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?E\+?\d+", re.ASCII | re.IGNORECASE).fullmatch
TRAILING_ZEROS = re.compile(r"(?<=\d)\.0+$", re.ASCII)

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII).fullmatch
_DASHES = re.compile(r"[—–‐]")
_COUNTRY = re.compile(r"(?:\+|00)?86-?(?=0|1[3-9])", re.ASCII)
_BRACKETED_AREA = re.compile(r"\((0\d{2,3})\)-?", re.ASCII)
_LANDLINE = re.compile(
    r"(?:(0(?:10|2\d|[3-9]\d\d))-?)?([2-9]\d{6,7})(?:(?:-|转|分机)(\d{1,6}))?", re.ASCII
).fullmatch
_AREA_WITHOUT_ZERO = re.compile(r"(?:10|2\d|[3-9]\d\d)-?[2-9]\d{6,7}", re.ASCII).fullmatch
_SERVICE_NUMBER = re.compile(r"([48]00)-?(\d{3})-?(\d{4})", re.ASCII).fullmatch
_HOTLINE = re.compile(r"1\d\d|1[02]\d{3}|9[56]\d{3,4}", re.ASCII).fullmatch
_NOT_IN_CREDIT_CODES = re.compile(r"[0-9A-HJ-NP-RTUW-Y]", re.ASCII)
_BANK = re.compile(r"\d{8,30}", re.ASCII).fullmatch


def refuse_masked(number: str) -> None:
    """Refused for a number shown with stars: it must never be taken for the number itself."""
    if identity.is_masked(number):
        raise Refused("masked", "号码中有星号，不是完整号码，请填完整号码；不改此项可留空")


def clean_mobile(raw: object) -> str | None:
    """A mainland mobile number of 11 digits, without +86, blanks or dashes."""
    if type(raw) is str and _MOBILE(raw):
        return raw
    number = PUNCTUATION.sub("", TRAILING_ZEROS.sub("", compact(raw)))
    if not number:
        return None
    refuse_masked(number)
    number = _COUNTRY.sub("", number, count=1) if len(number) > 11 and _COUNTRY.match(number) else number
    if _MOBILE(number):
        return number
    if SCIENTIFIC(number):
        raise Refused("mobile-digits-lost", f"手机号码{shown(raw)}成了科学计数，后几位已丢失，请重新录入")
    if not number.isdigit():
        raise Refused("mobile-pattern", f"手机号码{shown(raw)}应为11位数字，一格只填一个号码")
    if number.startswith("0") or len(number) in (7, 8):
        raise Refused("mobile-landline", f"{shown(raw)}像是固定电话，手机号码应为以1开头的11位数字")
    if len(number) != 11:
        raise Refused("mobile-pattern", f"手机号码{shown(raw)}应为11位数字，现有{len(number)}位")
    raise Refused("mobile-pattern", f"手机号码{shown(raw)}应以13至19开头")


def clean_phone(raw: object) -> str | None:
    """A telephone: landline as 0574-65712345-801, 400 numbers, hotlines, or a mobile number."""
    number = _DASHES.sub("-", TRAILING_ZEROS.sub("", compact(raw)))
    if not number:
        return None
    refuse_masked(number)
    if len(number) > 11 and _COUNTRY.match(number):
        number = _COUNTRY.sub("", number, count=1)
    number = _BRACKETED_AREA.sub(r"\1-", number, count=1)
    if found := _SERVICE_NUMBER(number) or _LANDLINE(number):
        return "-".join(part for part in found.groups() if part)
    digits = number.replace("-", "")
    if _MOBILE(digits) or _HOTLINE(digits):
        return digits
    if _AREA_WITHOUT_ZERO(number):
        raise Refused("phone-zero-lost", f"电话{shown(raw)}的区号少了开头的0，请补上，如0574-65712345")
    raise Refused("phone-pattern", f"电话{shown(raw)}看不懂，请写成0574-65712345或手机号码")


def clean_credit_code(raw: object) -> str | None:
    """A unified social credit code: 18 upper-case characters with a right check character (GB 32100)."""
    if type(raw) is str and identity.is_credit_code(raw):
        return raw
    code = PUNCTUATION.sub("", compact(raw)).upper()
    if not code:
        return None
    if identity.is_credit_code(code) and not isinstance(raw, (int, float)):
        return code
    refuse_masked(code)
    if (isinstance(raw, (int, float)) and len(code) > EXACT_DIGITS) or SCIENTIFIC(code):
        raise Refused("credit-code-digits-lost", "信用代码被存成了数字，后几位已丢失，请按文本重新录入")
    if len(code) != 18:
        old = "，像是旧的营业执照号或组织机构代码" if len(code) in (9, 15) else ""
        raise Refused("credit-code-length", f"统一社会信用代码应为18位，现有{len(code)}位{old}")
    if odd := _NOT_IN_CREDIT_CODES.sub("", code):
        hint = "（不用字母I、O、S、V、Z，多半是1、0、5、U、2）"
        raise Refused("credit-code-characters", f"统一社会信用代码中不应有{shown(odd)}{hint}，请核对")
    raise Refused("credit-code-checksum", "统一社会信用代码的校验位不对，请对照证书核对")


def credit_code_cleaner(holder: str) -> Callable[[object], str | None]:
    """A cleaner of credit codes that refuses an employer's code in a union's place, and the reverse."""

    def clean(raw: object) -> str | None:
        code = clean_credit_code(raw)
        if code is not None and not identity.credit_code_fits(code, holder):
            if holder == "union":
                raise Refused("credit-code-holder", "这像是用人单位的代码，工会自己的代码以81或89开头")
            raise Refused("credit-code-holder", "这是工会的代码（以81或89开头），请填用人单位自己的代码")
        return code

    return clean


def clean_bank_account(raw: object) -> str | None:
    """A bank account or card number: 8 to 30 digits, blanks and dashes dropped."""
    number = PUNCTUATION.sub("", compact(raw))
    if not number:
        return None
    refuse_masked(number)
    if SCIENTIFIC(number) or (isinstance(raw, (int, float)) and abs(raw) >= 10**EXACT_DIGITS):
        raise Refused("bank-digits-lost", "银行账号被存成了数字，后几位已丢失，请按文本重新录入")
    number = TRAILING_ZEROS.sub("", number)
    if _BANK(number):
        return number
    if not (number.isascii() and number.isdigit()):
        raise Refused("bank-characters", "银行账号应只有数字，请核对")
    raise Refused("bank-length", f"银行账号应为8至30位数字，现有{len(number)}位")
