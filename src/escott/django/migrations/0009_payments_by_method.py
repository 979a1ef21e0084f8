"""決済一覧 by the way to pay: the newest of a rare one are found without reading the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("escott", "0008_online_collection")]

    operations = [
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["method", "created_at", "id"], name="escott_by_method"),
        ),
    ]
