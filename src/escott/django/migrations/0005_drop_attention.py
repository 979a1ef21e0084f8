"""The mark of a payment is a flag now; its reasons are cases."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("escott", "0004_open_cases")]

    operations = [
        migrations.RemoveIndex(
            model_name="payment",
            name="escott_attention",
        ),
        migrations.RemoveField(
            model_name="payment",
            name="attention",
        ),
    ]
