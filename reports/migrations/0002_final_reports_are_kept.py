"""A final document, its texts, figures and file are refused every change by the database itself."""

from django.db import migrations

PARTS = ("reports_reporttext", "reports_figureoverride", "reports_frozenfigure")
# Class 23 makes it an IntegrityError, so that an undo that would touch a final document is told in plain words.
FUNCTIONS = """
create function final_report_kept() returns trigger language plpgsql as $$
begin
  if old.state = 'final' then
    raise exception 'report % is final: % is not allowed', old.id, tg_op using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;

create function final_report_part_kept() returns trigger language plpgsql as $$
declare touched bigint[];
begin
  touched := case tg_op when 'INSERT' then array[new.report_id] when 'DELETE' then array[old.report_id]
    else array[old.report_id, new.report_id] end;
  if exists (select from reports_report where id = any(touched) and state = 'final') then
    raise exception 'the report of this % is final: % is not allowed', tg_table_name, tg_op
      using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;

create function final_file_kept() returns trigger language plpgsql as $$
begin
  if exists (select from reports_report where file_id = old.id and state = 'final') then
    raise exception 'file % belongs to a final report: % is not allowed', old.id, tg_op
      using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;

create trigger final_report_kept before update or delete on reports_report
  for each row execute function final_report_kept();
create trigger final_file_kept before update or delete on records_blob
  for each row execute function final_file_kept();
""" + "".join(
    f"create trigger final_report_part_kept before insert or update or delete on {table}\n"
    "  for each row execute function final_report_part_kept();\n"
    for table in PARTS
)
DROP = (
    "drop trigger final_report_kept on reports_report; drop trigger final_file_kept on records_blob;"
    + "".join(f"drop trigger final_report_part_kept on {table};" for table in PARTS)
    + "drop function final_report_kept(); drop function final_report_part_kept(); drop function final_file_kept();"
)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("records", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTIONS, DROP)]
