"""決済一覧: an index for each of its filters, in the order in which the list shows the rows."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escott", "0005_drop_attention"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="payment",
            name="escott_created",
        ),
        migrations.RemoveIndex(
            model_name="payment",
            name="escott_expiring",
        ),
        migrations.RemoveIndex(
            model_name="payment",
            name="escott_needs_attention",
        ),
        migrations.RemoveIndex(
            model_name="payment",
            name="escott_by_state",
        ),
        migrations.RemoveIndex(
            model_name="payment",
            name="escott_by_last_four",
        ),
        migrations.RemoveIndex(
            model_name="payment",
            name="escott_by_amount",
        ),
        migrations.RemoveIndex(
            model_name="payment",
            name="escott_by_sales_date",
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["created_at", "id"], name="escott_created"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("needs_attention", True)),
                fields=["created_at", "id"],
                name="escott_needs_attention",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["state", "created_at", "id"], name="escott_by_state"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("mode", "test")),
                fields=["created_at", "id"],
                name="escott_test_payments",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                django.db.models.functions.text.Lower("email"),
                models.F("created_at"),
                condition=models.Q(("email", ""), _negated=True),
                name="escott_by_email",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("last_four", ""), _negated=True),
                fields=["last_four", "created_at", "id"],
                name="escott_by_last_four",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["amount", "created_at", "id"], name="escott_by_amount"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("captured_on__isnull", False)),
                fields=["captured_on", "id"],
                name="escott_by_sales_date",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("state", "authorised")),
                fields=["operable_until", "id"],
                name="escott_expiring",
            ),
        ),
        migrations.AddIndex(
            model_name="operation",
            index=models.Index(
                condition=models.Q(("state", "unknown")),
                fields=["payment"],
                name="escott_unknown_operations",
            ),
        ),
    ]
