"""Identity numbers and organisation codes: what they say, whether they hold, how they are masked.

Sources: GB 11643-1999 (citizen identity number), GB 32100-2015 (unified social credit code),
GB/T 2261.1 (codes of sex); for retirement the Decision of the Standing Committee of the National People's
Congress of 2024-09-13 on raising the statutory retirement age step by step, in force from 2025-01-01.
"""

import re
from calendar import monthrange
from datetime import date

MALE, FEMALE = "1", "2"

ID_CARD = "id_card"
RESIDENCE_PERMIT = "residence_permit"
HK_MACAO_PERMIT = "hk_macao_permit"
TAIWAN_PERMIT = "taiwan_permit"
PASSPORT = "passport"
FOREIGNER_PERMIT = "foreigner_permit"
DOCUMENT_LABELS = {
    ID_CARD: "居民身份证",
    RESIDENCE_PERMIT: "港澳台居民居住证",
    HK_MACAO_PERMIT: "港澳居民来往内地通行证",
    TAIWAN_PERMIT: "台湾居民来往大陆通行证",
    PASSPORT: "护照",
    FOREIGNER_PERMIT: "外国人永久居留身份证",
}
DOCUMENT_PATTERNS = {
    HK_MACAO_PERMIT: re.compile(r"[HM]\d{8}(\d{2})?", re.ASCII),
    TAIWAN_PERMIT: re.compile(r"\d{8}|\d{10}[A-Z]?", re.ASCII),
    PASSPORT: re.compile(r"(?=.*\d)[A-Z0-9]{5,17}", re.ASCII),
    FOREIGNER_PERMIT: re.compile(r"[A-Z]{3}\d{12}|9\d{16}[0-9X]", re.ASCII),
}
DOCUMENT_RULES = {
    ID_CARD: "18位，末位可为X",
    RESIDENCE_PERMIT: "18位，以81、82或83开头，末位可为X",
    HK_MACAO_PERMIT: "H或M开头，后接8位或10位数字",
    TAIWAN_PERMIT: "8位数字；旧证为10位数字，后可有1个字母",
    PASSPORT: "5至17位字母和数字",
    FOREIGNER_PERMIT: "新证18位，以9开头；旧证为3个字母加12位数字",
}

REGION_PREFIXES = frozenset(
    f"{n}"
    for first, last in (
        (11, 15),
        (21, 23),
        (31, 37),
        (41, 46),
        (50, 54),
        (61, 65),
        (71, 71),
        (81, 83),
    )
    for n in range(first, last + 1)
)
PERMIT_REGIONS = frozenset(("810000", "820000", "830000"))

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_VALUES = {character: value for value, character in enumerate(_CREDIT_ALPHABET)}
_CREDIT_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))

_UNION_PREFIXES = ("81", "89")
_MASS_BODY_PREFIX = "13"


def _group(text: str, first: int) -> int:
    return sum(_WEIGHTS[first + i] * int(digit) for i, digit in enumerate(text))


class _Births(dict[str, int]):
    """Weighted sums of the eight digits of a birthday, kept for real days from 1850 to today only."""

    def __missing__(self, digits: str) -> int:
        birth_day(digits)
        self[digits] = total = _group(digits, 6)
        return total


class _Days(dict[str, date]):
    def __missing__(self, digits: str) -> date:
        if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
            raise ValueError("a birthday in an identity number has eight digits")
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        if day.year < 1850 or day > date.today():
            raise ValueError("a birthday in an identity number lies between 1850 and today")
        self[digits] = day
        return day


_days = _Days()
birth_day = _days.__getitem__
_HEADS = {f"{n:03}": _group(f"{n:03}", 0) for n in range(1000) if f"{n:03}"[:2] in REGION_PREFIXES}
_MIDDLES = {f"{n:03}": _group(f"{n:03}", 3) for n in range(1000)}
_births = _Births()
_TAILS = {
    f"{n:03}{check}": _group(f"{n:03}", 14) + value
    for n in range(1000)
    for value, check in enumerate("0123456789X")
}


