from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisation", "0003_entered_on")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="sessions_key",
            field=models.CharField(blank=True, default="", editable=False, max_length=32),
            preserve_default=False,
        ),
        # One-time passwords of before had no end: they get theirs from now on.
        migrations.RunSQL(
            "update organisation_user set password_changed_at = now() where must_change_password",
            migrations.RunSQL.noop,
        ),
    ]
