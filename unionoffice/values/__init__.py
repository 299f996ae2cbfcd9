"""From a cell or a form to a value, or Refused with one Chinese line; the same for pages and imports."""

from .choices import clean_choice, clean_flag
from .codes import (
    clean_bank_account,
    clean_credit_code,
    clean_mobile,
    clean_phone,
    credit_code_cleaner,
)
from .days import clean_day, clean_month, is_month_only
from .documents import clean_id_number, id_number_cleaner
from .goods import Line, Lines, clean_lines
from .memo import Cleaner, Memo, correction, memo
from .numbers import clean_decimal, clean_integer, clean_money, decimal_cleaner
from .text import Refused, clean_name, clean_paragraphs, clean_text, clean_title, compact, half_width, shown

__all__ = [
    "Cleaner",
    "Line",
    "Lines",
    "Memo",
    "Refused",
    "clean_bank_account",
    "clean_choice",
    "clean_credit_code",
    "clean_day",
    "clean_decimal",
    "clean_flag",
    "clean_id_number",
    "clean_integer",
    "clean_lines",
    "clean_mobile",
    "clean_money",
    "clean_month",
    "clean_name",
    "clean_paragraphs",
    "clean_phone",
    "clean_text",
    "clean_title",
    "compact",
    "correction",
    "credit_code_cleaner",
    "decimal_cleaner",
    "half_width",
    "id_number_cleaner",
    "is_month_only",
    "memo",
    "shown",
]
