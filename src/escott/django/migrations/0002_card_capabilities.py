import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import escott.django.encrypted_field


class Migration(migrations.Migration):
    dependencies = [
        ("escott", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("text", models.TextField(verbose_name="text")),
            ],
            options={
                "verbose_name": "consent text",
                "verbose_name_plural": "consent texts",
            },
        ),
        migrations.CreateModel(
            name="LogEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, verbose_name="at")),
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                ("source", models.CharField(max_length=100, verbose_name="source")),
                ("message", models.TextField(verbose_name="message")),
            ],
            options={
                "verbose_name": "log line",
                "verbose_name_plural": "log",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Trip",
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
                    "code",
                    models.CharField(max_length=12, unique=True, verbose_name="transaction code"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("secure", "3-D Secure"), ("hosted", "The gateway's card page")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "goal",
                    models.CharField(
                        choices=[
                            ("pay", "Pay"),
                            ("add_card", "Save a card"),
                            ("change_card", "Change the saved card"),
                        ],
                        max_length=12,
                        verbose_name="goal",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Under way"),
                            ("accepted", "Came back, accepted"),
                            ("refused", "Came back, refused"),
                            ("cancelled", "Cancelled by the shopper"),
                            ("expired", "Did not come back in time"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("test", "Test"), ("production", "Production")],
                        max_length=10,
                        verbose_name="mode",
                    ),
                ),
                (
                    "order_reference",
                    models.CharField(blank=True, max_length=64, verbose_name="order"),
                ),
                ("all_virtual", models.BooleanField(default=False, verbose_name="nothing to ship")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("amount", models.PositiveIntegerField(default=0, verbose_name="amount")),
                (
                    "pay_type",
                    models.CharField(default="01", max_length=2, verbose_name="instalments"),
                ),
                (
                    "token",
                    escott.django.encrypted_field.EncryptedField(
                        blank=True, default=escott.django.encrypted_field.no_secret, editable=False
                    ),
                ),
                (
                    "holder_name",
                    escott.django.encrypted_field.EncryptedField(
                        blank=True, default=escott.django.encrypted_field.no_secret, editable=False
                    ),
                ),
                ("saves_card", models.BooleanField(default=False, verbose_name="save the card")),
                ("attempt_id", models.BigIntegerField(blank=True, editable=False, null=True)),
                ("next_url", models.CharField(editable=False, max_length=300)),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                (
                    "left_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="browser left at"),
                ),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                (
                    "returned_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="came back at"),
                ),
                (
                    "response_codes",
                    models.CharField(blank=True, max_length=200, verbose_name="response codes"),
                ),
                (
                    "secure_result_code",
                    models.CharField(blank=True, max_length=1, verbose_name="SecureResultCode"),
                ),
            ],
            options={
                "verbose_name": "trip to the gateway",
                "verbose_name_plural": "trips to the gateway",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="merchantaccount",
            name="always_saves_card",
            field=models.BooleanField(default=False, verbose_name="always save the card"),
        ),
        migrations.AddField(
            model_name="merchantaccount",
            name="connection",
            field=models.CharField(
                choices=[
                    ("token", "On the shop's own page (token type)"),
                    ("link", "On the gateway's page (external link type)"),
                ],
                default="token",
                max_length=8,
                verbose_name="connection type",
            ),
        ),
        migrations.AddField(
            model_name="merchantaccount",
            name="consent_text",
            field=models.TextField(
                default="クレジットカードの不正利用を防ぐため、お客様がお使いのカードの発行会社が行う本人認証（3Dセキュア）を利用しています。\n本人認証のために、次の情報をカード発行会社および決済代行会社に提供します。\n・氏名（カード名義）、メールアドレス\n・ご注文の金額、お支払い方法\n・ご利用の端末に関する情報（IPアドレス、ブラウザの種類など）\n提供した情報は、カード発行会社による不正利用の検知と防止、および決済のために利用されます。\nカード発行会社が外国にある場合、これらの情報はその会社が属する国に移転されることがあります。\n同意いただけない場合は、カードでのお支払いをお受けできません。\n",
                verbose_name="consent text",
            ),
        ),
        migrations.AddField(
            model_name="merchantaccount",
            name="encryption_key",
            field=escott.django.encrypted_field.EncryptedField(
                blank=True,
                default=escott.django.encrypted_field.no_secret,
                verbose_name="encryption key",
            ),
        ),
        migrations.AddField(
            model_name="merchantaccount",
            name="initial_vector",
            field=escott.django.encrypted_field.EncryptedField(
                blank=True,
                default=escott.django.encrypted_field.no_secret,
                verbose_name="initialisation vector",
            ),
        ),
        migrations.AddField(
            model_name="merchantaccount",
            name="instalments",
            field=models.CharField(
                choices=[
                    ("lump_sum", "One payment only"),
                    ("instalments", "Instalments and revolving"),
                    ("bonus", "Instalments, revolving and bonus"),
                ],
                default="lump_sum",
                max_length=12,
                verbose_name="number of payments",
            ),
        ),
        migrations.AddField(
            model_name="merchantaccount",
            name="keeps_log",
            field=models.BooleanField(default=True, verbose_name="keep the diagnostic log"),
        ),
        migrations.AddField(
            model_name="merchantaccount",
            name="risk_acknowledged",
            field=models.BooleanField(
                default=False, verbose_name="risk of cards without 3-D Secure acknowledged"
            ),
        ),
        migrations.AddField(
            model_name="merchantaccount",
            name="saves_cards",
            field=models.BooleanField(default=True, verbose_name="payment with saved cards"),
        ),
        migrations.AddField(
            model_name="merchantaccount",
            name="secure_policy",
            field=models.CharField(
                choices=[
                    ("strict", "Strict: authenticated only (0)"),
                    (
                        "standard",
                        "Standard: also not enrolled, not supported, attempt (0, 2, 3, 4)",
                    ),
                ],
                default="strict",
                max_length=10,
                verbose_name="accepted 3-D Secure results",
            ),
        ),
        migrations.AddField(
            model_name="merchantaccount",
            name="secure_use",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Not decided yet"),
                    ("use", "Use it"),
                    ("dont_use", "Don't use it"),
                    ("not_contracted", "Not contracted yet"),
                ],
                default="",
                max_length=16,
                verbose_name="3-D Secure",
            ),
        ),
        migrations.AddField(
            model_name="merchantaccount",
            name="settlement_key",
            field=escott.django.encrypted_field.EncryptedField(
                blank=True,
                default=escott.django.encrypted_field.no_secret,
                verbose_name="settlement authentication key",
            ),
        ),
        migrations.AddField(
            model_name="merchantaccount",
            name="shoppers_delete_cards",
            field=models.BooleanField(
                default=False, verbose_name="customers may delete their card"
            ),
        ),
        migrations.AddField(
            model_name="merchantaccount",
            name="subscription_charge",
            field=models.CharField(
                choices=[("authorise", "Authorise"), ("gather", "Authorise and capture")],
                default="gather",
                max_length=10,
                verbose_name="processing class of subscriptions",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="saving",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "No"),
                    ("wanted", "To be saved"),
                    ("saved", "Saved"),
                    ("refused", "Could not be saved"),
                ],
                default="",
                max_length=8,
                verbose_name="save the card",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="saving_due_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="payment",
            name="secure_result_code",
            field=models.CharField(blank=True, max_length=1, verbose_name="3-D Secure result"),
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
                ],
                max_length=24,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="state",
            field=models.CharField(
                choices=[
                    ("started", "In progress"),
                    ("unknown", "Result unknown"),
                    ("refused", "Refused"),
                    ("not_sent", "Not sent"),
                    ("not_charged", "Not charged"),
                    ("withdrawn", "Cancelled by the shopper"),
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
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, verbose_name="at")),
                (
                    "actor_name",
                    models.CharField(blank=True, max_length=150, verbose_name="name at the time"),
                ),
                ("action", models.CharField(max_length=100, verbose_name="action")),
                ("subject", models.CharField(blank=True, max_length=150, verbose_name="subject")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("changes", models.JSONField(blank=True, default=dict, verbose_name="changes")),
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
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit log",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="CardAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, verbose_name="at")),
                ("session", models.CharField(blank=True, max_length=32, verbose_name="session")),
                ("customer", models.CharField(blank=True, max_length=32, verbose_name="customer")),
                ("address", models.CharField(blank=True, max_length=32, verbose_name="address")),
                (
                    "order_reference",
                    models.CharField(blank=True, max_length=64, verbose_name="order"),
                ),
                ("refused", models.BooleanField(default=False, verbose_name="refused")),
            ],
            options={
                "verbose_name": "card attempt",
                "verbose_name_plural": "card attempts",
                "indexes": [
                    models.Index(
                        fields=["session", "at", "refused"], name="escott_attempts_session"
                    ),
                    models.Index(
                        fields=["customer", "at", "refused"], name="escott_attempts_customer"
                    ),
                    models.Index(
                        fields=["address", "at", "refused"], name="escott_attempts_address"
                    ),
                    models.Index(
                        fields=["order_reference", "at", "refused"], name="escott_attempts_order"
                    ),
                    models.Index(
                        condition=models.Q(("refused", True)),
                        fields=["at", "refused"],
                        name="escott_attempts_refused",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="payment",
            name="consent",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="escott.consent",
                verbose_name="consent",
            ),
        ),
        migrations.CreateModel(
            name="Member",
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
                    "mode",
                    models.CharField(
                        choices=[("test", "Test"), ("production", "Production")],
                        max_length=10,
                        verbose_name="mode",
                    ),
                ),
                ("kaiin_id", models.CharField(max_length=20, verbose_name="KaiinId")),
                (
                    "kaiin_pass",
                    escott.django.encrypted_field.EncryptedField(
                        blank=True, default=escott.django.encrypted_field.no_secret, editable=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("absent", "Not saved"),
                            ("valid", "Saved"),
                            ("invalid", "Not usable"),
                            ("deleted", "Deleted"),
                        ],
                        default="absent",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "under_way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "None"),
                            ("add", "Save"),
                            ("change", "Change"),
                            ("delete", "Delete"),
                            ("ask", "Look up"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="under way",
                    ),
                ),
                (
                    "current",
                    models.BooleanField(default=True, verbose_name="offered to the customer"),
                ),
                (
                    "last_four",
                    models.CharField(blank=True, max_length=4, verbose_name="last four digits"),
                ),
                (
                    "brand",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("visa", "VISA"),
                            ("mastercard", "Mastercard"),
                            ("jcb", "JCB"),
                            ("amex", "American Express"),
                            ("diners", "Diners Club"),
                            ("other", ""),
                        ],
                        max_length=12,
                        verbose_name="brand",
                    ),
                ),
                (
                    "expiry",
                    models.CharField(blank=True, max_length=4, verbose_name="expiry (YYMM)"),
                ),
                (
                    "response_codes",
                    models.CharField(blank=True, max_length=200, verbose_name="response codes"),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="escott.merchantaccount",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escott_members",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "card member",
                "verbose_name_plural": "card members",
                "ordering": ["-id"],
                "permissions": [
                    ("delete_saved_card", "Can delete a customer's saved card"),
                    ("override_saved_card", "Can delete a saved card that payments still need"),
                ],
            },
        ),
        migrations.AddField(
            model_name="payment",
            name="member",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="escott.member",
                verbose_name="card member",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("process_id", ""), _negated=True),
                fields=["process_id"],
                name="escott_process_id",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("member__isnull", False)),
                fields=["member"],
                name="escott_of_member",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("saving_due_at__isnull", False)),
                fields=["saving_due_at"],
                name="escott_cards_to_save",
            ),
        ),
        migrations.AddField(
            model_name="trip",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="escott.merchantaccount",
            ),
        ),
        migrations.AddField(
            model_name="trip",
            name="consent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="escott.consent",
            ),
        ),
        migrations.AddField(
            model_name="trip",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="customer",
            ),
        ),
        migrations.AddField(
            model_name="trip",
            name="member",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="escott.member",
            ),
        ),
        migrations.AddField(
            model_name="trip",
            name="payment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="trips",
                to="escott.payment",
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["due_at"],
                name="escott_members_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                condition=models.Q(("current", True)),
                fields=("customer", "mode"),
                name="escott_one_current_member",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                condition=models.Q(("under_way", "add")),
                fields=("customer", "mode"),
                name="escott_one_member_being_added",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                fields=("account", "mode", "kaiin_id"), name="escott_kaiin_id"
            ),
        ),
        migrations.AddIndex(
            model_name="trip",
            index=models.Index(fields=["order_reference"], name="escott_trips_of_order"),
        ),
        migrations.AddIndex(
            model_name="trip",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["due_at"],
                name="escott_trips_due",
            ),
        ),
    ]
