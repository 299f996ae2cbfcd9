"""Model fields that clean what they are given in the same way on a page and in an import."""

from .cells import CellField, CleanedFormField, cell_for, cleaner_for
from .derived import DerivedField, PinyinField, derived_fields, with_derived
from .grams import NAME_GRAMS_REVERSE_SQL, NAME_GRAMS_SQL, NameGramsIndex
from .lines import LinesField, LinesTotalField
from .secrets import BankAccountField, EncryptedField, HashField, IdNumberField, Secret
from .simple import (
    CreditCodeField,
    DayField,
    FlagField,
    MobileField,
    MoneyField,
    PersonNameField,
    PhoneField,
    TitleField,
)

__all__ = [
    "NAME_GRAMS_REVERSE_SQL",
    "NAME_GRAMS_SQL",
    "BankAccountField",
    "CellField",
    "CleanedFormField",
    "CreditCodeField",
    "DayField",
    "DerivedField",
    "EncryptedField",
    "FlagField",
    "HashField",
    "IdNumberField",
    "LinesField",
    "LinesTotalField",
    "MobileField",
    "MoneyField",
    "NameGramsIndex",
    "PersonNameField",
    "PhoneField",
    "PinyinField",
    "Secret",
    "TitleField",
    "cell_for",
    "cleaner_for",
    "derived_fields",
    "with_derived",
]
