import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import escott.django.encrypted_field


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MerchantAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.SlugField(default="default", unique=True, verbose_name="name")),
                (
                    "mode",
                    models.CharField(
                        choices=[("test", "Test"), ("production", "Production")],
                        default="test",
                        max_length=10,
                        verbose_name="mode",
                    ),
                ),
                (
                    "seller_country",
                    models.CharField(default="JP", max_length=2, verbose_name="seller country"),
                ),
                (
                    "currency",
                    models.CharField(default="JPY", max_length=3, verbose_name="currency"),
                ),
                (
                    "merchant_id",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator("\\A[0-9]+\\Z", "Digits only.")
                        ],
                        verbose_name="merchant ID",
                    ),
                ),
                (
                    "test_password",
                    escott.django.encrypted_field.EncryptedField(
                        blank=True,
                        default=escott.django.encrypted_field.no_secret,
                        verbose_name="merchant password (test)",
                    ),
                ),
                (
                    "production_password",
                    escott.django.encrypted_field.EncryptedField(
                        blank=True,
                        default=escott.django.encrypted_field.no_secret,
                        verbose_name="merchant password (production)",
                    ),
                ),
                (
                    "tenant_id",
                    models.CharField(
                        default="0001",
                        max_length=4,
                        validators=[
                            django.core.validators.RegexValidator("\\A[0-9]{4}\\Z", "Four digits.")
                        ],
                        verbose_name="tenant ID",
                    ),
                ),
                (
                    "token_code",
                    models.CharField(
                        blank=True,
                        max_length=64,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9A-Za-z]+\\Z", "Half-width letters and digits only."
                            )
                        ],
                        verbose_name="token authentication code",
                    ),
                ),
                (
                    "card_enabled",
                    models.BooleanField(default=False, verbose_name="card payment enabled"),
                ),
                (
                    "card_title",
                    models.CharField(
                        default="クレジットカード", max_length=60, verbose_name="title"
                    ),
                ),
                (
                    "card_description",
                    models.CharField(
                        blank=True,
                        default="クレジットカードで支払う",
                        max_length=200,
                        verbose_name="description",
                    ),
                ),
                (
                    "needs_security_code",
                    models.BooleanField(default=True, verbose_name="ask for the security code"),
                ),
                (
                    "card_charge",
                    models.CharField(
                        choices=[("authorise", "Authorise"), ("gather", "Authorise and capture")],
                        default="gather",
                        max_length=10,
                        verbose_name="processing class",
                    ),
                ),
                (
                    "order_status",
                    models.CharField(
                        choices=[("processing", "Processing"), ("completed", "Completed")],
                        default="processing",
                        max_length=20,
                        verbose_name="order status",
                    ),
                ),
                (
                    "handling_days",
                    models.PositiveSmallIntegerField(default=60, verbose_name="handling period"),
                ),
            ],
            options={
                "verbose_name": "merchant account",
                "verbose_name_plural": "merchant accounts",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["test", "production"])),
                        name="escott_account_mode",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "transaction_code",
                    models.CharField(max_length=12, verbose_name="transaction code"),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("test", "Test"), ("production", "Production")],
                        max_length=10,
                        verbose_name="mode",
                    ),
                ),
                ("method", models.CharField(default="card", max_length=12, verbose_name="method")),
                ("order_reference", models.CharField(max_length=64, verbose_name="order")),
                (
                    "purpose",
                    models.CharField(default="order", max_length=16, verbose_name="purpose"),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("all_virtual", models.BooleanField(default=False, verbose_name="nothing to ship")),
                ("amount", models.PositiveIntegerField(verbose_name="amount")),
                (
                    "pay_type",
                    models.CharField(default="01", max_length=2, verbose_name="instalments"),
                ),
                ("charged_by", models.CharField(max_length=10, verbose_name="processing class")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("started", "In progress"),
                            ("unknown", "Result unknown"),
                            ("refused", "Refused"),
                            ("not_sent", "Not sent"),
                            ("not_charged", "Not charged"),
                            ("authorised", "Authorised"),
                            ("gathered", "Authorised and captured"),
                            ("captured", "Captured"),
                            ("cancelled", "Cancelled"),
                            ("expired", "Expired"),
                        ],
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("live", models.BooleanField(editable=False, verbose_name="live")),
                (
                    "attention",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "None"),
                            ("ask_console", "Look the charge up in the gateway's console"),
                            ("order_closed", "A payment came for an order that is closed"),
                            ("late_success", "The gateway reported success after it was given up"),
                        ],
                        default="",
                        max_length=16,
                        verbose_name="needs attention",
                    ),
                ),
                (
                    "process_id",
                    models.CharField(blank=True, max_length=64, verbose_name="ProcessId"),
                ),
                (
                    "process_pass",
                    escott.django.encrypted_field.EncryptedField(
                        blank=True, default=escott.django.encrypted_field.no_secret, editable=False
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                (
                    "charged_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="charged at"),
                ),
                (
                    "operable_until",
                    models.DateField(blank=True, null=True, verbose_name="last day of operations"),
                ),
                ("announce_due_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="escott.merchantaccount",
                        verbose_name="merchant account",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "payment",
                "verbose_name_plural": "payments",
                "ordering": ["-id"],
                "permissions": [
                    ("operate_payment", "Can run payment operations at the gateway"),
                    ("settle_payment", "Can settle payments whose result is unknown"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Operation",
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
                ("number", models.PositiveSmallIntegerField(verbose_name="no.")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("authorise", "Authorise"),
                            ("gather", "Authorise and capture"),
                            ("capture", "Capture"),
                            ("change_amount", "Change amount"),
                            ("cancel", "Cancel"),
                            ("reauthorise", "Re-authorise"),
                        ],
                        max_length=16,
                        verbose_name="operation",
                    ),
                ),
                ("amount", models.PositiveIntegerField(verbose_name="amount")),
                ("key", models.CharField(max_length=64, verbose_name="key")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("started", "In progress"),
                            ("unknown", "Result unknown"),
                            ("ok", "OK"),
                            ("refused", "Refused"),
                            ("not_sent", "Not sent"),
                            ("not_done", "Not carried out"),
                        ],
                        max_length=10,
                        verbose_name="result",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="asked at")),
                (
                    "ended_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered at"),
                ),
                (
                    "token",
                    escott.django.encrypted_field.EncryptedField(
                        blank=True, default=escott.django.encrypted_field.no_secret, editable=False
                    ),
                ),
                (
                    "transaction_id",
                    models.CharField(blank=True, max_length=64, verbose_name="TransactionId"),
                ),
                (
                    "response_codes",
                    models.CharField(blank=True, max_length=200, verbose_name="response codes"),
                ),
                ("reason", models.CharField(blank=True, max_length=32, verbose_name="reason")),
                ("detail", models.CharField(blank=True, max_length=200, verbose_name="detail")),
                (
                    "resolved_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not applicable"),
                            ("token_search", "Inquiry by token"),
                            ("search", "Inquiry by ProcessId"),
                            ("staff", "Staff, by the gateway's console"),
                        ],
                        default="",
                        max_length=16,
                        verbose_name="resolved by",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="done by",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operations",
                        to="escott.payment",
                    ),
                ),
            ],
            options={
                "verbose_name": "operation",
                "verbose_name_plural": "operations",
                "ordering": ["payment", "-number"],
            },
        ),
        migrations.CreateModel(
            name="Mail",
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
                ("order_reference", models.CharField(max_length=64, verbose_name="order")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("order_paid", "Order confirmed"),
                            ("order_free", "Free order confirmed"),
                            ("payment_refused", "Card refused"),
                            ("payment_unknown", "Payment being checked"),
                            ("payment_not_charged", "Nothing was charged"),
                        ],
                        max_length=24,
                        verbose_name="kind",
                    ),
                ),
                ("queued_at", models.DateTimeField(verbose_name="queued at")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                (
                    "delivered_to",
                    models.JSONField(blank=True, default=list, verbose_name="delivered to"),
                ),
                (
                    "last_error",
                    models.CharField(blank=True, max_length=200, verbose_name="last error"),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mails",
                        to="escott.payment",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail",
                "verbose_name_plural": "mails",
            },
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["order_reference"], name="escott_order"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["created_at"], name="escott_created"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("state__in", ["started", "unknown"])),
                fields=["state"],
                name="escott_unresolved",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("attention", ""), _negated=True),
                fields=["attention"],
                name="escott_attention",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("announce_due_at__isnull", False)),
                fields=["announce_due_at"],
                name="escott_announcements",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("state", "authorised")),
                fields=["operable_until"],
                name="escott_expiring",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                fields=("transaction_code",), name="escott_transaction_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("live", True)),
                fields=("order_reference", "purpose"),
                name="escott_one_live_payment",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["authorised", "captured", "gathered", "started", "unknown"]),
                        _negated=True,
                    ),
                    ("live", True),
                    _connector="OR",
                ),
                name="escott_live_states",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 1)), name="escott_payment_amount"
            ),
        ),
        migrations.AddIndex(
            model_name="operation",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["due_at"],
                name="escott_operations_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["started", "unknown"])),
                fields=("payment",),
                name="escott_one_unfinished_operation",
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.UniqueConstraint(
                fields=("payment", "number"), name="escott_operation_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.UniqueConstraint(fields=("key",), name="escott_operation_key"),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["due_at"],
                name="escott_mails_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.UniqueConstraint(
                fields=("payment", "kind"), name="escott_one_mail_of_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.UniqueConstraint(
                condition=models.Q(("payment__isnull", True)),
                fields=("order_reference", "kind"),
                name="escott_one_mail_of_a_free_order",
            ),
        ),
    ]
