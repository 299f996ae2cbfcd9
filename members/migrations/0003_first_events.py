"""The first events of members are copied from their rows: nothing then follows from them for chain or member."""

from django.db import migrations

TRIGGER = """
drop trigger membership_inserted on members_membershipevent;
create trigger membership_inserted after insert on members_membershipevent
  referencing new table as changed_rows for each statement {condition} execute function membership_changed();
"""
CONDITION = "when (coalesce(current_setting('unionoffice.first_events', true), '') <> 'on')"


class Migration(migrations.Migration):
    dependencies = [("members", "0002_membershipevent_triggers")]
    operations = [migrations.RunSQL(TRIGGER.format(condition=CONDITION), TRIGGER.format(condition=""))]
