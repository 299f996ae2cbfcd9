import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0002_importrun_details")]

    operations = [
        migrations.AlterField(
            model_name="change",
            name="act",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                to="records.act",
            ),
        ),
    ]
