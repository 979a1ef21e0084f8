"""The drift sweep counts its questions to the gateway, also those that brought no answer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escott", "0006_payment_list"),
    ]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="compare_asked_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("compare_asked_at__isnull", False)),
                fields=["compare_asked_at"],
                name="escott_comparisons_asked",
            ),
        ),
    ]
