"""KanaName beside Oscar's addresses, as they were in Oscar's first migrations."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("address", "0001_initial"), ("order", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="KanaName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "last_name_kana",
                    models.CharField(max_length=60, verbose_name="Last name (kana)"),
                ),
                (
                    "first_name_kana",
                    models.CharField(max_length=60, verbose_name="First name (kana)"),
                ),
                (
                    "shipping_address",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kana_name",
                        to="order.shippingaddress",
                        verbose_name="shipping address",
                    ),
                ),
                (
                    "user_address",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kana_name",
                        to="address.useraddress",
                        verbose_name="address book entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "kana name",
                "verbose_name_plural": "kana names",
                "constraints": [
                    models.CheckConstraint(
                        name="escott_kana_of_one_address",
                        condition=models.Q(
                            ("shipping_address__isnull", True),
                            ("user_address__isnull", True),
                            _connector="XOR",
                        ),
                    )
                ],
            },
        ),
    ]
