"""Acts are read by the whole office, and the name of a photo may be that of whoever is ill: it stands in the change alone."""

from django.db import migrations

# History refuses every update; only its owner may set the refusal aside, for the one statement.
STATEMENTS = (
    "alter table records_act disable trigger user",
    """update records_act set summary = regexp_replace(summary, ' 附件 .*$', ' 附件')
    where kind in ('change', 'delete') and summary like '% 附件 %'""",
    "alter table records_act enable trigger user",
)


class Migration(migrations.Migration):
    dependencies = [("records", "0005_change_removing")]
    operations = [migrations.RunSQL(list(STATEMENTS), migrations.RunSQL.noop)]
