from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0004_job_attempts")]
    operations = [
        migrations.AddIndex(
            model_name="change",
            index=models.Index(condition=models.Q(("kind", "D")), fields=["table"], name="change_removing"),
        )
    ]
