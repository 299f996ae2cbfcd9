"""Since when a member's e-card is bound and the real-name data complete: kept by the database from now on, and read
from the history for what is there."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import unionoffice.fields

ZONE = settings.TIME_ZONE
# What a statement turned over. An e-card with a day of its own needs no span while it is bound.
TURNED = """
  select n.id as member_id, 'card' as flag, o.app_bound as was, n.app_bound as stands, o.app_bound_on as began,
    n.app_bound_on is not null as is_dated
  from new_rows n join old_rows o using (id)
  where (o.app_bound, o.app_bound_on) is distinct from (n.app_bound, n.app_bound_on)
  union all
  select n.id, 'complete', o.is_complete, n.is_complete, null::date, false
  from new_rows n join old_rows o using (id)
  where o.is_complete is distinct from n.is_complete
"""
FUNCTION = f"""
create function member_flags_turned() returns trigger language plpgsql as $$
declare today date;
begin
  if not exists ({TURNED}) then return null; end if;
  today := (coalesce(
    (select a.at from records_act a where a.id = nullif(current_setting('unionoffice.act', true), '')::bigint), now()
  ) at time zone '{ZONE}')::date;
  insert into members_flagspan (member_id, flag, since, until)
  select t.member_id, t.flag, t.began, today from ({TURNED}) t
  where t.was and not t.stands and coalesce(t.began < today, true) and not exists (
    select from members_flagspan s where s.member_id = t.member_id and s.flag = t.flag and s.until is null
  );
  update members_flagspan s set until = today from ({TURNED}) t
  where t.was and not t.stands and s.member_id = t.member_id and s.flag = t.flag and s.until is null;
  delete from members_flagspan s using ({TURNED}) t
  where s.member_id = t.member_id and s.flag = t.flag
    and (s.since >= s.until or s.until is null and t.stands and t.is_dated);
  insert into members_flagspan (member_id, flag, since)
  select t.member_id, t.flag, today from ({TURNED}) t where t.stands and not t.was and not t.is_dated;
  return null;
end $$;
create trigger member_flags_turned after update on members_member
  referencing old table as old_rows new table as new_rows
  for each statement execute function member_flags_turned();
"""
DROP = """
drop trigger member_flags_turned on members_member;
drop function member_flags_turned();
"""
FILL = f"""
with turned as (
  select c."row" as member_id, f.flag, (c.before ->> f.kept_in)::boolean as was,
    (a.at at time zone '{ZONE}')::date as day, c.id, (c.before ->> 'app_bound_on')::date as began
  from records_change c
  join records_act a on a.id = c.act_id
  join (values ('card', 'app_bound'), ('complete', 'is_complete')) f (flag, kept_in) on c.before ? f.kept_in
  where c."table" = 'members_member' and c.kind = 'U'
),
spans as (
  select member_id, flag, was, day, coalesce(lag(day) over turns, case when flag = 'card' then began end) as before,
    lead(day) over turns is null as is_last
  from turned window turns as (partition by member_id, flag order by day, id)
)
insert into members_flagspan (member_id, flag, since, until)
select member_id, flag, before, day from spans where was and coalesce(before < day, true)
union all
select s.member_id, s.flag, s.day, null from spans s join members_member m on m.id = s.member_id
where not s.was and s.is_last and (s.flag = 'complete' or m.app_bound_on is null)
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0003_first_events"), ("records", "0005_change_removing")]
    operations = [
        migrations.CreateModel(
            "FlagSpan",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "flag",
                    models.CharField(
                        choices=[("card", "电子会员证已绑定"), ("complete", "实名信息完整")], max_length=10
                    ),
                ),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="members.member",
                    ),
                ),
            ],
        ),
        migrations.AlterField(
            "member",
            "app_bound_on",
            unionoffice.fields.DayField(
                "电子会员证绑定日期", blank=True, help_text="不填的，从登记绑定之日起计入", null=True
            ),
        ),
        migrations.RunSQL(FILL, ""),
        migrations.RunSQL(FUNCTION, DROP),
    ]
