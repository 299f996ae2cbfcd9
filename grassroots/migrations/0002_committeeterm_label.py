"""The database names every term after its union, so that a file or a choice can name it."""

from django.db import migrations

import unionoffice.fields

CREATE = """
create function committeeterm_label() returns trigger language plpgsql as $$
begin
  new.label := (select name from organisation_union where id = new.union_id) || ' 第' || new.number || '届';
  return new;
end $$;
create function committeeterm_relabel() returns trigger language plpgsql as $$
begin
  update grassroots_committeeterm set label = '' where union_id = new.id;
  return null;
end $$;
create trigger committeeterm_label before insert or update on grassroots_committeeterm
  for each row execute function committeeterm_label();
create trigger committeeterm_relabel after update of name on organisation_union
  for each row when (old.name is distinct from new.name) execute function committeeterm_relabel();
"""
DROP = """
drop trigger committeeterm_relabel on organisation_union;
drop trigger committeeterm_label on grassroots_committeeterm;
drop function committeeterm_relabel();
drop function committeeterm_label();
"""


class Migration(migrations.Migration):
    dependencies = [("grassroots", "0001_initial")]
    operations = [
        migrations.AddField(
            "committeeterm",
            "label",
            unionoffice.fields.TitleField(
                blank=True, editable=False, max_length=140, null=True, unique=True, verbose_name="届次名称"
            ),
        ),
        migrations.RunSQL(CREATE + "update grassroots_committeeterm set label = '';", DROP),
        migrations.AlterField(
            "committeeterm",
            "label",
            unionoffice.fields.TitleField(
                blank=True, editable=False, max_length=140, unique=True, verbose_name="届次名称"
            ),
        ),
    ]
