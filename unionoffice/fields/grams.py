"""Search for one or more characters anywhere inside a name, with an index.

A trigram index does not help with one or two Chinese characters, so names are indexed by all their
1- and 2-character pieces.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from .simple import PersonNameField, TitleField

# Names of persons have two to four characters: they are cut by plain expressions, which PostgreSQL inlines
# (1.3 µs a name; by generate_series 11 µs). Bodies in the SQL standard's form do not depend on search_path.
NAME_GRAMS_SQL = """
CREATE OR REPLACE FUNCTION name_grams_of_any_length(name text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT array_agg(substr(lower(name), i, n))
    FROM generate_series(1, length(name)) AS i, generate_series(1, least(2, length(name) - i + 1)) AS n
);
CREATE OR REPLACE FUNCTION name_grams(name text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE length(name)
    WHEN 2 THEN ARRAY[left(lower(name), 1), right(lower(name), 1), lower(name)]
    WHEN 3 THEN ARRAY[
        left(lower(name), 1), substr(lower(name), 2, 1), right(lower(name), 1),
        left(lower(name), 2), right(lower(name), 2)]
    WHEN 4 THEN ARRAY[
        left(lower(name), 1), substr(lower(name), 2, 1), substr(lower(name), 3, 1), right(lower(name), 1),
        left(lower(name), 2), substr(lower(name), 2, 2), right(lower(name), 2)]
    ELSE name_grams_of_any_length(name)
END;
"""
NAME_GRAMS_REVERSE_SQL = """
DROP FUNCTION IF EXISTS name_grams(text);
DROP FUNCTION IF EXISTS name_grams_of_any_length(text);
"""
# New entries wait in a list that is merged when it has grown to so many kB: a roster of 100,000 goes in
# a third faster than with the 4 MB of PostgreSQL, and a search before the merge takes some 20 ms.
_PENDING_KB = 16384


class NameGrams(models.Func):
    """The SQL expression name_grams(column)."""

    function = "name_grams"
    output_field = ArrayField(models.TextField())


class NameGramsIndex(GinIndex):
    """The index that serves `<name_field>__grams`; `name` is the index's own name."""

    def __init__(self, name_field: str, *, name: str) -> None:
        super().__init__(NameGrams(name_field), name=name, gin_pending_list_limit=_PENDING_KB)
        self.grams_of = name_field

    def deconstruct(self) -> Any:
        return "unionoffice.fields.NameGramsIndex", (self.grams_of,), {"name": self.name}


@PersonNameField.register_lookup
@TitleField.register_lookup
class GramsLookup(models.Lookup):
    """Whether the name contains the text, whatever the case of Latin letters; "" is in every name."""

    lookup_name = "grams"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, params = self.process_lhs(compiler, connection)
        text = str(self.rhs).lower()
        if len(text) <= 2:
            grams = [text] if text else []
            return f"name_grams({lhs}) @> %s::text[]", [*params, grams]
        grams = [text[i : i + 2] for i in range(len(text) - 1)]
        pattern = "%" + text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
        sql = f"(name_grams({lhs}) @> %s::text[] AND lower({lhs}) LIKE %s)"
        return sql, [*params, grams, *params, pattern]
