import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escott", "0002_card_capabilities"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("capture", "Capture"), ("cancel", "Cancel")],
                        max_length=16,
                        verbose_name="operation",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("list", "Chosen in the list of payments"),
                            ("shipping", "Shipping list (CSV)"),
                        ],
                        default="list",
                        max_length=10,
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True, verbose_name="key")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                (
                    "stopped_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="stopped at"),
                ),
            ],
            options={
                "verbose_name": "batch",
                "verbose_name_plural": "batches",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("result_unknown", "The result of an operation is unknown"),
                            ("order_closed", "A payment came for an order that is closed"),
                            ("late_success", "The gateway reported success after it was given up"),
                            ("late_doubt", "The gateway was asked after it had been given up"),
                            ("state_differs", "Operated on in the gateway's console"),
                            ("amount_differs", "The gateway holds another amount"),
                            ("gone", "The gateway does not know the payment any more"),
                            ("total_differs", "The order's total is not the amount of its payment"),
                            ("expired", "An authorisation ran out"),
                            ("operation_failed", "A planned operation was not carried out"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("seen", models.JSONField(blank=True, default=dict)),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="closed at"),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
            ],
            options={
                "verbose_name": "case",
                "verbose_name_plural": "cases",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="MailText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("order_paid", "Order confirmed"),
                            ("order_free", "Free order confirmed"),
                            ("payment_refused", "Card refused"),
                            ("payment_unknown", "Payment being checked"),
                            ("payment_not_charged", "Nothing was charged"),
                            ("payment_unfinished", "Identity check not finished"),
                            ("payment_request", "Payment link"),
                            ("payment_cancelled", "Payment cancelled"),
                            ("amount_changed", "Amount changed"),
                            ("order_abandoned", "Order cancelled, not paid in time"),
                            ("shop_case", "To the shop: something needs attention"),
                            ("shop_dates", "To the shop: last days of operations"),
                        ],
                        max_length=24,
                        unique=True,
                        verbose_name="kind",
                    ),
                ),
                ("sender", models.CharField(blank=True, max_length=200, verbose_name="sender")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("body", models.TextField(max_length=8000, verbose_name="body")),
                (
                    "signature",
                    models.TextField(blank=True, max_length=2000, verbose_name="signature"),
                ),
            ],
            options={
                "verbose_name": "mail text",
                "verbose_name_plural": "mail texts",
            },
        ),
        migrations.CreateModel(
            name="PlannedOperation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "due_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="due at"
                    ),
                ),
                (
                    "leased_until",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="leased until"
                    ),
                ),
                (
                    "attempts",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="attempts"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("capture", "Capture"), ("cancel", "Cancel")],
                        max_length=16,
                        verbose_name="operation",
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True, verbose_name="key")),
                ("amount_seen", models.PositiveIntegerField(verbose_name="amount")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("done", "Asked for"),
                            ("left_out", "Not possible any more"),
                            ("stopped", "Stopped before it was asked for"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("obstacle", models.CharField(blank=True, max_length=20)),
            ],
            options={
                "verbose_name": "planned operation",
                "verbose_name_plural": "planned operations",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.PositiveIntegerField(verbose_name="amount")),
                ("returned_on", models.DateField(verbose_name="returned on")),
                ("bank", models.CharField(max_length=100, verbose_name="bank or way of return")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("key", models.CharField(max_length=64, unique=True, verbose_name="key")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
            ],
            options={
                "verbose_name": "refund",
                "verbose_name_plural": "refunds",
                "ordering": ["-id"],
            },
        ),
        migrations.AlterModelOptions(
            name="payment",
            options={
                "ordering": ["-id"],
                "permissions": [
                    ("capture_payment", "Can capture payments"),
                    ("cancel_payment", "Can cancel payments"),
                    ("cancel_past_period", "Can try to cancel after the last day of operations"),
                    ("change_amount", "Can change the amount of payments"),
                    ("reauthorise_payment", "Can re-authorise payments"),
                    ("charge_saved_card", "Can charge the saved card of a customer"),
                    ("request_payment", "Can send payment links"),
                    ("record_refund", "Can record refunds made outside the gateway"),
                    ("settle_payment", "Can settle payments whose result is unknown"),
                    ("resolve_case", "Can close what needs attention"),
                ],
                "verbose_name": "payment",
                "verbose_name_plural": "payments",
            },
        ),
        migrations.RemoveConstraint(
            model_name="mail",
            name="escott_one_mail_of_a_kind",
        ),
        migrations.RemoveConstraint(
            model_name="mail",
            name="escott_one_mail_of_a_free_order",
        ),
        migrations.AddField(
            model_name="auditentry",
            name="area",
            field=models.CharField(
                choices=[
                    ("settings", "Settings"),
                    ("operation", "Payment operations"),
                    ("case", "What needed attention"),
                    ("card", "Saved cards"),
                    ("override", "Against the rule"),
                    ("mail", "Mail texts"),
                ],
                default="settings",
                max_length=10,
                verbose_name="area",
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="occasion",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="merchantaccount",
            name="abandoned_after_hours",
            field=models.PositiveSmallIntegerField(
                default=72, verbose_name="hours after which an unpaid order is cancelled"
            ),
        ),
        migrations.AddField(
            model_name="merchantaccount",
            name="captures_on_shipping",
            field=models.BooleanField(default=False, verbose_name="capture when shipped"),
        ),
        migrations.AddField(
            model_name="merchantaccount",
            name="compares_a_minute",
            field=models.PositiveSmallIntegerField(
                default=60, verbose_name="comparisons with the gateway a minute"
            ),
        ),
        migrations.AddField(
            model_name="operation",
            name="tells_customer",
            field=models.BooleanField(default=False, verbose_name="mail to the customer"),
        ),
        migrations.AddField(
            model_name="payment",
            name="captured_on",
            field=models.DateField(blank=True, null=True, verbose_name="sales date"),
        ),
        migrations.AddField(
            model_name="payment",
            name="card_brand",
            field=models.CharField(
                blank=True,
                choices=[
                    ("visa", "visa"),
                    ("mastercard", "mastercard"),
                    ("jcb", "jcb"),
                    ("amex", "amex"),
                    ("diners", "diners"),
                    ("other", "other"),
                ],
                max_length=12,
                verbose_name="card brand",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="compare_due_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="payment",
            name="compared_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="compared with the gateway at"
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="last_four",
            field=models.CharField(blank=True, max_length=4, verbose_name="last four digits"),
        ),
        migrations.AddField(
            model_name="payment",
            name="needs_attention",
            field=models.BooleanField(
                default=False, editable=False, verbose_name="needs attention"
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="warned_days",
            field=models.PositiveSmallIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="mail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("order_paid", "Order confirmed"),
                    ("order_free", "Free order confirmed"),
                    ("payment_refused", "Card refused"),
                    ("payment_unknown", "Payment being checked"),
                    ("payment_not_charged", "Nothing was charged"),
                    ("payment_unfinished", "Identity check not finished"),
                    ("payment_request", "Payment link"),
                    ("payment_cancelled", "Payment cancelled"),
                    ("amount_changed", "Amount changed"),
                    ("order_abandoned", "Order cancelled, not paid in time"),
                    ("shop_case", "To the shop: something needs attention"),
                    ("shop_dates", "To the shop: last days of operations"),
                ],
                max_length=24,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="operation",
            name="resolved_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Not applicable"),
                    ("token_search", "Inquiry by token"),
                    ("search", "Inquiry by ProcessId"),
                    ("staff", "Staff, by the gateway's console"),
                    ("elsewhere", "Done in the gateway's console, taken over here"),
                ],
                default="",
                max_length=16,
                verbose_name="resolved by",
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["area", "-id"], name="escott_audit_area"),
        ),
        migrations.AddIndex(
            model_name="operation",
            index=models.Index(
                condition=models.Q(("transaction_id", ""), _negated=True),
                fields=["transaction_id"],
                name="escott_by_transaction_id",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("needs_attention", True)),
                fields=["id"],
                name="escott_needs_attention",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["state", "-id"], name="escott_by_state"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("last_four", ""), _negated=True),
                fields=["last_four", "-id"],
                name="escott_by_last_four",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["amount", "-id"], name="escott_by_amount"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("captured_on__isnull", False)),
                fields=["captured_on"],
                name="escott_by_sales_date",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("compared_at__isnull", False)),
                fields=["compared_at"],
                name="escott_compared",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("compare_due_at__isnull", False)),
                fields=["compare_due_at"],
                name="escott_comparisons",
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.UniqueConstraint(
                fields=("payment", "kind", "occasion"), name="escott_one_mail_of_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.UniqueConstraint(
                condition=models.Q(("payment__isnull", True)),
                fields=("order_reference", "kind", "occasion"),
                name="escott_one_mail_of_a_free_order",
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="done by",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="closed by",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="payment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="escott.payment",
            ),
        ),
        migrations.AddField(
            model_name="plannedoperation",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="plans",
                to="escott.batch",
            ),
        ),
        migrations.AddField(
            model_name="plannedoperation",
            name="operation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="escott.operation",
            ),
        ),
        migrations.AddField(
            model_name="plannedoperation",
            name="payment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plans",
                to="escott.payment",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="done by",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="payment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="escott.payment",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["kind", "payment"],
                name="escott_open_cases",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("payment", "kind"),
                name="escott_one_open_case",
            ),
        ),
        migrations.AddIndex(
            model_name="plannedoperation",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["due_at"],
                name="escott_plans_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 1)), name="escott_refund_amount"
            ),
        ),
    ]
