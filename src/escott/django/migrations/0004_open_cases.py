"""What needed attention becomes a case; payments that stand are compared from now on."""

from datetime import timedelta, timezone

from django.db import migrations
from django.utils.timezone import now

_KINDS = {
    "ask_console": "result_unknown",
    "order_closed": "order_closed",
    "late_success": "late_success",
}
_JST = timezone(timedelta(hours=9))


def open_cases(apps, schema_editor):
    Payment = apps.get_model("escott", "Payment")
    Case = apps.get_model("escott", "Case")
    moment = now()
    for payment in Payment.objects.exclude(attention="").iterator():
        Case.objects.create(payment=payment, kind=_KINDS[payment.attention], opened_at=moment)
        Payment.objects.filter(pk=payment.pk).update(needs_attention=True)
    unknown = Payment.objects.filter(operations__state="unknown", needs_attention=False)
    for payment in unknown.iterator():
        Case.objects.create(payment=payment, kind="result_unknown", opened_at=moment)
        Payment.objects.filter(pk=payment.pk).update(needs_attention=True)


def follow_the_money(apps, schema_editor):
    Payment = apps.get_model("escott", "Payment")
    today = now().astimezone(_JST).date()
    standing = Payment.objects.filter(
        state__in=["authorised", "gathered", "captured", "cancelled"], operable_until__gte=today
    ).exclude(process_id="")
    standing.update(compare_due_at=now())
    for payment in Payment.objects.filter(state__in=["gathered", "captured"]).iterator():
        done = payment.operations.filter(kind__in=["gather", "capture", "reauthorise"], state="ok")
        last = done.order_by("-number").first()
        if last is not None:
            day = last.started_at.astimezone(_JST).date()
            Payment.objects.filter(pk=payment.pk).update(captured_on=day)


def leave_unpaid_orders_alone(apps, schema_editor):
    """A shop that was running decides by itself whether old unpaid orders are cancelled."""
    apps.get_model("escott", "MerchantAccount").objects.update(abandoned_after_hours=0)


class Migration(migrations.Migration):
    dependencies = [("escott", "0003_payment_operations")]

    operations = [
        migrations.RunPython(open_cases, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(follow_the_money, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(leave_unpaid_orders_alone, migrations.RunPython.noop, elidable=True),
    ]
