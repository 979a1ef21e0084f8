"""What may happen to an order once only, and the orders for a difference."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escott", "0003_payment_operations"),
        ("escott_oscar", "0001_initial"),
        ("order", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DifferenceOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("original", models.CharField(max_length=64)),
                ("serial", models.PositiveSmallIntegerField()),
                ("number", models.CharField(max_length=64, unique=True)),
                ("amount", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "ordering": ["original", "serial"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("original", "serial"), name="escott_difference_serial"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NotedOperation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "operation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="escott.operation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StockReturn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("returned_at", models.DateTimeField()),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="order.order",
                    ),
                ),
            ],
        ),
    ]
