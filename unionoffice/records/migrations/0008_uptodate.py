from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0007_submission_content")]
    operations = [
        migrations.CreateModel(
            "UpToDate",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
            ],
        )
    ]
