"""Whoever was searched for by an identity number stands in no saved view."""

from typing import Any

from django.db import migrations
from django.http import QueryDict

from unionoffice.identity import NUMBERS


def forget_numbers(apps: Any, schema_editor: Any) -> None:
    for view in apps.get_model("records", "SavedView").objects.filter(query__contains="q="):
        params = QueryDict(view.query, mutable=True)
        typed = params.get("q", "")
        if NUMBERS.search(typed):
            params["q"] = " ".join(NUMBERS.sub("", typed).split())
            view.query = params.urlencode()
            view.save(update_fields=["query"])


class Migration(migrations.Migration):
    dependencies = [("records", "0008_uptodate")]
    operations = [migrations.RunPython(forget_numbers, migrations.RunPython.noop)]
