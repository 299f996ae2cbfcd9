"""The day a union or unit was entered, from the history for the rows that are there; unknown where it tells nothing."""

from django.conf import settings
from django.db import migrations
from django.utils import timezone

import unionoffice.fields

# Not a change of the office's: nothing of it is noted.
FILL = """
alter table {table} disable trigger user;
update {table} t set entered_on = entered.on_day
from (
  select c."row", min((a.at at time zone '{zone}')::date) as on_day
  from records_change c join records_act a on a.id = c.act_id
  where c."table" = '{table}' and c.kind = 'I' group by c."row"
) entered
where entered."row" = t.id;
alter table {table} enable trigger user;
"""


def _field(default: object = None) -> unionoffice.fields.DayField:
    more = {} if default is None else {"default": default}
    return unionoffice.fields.DayField("登记日期", editable=False, null=True, **more)


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0002_union_legal_person_on"),
        ("records", "0005_change_removing"),
    ]
    operations = [
        *(migrations.AddField(model, "entered_on", _field()) for model in ("unit", "union")),
        *(
            migrations.RunSQL(FILL.format(table=f"organisation_{model}", zone=settings.TIME_ZONE), "")
            for model in ("unit", "union")
        ),
        *(
            migrations.AlterField(model, "entered_on", _field(timezone.localdate))
            for model in ("unit", "union")
        ),
        migrations.AlterField(
            "unit",
            "opened_on",
            unionoffice.fields.DayField(
                "成立日期", blank=True, help_text="不填的，从最早的涵盖日期或登记之日起计入", null=True
            ),
        ),
        migrations.AlterField(
            "union",
            "founded_on",
            unionoffice.fields.DayField(
                "建会日期", blank=True, help_text="不填的，从最早的涵盖日期或登记之日起计入", null=True
            ),
        ),
    ]
