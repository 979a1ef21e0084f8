"""The reading of a name is searched for in 決済一覧."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("escott_oscar", "0002_order_closing")]

    operations = [
        migrations.AddIndex(
            model_name="kananame",
            index=models.Index(
                fields=["last_name_kana", "first_name_kana"],
                name="escott_kana_name",
                opclasses=["varchar_pattern_ops", "varchar_pattern_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="kananame",
            index=models.Index(
                fields=["first_name_kana"],
                name="escott_kana_first_name",
                opclasses=["varchar_pattern_ops"],
            ),
        ),
    ]