def id_check_character(body: str) -> str:
    """The 18th character of the identity number that begins with these 17 digits (GB 11643)."""
    return _CHECKS[_group(body, 0) % 11]


def is_id_number(number: str) -> bool:
    """Whether 18 half-width characters form a citizen's number: region, real past birthday, check."""
    try:
        return (
            _HEADS[number[:3]] + _MIDDLES[number[3:6]] + _births[number[6:14]] + _TAILS[number[14:]]
        ) % 11 == 1
    except (KeyError, ValueError):
        return False


def birth_of(number: str) -> date:
    """The birthday inside an identity number of 18 characters; ValueError if there is none."""
    return _days[number[6:14]]


def sex_of(number: str) -> str:
    """MALE or FEMALE by the 17th digit of an identity number."""
    return MALE if number[16] in "13579" else FEMALE


def credit_check_character(body: str) -> str:
    """The 18th character of the credit code that begins with these 17 (GB 32100); KeyError for I O S V Z."""
    total = sum(weight * _CREDIT_VALUES[c] for weight, c in zip(_CREDIT_WEIGHTS, body, strict=True))
    return _CREDIT_ALPHABET[(31 - total % 31) % 31]


def is_credit_code(code: str) -> bool:
    """Whether 18 upper-case characters form a unified social credit code."""
    try:
        return len(code) == 18 and credit_check_character(code[:17]) == code[17]
    except KeyError:
        return False


def credit_code_fits(code: str, holder: str) -> bool:
    """Whether a "union" or an "employer" can hold such a code, by its first two characters.

    81 and 89 are unions; 13 (mass bodies) can be either, all others are employers.
    """
    if code.startswith(_MASS_BODY_PREFIX):
        return True
    return code.startswith(_UNION_PREFIXES) == (holder == "union")


NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[Xx]|\d{15,19})(?![0-9A-Za-z])", re.ASCII)


def mask_id(number: str) -> str:
    """First three and last four characters; of short numbers (passports) the first and the last four."""
    shown = 3 if len(number) >= 12 else 1
    if len(number) < 8:
        return "*" * len(number)
    return number[:shown] + "*" * (len(number) - shown - 4) + number[-4:]


def mask_all_but_region(number: str) -> str:
    """The first three characters only: beside a date of birth the last four would leave three digits to guess."""
    return number[:3] + "*" * (len(number) - 3) if len(number) >= 12 else "*" * len(number)


def without_numbers(text: str) -> str:
    """The text, such as the name of a file, with every identity or bank number in it masked."""
    return NUMBERS.sub(lambda found: mask_id(found[0]), text)


def mask_mobile(number: str) -> str:
    """First three and last four digits: 138****1234."""
    return number[:3] + "*" * (len(number) - 7) + number[-4:] if len(number) > 7 else "*" * len(number)


def mask_bank(number: str) -> str:
    """The last four digits only."""
    return "*" * (len(number) - 4) + number[-4:] if len(number) > 4 else "*" * len(number)


def is_masked(text: object) -> bool:
    """Whether a cell holds a masked value, which must never be taken for the value itself."""
    return isinstance(text, str) and ("*" in text or "＊" in text)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def age_on(birth: date, day: date) -> int:
    """Full years of age on that day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def statutory_retirement_on(birth: date, sex: str, cadre: bool = False) -> date:
    """The day the statutory retirement age is reached, by the Decision of 2024-09-13.

    From 2025 on the age rises by one month for every four months of birth (men 60 to 63, women in
    management or technical posts, `cadre`, 55 to 58) or for every two months (other women, 50 to 55).
    """
    if sex == MALE:
        age, step, most = 60, 4, 36
    elif cadre:
        age, step, most = 55, 4, 36
    else:
        age, step, most = 50, 2, 60
    months_late = (birth.year + age - 2025) * 12 + birth.month - 1
    delay = min(months_late // step + 1, most) if months_late >= 0 else 0
    return add_months(birth, age * 12 + delay)
