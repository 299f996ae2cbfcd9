"""An event dated ahead leaves the member's row as it is until its day: the row says where the person stands today."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

before = import_module("members.migrations.0002_membershipevent_triggers")
# The day of the act in whose name is written, which is today unless a test says otherwise.
OFFICE_DAY = f"""
create function office_day() returns date language sql stable as $$
  select (coalesce(
    (select a.at from records_act a where a.id = nullif(current_setting('unionoffice.act', true), '')::bigint), now()
  ) at time zone '{settings.TIME_ZONE}')::date
$$;
"""
CURRENT = """
update members_member m
set union_id = e.union_id, state = e.state, joined_on = e.joined_on
from (
  select distinct on (member_id) member_id, union_id, state, first_value("on") over chain as joined_on
  from members_membershipevent, (select office_day() as today) d
  where member_id in ({touched})
  window chain as (partition by member_id order by "on")
  order by member_id, "on" > today, case when "on" > today then "on" - today else today - "on" end
) e
where m.id = e.member_id
  and (m.union_id, m.state, m.joined_on) is distinct from (e.union_id, e.state, e.joined_on)
"""


def _functions(current: str) -> str:
    """The functions of the triggers with this way of telling where a member stands."""
    return "".join(
        before.FUNCTION.replace("create function", "create or replace function").format(
            name=name,
            touched=touched,
            chain=before.CHAIN.format(touched=touched),
            current=current.format(touched=touched),
        )
        for name, touched in (("membership_changed", before.ONE), ("membership_rewritten", before.BOTH))
    )


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_flagspan"),
        ("organisation", "0003_entered_on"),
        ("records", "0008_uptodate"),
    ]
    operations = [
        migrations.AddField(
            "membershipevent",
            "unit",
            models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.unit",
                verbose_name="变动后单位",
            ),
        ),
        migrations.RunSQL(OFFICE_DAY, "drop function office_day()"),
        migrations.RunSQL(_functions(CURRENT), _functions(before.CURRENT)),
    ]
