"""A document with the attachments its order asks for beside the list of figures."""

from dataclasses import replace

from .charts import charts_of
from .drafting import Draft
from .summary import Summary
from .tables import tables_of


def with_attachments(draft: Draft) -> Summary:
    """The text with tables and charts; one that has nothing to show is left out."""
    return replace(draft.summary, tables=tables_of(draft), charts=charts_of(draft))
