"""Encrypted columns and the keyed hashes by which they are found."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import FieldError
from django.db import models
from django.forms import BoundField

from unionoffice import crypto, identity, values

from .cells import CellField, CleanedFormField
from .derived import DerivedField


class Secret(str):
    """A decrypted value that shows itself masked in any repr and remembers its ciphertext."""

    __slots__ = ("sealed",)

    def __new__(cls, text: str, sealed: bytes) -> "Secret":
        secret = super().__new__(cls, text)
        secret.sealed = sealed
        return secret

    def __repr__(self) -> str:
        return f"<secret {identity.mask_bank(self)}>"

    def __reduce__(self) -> Any:
        return Secret, (str(self), self.sealed)


class SecretBoundField(BoundField):
    """A secret in a form: what is stored is shown masked, and sent back masked it stays as it is."""

    @property
    def data(self) -> Any:
        entry = super().data
        return self.initial if self.initial and entry == self.field.shown(self.initial) else entry


class SecretFormField(CleanedFormField):
    """A text box that never holds a stored secret in full."""

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> SecretBoundField:
        return SecretBoundField(form, self, field_name)

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Secret) else super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return self.shown(value) if isinstance(value, Secret) else value


class EncryptedField(CellField):
    """Text kept as AES-256-GCM ciphertext (bytea); found only through its HashField.

    With `stable` equal texts give equal bytes: for numbers that have a HashField anyway.
    """

    description = "加密文本"
    empty_strings_allowed = False
    stable = False
    input_attributes = {"autocomplete": "off", "data-sensitive": ""}

    def get_internal_type(self) -> str:
        return "BinaryField"

    def clean_value(self, raw: Any) -> str | None:
        return values.clean_text(raw)

    def masked(self, value: str | None) -> str:
        """The value as pages and documents show it."""
        return identity.mask_bank(value) if value else ""

    def masked_closely(self, value: str | None) -> str:
        """The value for those who see personal data masked, who may read what else the row tells of it."""
        return self.masked(value)

    def cell(self, value: str | None) -> str | None:
        return self.masked(value) or None

    def seal(self, value: str | None) -> bytes | None:
        """The bytes that are stored for a value."""
        if not value:
            return None
        return value.sealed if isinstance(value, Secret) else crypto.encrypt(str(value), self.stable)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if hasattr(value, "resolve_expression") or isinstance(value, (bytes, memoryview)):
            return value
        return self.seal(value)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return models.Field.get_db_prep_save(self, value, connection)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Secret | None:
        if value is None:
            return None
        sealed = bytes(value)
        return Secret(crypto.decrypt(sealed), sealed)

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, Secret):
            return value
        return super().to_python(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in ("isnull", "exact"):
            raise FieldError(f"{self} is encrypted; search by its HashField.")
        return super().get_lookup(lookup_name)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**({"form_class": SecretFormField, "shown": self.masked} | kwargs))

    def get_prep_value(self, value: Any) -> Any:
        return value


class IdNumberField(EncryptedField):
    """The number of an identity document; `kind` names the field that tells which kind of document."""

    description = "证件号码"
    stable = True

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        card = identity.DOCUMENT_RULES[identity.ID_CARD]
        self.rule = f"身份证{card}；其他证件照证件填写" if kind else card

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.kind:
            kwargs["kind"] = self.kind
        return name, path, args, kwargs

    def clean_value(self, raw: Any) -> str | None:
        return values.clean_id_number(raw, None if self.kind else identity.ID_CARD)

    def masked(self, value: str | None) -> str:
        return identity.mask_id(value) if value else ""

    def masked_closely(self, value: str | None) -> str:
        return identity.mask_all_but_region(value) if value else ""


class BankAccountField(EncryptedField):
    """A bank account or card number."""

    description = "银行账号"
    rule = "8至30位数字"
    stable = True
    input_attributes = {"autocomplete": "off", "inputmode": "numeric", "data-sensitive": ""}

    def clean_value(self, raw: Any) -> str | None:
        return values.clean_bank_account(raw)


class HashField(DerivedField):
    """16 bytes of a keyed hash of the field `of`, or of its `last` characters; found by the plain text.

    Case, width and blanks of the text do not matter. Fields of one `purpose` (by default the name of the
    field) can be compared across record types.
    """

    description = "检索码"

    def __init__(
        self, *args: Any, of: str, last: int | None = None, purpose: str = "", **kwargs: Any
    ) -> None:
        kwargs = {"null": True, "db_index": True} | kwargs
        super().__init__(*args, of=of, **kwargs)
        self.last = last
        self.purpose = purpose

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs |= {"null": self.null, "db_index": self.db_index}
        if self.last:
            kwargs["last"] = self.last
        if self.purpose:
            kwargs["purpose"] = self.purpose
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "BinaryField"

    @property
    def full_purpose(self) -> str:
        return f"{self.purpose or self.of}:{self.last or ''}"

    def compute(self, value: Any) -> bytes | None:
        if not value:
            return None
        return crypto.blind_index(self.hashed_part(value), self.full_purpose)

    def compute_all(self, values: Iterable[Any]) -> list[bytes | None]:
        index, part = crypto.blind_indexer(self.full_purpose), self.hashed_part
        return [index(part(value)) if value else None for value in values]

    def index_of(self, text: str) -> bytes | None:
        """The hash under which a text typed by a person is found."""
        return self.compute(text)

    def hashed_part(self, value: str) -> str:
        """What of a plain text is hashed."""
        text = values.compact(value).upper()
        return text[-self.last :] if self.last else text

    def to_python(self, value: Any) -> bytes | None:
        return bytes(value) if isinstance(value, memoryview) else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        return None if value is None else bytes(value)

    def get_prep_value(self, value: Any) -> Any:
        return self.compute(value) if isinstance(value, str) else value


@EncryptedField.register_lookup
class SecretExact(models.lookups.Exact):
    """Only `field=None` has a meaning: equality with a text is the work of the HashField."""

    def get_prep_lookup(self) -> Any:
        if self.rhs is not None:
            raise FieldError(f"{self.lhs.output_field} is encrypted; search by its HashField.")
        return None


@HashField.register_lookup
class HashExact(models.lookups.Exact):
    """Equality with a hash, or with a plain text under the present key or any old one."""

    def get_prep_lookup(self) -> Any:
        if isinstance(self.rhs, str):
            field = self.lhs.output_field
            indexes = crypto.blind_indexes(field.hashed_part(self.rhs), field.full_purpose)
            return indexes[0] if len(indexes) == 1 else indexes
        return super().get_prep_lookup()

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [value]

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return f"= ANY({rhs})" if isinstance(self.rhs, list) else f"= {rhs}"
