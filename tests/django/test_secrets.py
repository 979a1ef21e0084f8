"""Secrets are encrypted at rest, can be rotated, and are seen nowhere."""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core import serializers
from django.core.management import call_command
from django.db import connection

from escott.clock import SettableClock
from escott.django.encrypted_field import SecretUnreadable
from escott.django.models import MerchantAccount, Operation, Payment
from escott.django.orders import PayableOrder
from escott.django.services import pay_by_token
from escott.gateway import Secret
from escott.simulator.server import SimulatorServer

LOST_BEFORE_THE_CHARGE = "4000000090030000"


def everything_stored() -> str:
    """Every value of every row of our tables, as the database holds it."""
    values = []
    with connection.cursor() as cursor:
        for model in (MerchantAccount, Payment, Operation):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            values += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(values)


def test_passwords_tokens_and_process_passes_are_encrypted_at_rest_and_in_no_log(
    new_order: Callable[..., PayableOrder],
    token: Callable[..., Secret],
    clock: SettableClock,
    simulator: SimulatorServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    waiting, used = token(LOST_BEFORE_THE_CHARGE), token()
    pay_by_token(new_order(), waiting, clock=clock)
    pay_by_token(new_order(), used, clock=clock)
    [charge] = simulator.gateway.charges()
    stored = everything_stored()
    for secret in ("pass1234", waiting.reveal(), used.reveal(), charge.process_pass):
        assert secret not in stored
        assert secret not in caplog.text
    assert Operation.objects.get(state="unknown").token == waiting
    assert Payment.objects.get(state="gathered").process_pass.reveal() == charge.process_pass


def test_a_plain_text_is_not_stored_by_a_slip(account: MerchantAccount) -> None:
    account.test_password = "pass1234"  # type: ignore[assignment]
    with pytest.raises(TypeError, match="holds a Secret"):
        account.save()


def test_an_encrypted_column_cannot_be_searched(account: MerchantAccount) -> None:
    with pytest.raises(TypeError, match="cannot be searched"):
        MerchantAccount.objects.filter(test_password=Secret("pass1234"))


def test_keys_are_rotated(account: MerchantAccount, settings: Any) -> None:
    old, new = settings.ESCOTT["ENCRYPTION_KEYS"][0], Fernet.generate_key().decode()
    settings.ESCOTT = settings.ESCOTT | {"ENCRYPTION_KEYS": [new, old]}
    call_command("escott_rotate_keys", stdout=StringIO())
    settings.ESCOTT = settings.ESCOTT | {"ENCRYPTION_KEYS": [new]}
    assert MerchantAccount.current().test_password.reveal() == "pass1234"


def test_a_missing_key_is_named_without_showing_anything(
    account: MerchantAccount, settings: Any
) -> None:
    other = Fernet.generate_key().decode()
    settings.ESCOTT = settings.ESCOTT | {"ENCRYPTION_KEYS": [other]}
    with pytest.raises(SecretUnreadable, match="ENCRYPTION_KEYS"):
        MerchantAccount.current()


def test_a_fixture_holds_the_ciphertext_and_loads_again(account: MerchantAccount) -> None:
    text = serializers.serialize("json", [account])
    assert "pass1234" not in text
    account.delete()
    for loaded in serializers.deserialize("json", text):
        loaded.save()
    assert MerchantAccount.current().test_password.reveal() == "pass1234"
