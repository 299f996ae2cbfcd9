"""The database keeps the chain of each member's events and what follows from it for the member."""

from django.db import migrations

# Each statement is planned anew (execute): a plan made for one member would not do for an import of 100,000.
# A second round finds nothing that differs and ends the recursion.
CHAIN = """
with ordered as (
  select e.id,
    lead(e."on") over chain as until,
    lag(e.union_id) over chain as from_union_id,
    coalesce(lag(e.state) over chain, '') as from_state
  from members_membershipevent e
  where e.member_id in ({touched})
  window chain as (partition by e.member_id order by e."on")
)
update members_membershipevent e
set until = o.until, from_union_id = o.from_union_id, from_state = o.from_state
from ordered o
where o.id = e.id
  and (e.until, e.from_union_id, e.from_state) is distinct from (o.until, o.from_union_id, o.from_state)
"""
CURRENT = """
update members_member m
set union_id = e.union_id, state = e.state, joined_on = e.joined_on
from (
  select member_id, union_id, state, "on",
    first_value("on") over chain as joined_on,
    lead("on") over chain as later
  from members_membershipevent
  where member_id in ({touched})
  window chain as (partition by member_id order by "on")
) e
where e.later is null and m.id = e.member_id
  and (m.union_id, m.state, m.joined_on) is distinct from (e.union_id, e.state, e.joined_on)
"""
FUNCTION = """
create function {name}() returns trigger language plpgsql as $function$
begin
  if not exists ({touched}) then return null; end if;
  execute $statement${chain}$statement$;
  execute $statement${current}$statement$;
  return null;
end $function$;
"""
ONE = "select member_id from changed_rows"
BOTH = "select member_id from changed_rows union select member_id from former_rows"


def _function(name: str, touched: str) -> str:
    parts = {"chain": CHAIN.format(touched=touched), "current": CURRENT.format(touched=touched)}
    return FUNCTION.format(name=name, touched=touched, **parts)


CREATE = (
    _function("membership_changed", ONE)
    + _function("membership_rewritten", BOTH)
    + """
create trigger membership_inserted after insert on members_membershipevent
  referencing new table as changed_rows for each statement execute function membership_changed();
create trigger membership_updated after update on members_membershipevent
  referencing old table as former_rows new table as changed_rows
  for each statement execute function membership_rewritten();
create trigger membership_deleted after delete on members_membershipevent
  referencing old table as changed_rows for each statement execute function membership_changed();
"""
)
DROP = """
drop trigger membership_inserted on members_membershipevent;
drop trigger membership_updated on members_membershipevent;
drop trigger membership_deleted on members_membershipevent;
drop function membership_changed();
drop function membership_rewritten();
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
